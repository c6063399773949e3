package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.study.FolderLock;

class StudyRunCommandTest extends WithTinyModel {
    private static final String TRAINED = """
                encodings: [rope, yarn]
                train-length: 16
                test-length: 32
                train: 60
                validation: 5
                test: 10
                d-model: 16
                layers: 1
                heads: 1
                head-size: 8
                feed-forward: 32
                batch: 20
            """;

    private static final String BY_FINISHED = ", about \\d+:\\d\\d left, by the times of finished cells";

    /** Earlier runs are those of other tests, if they took long enough to count. */
    private static final String EXPECTED =
            ", (roughly \\d+:\\d\\d to \\d+:\\d\\d left, by the speed of this machine's products"
                    + "|about \\d+:\\d\\d left, by earlier runs on this machine)";

    private Path file;
    private Path out;

    @BeforeEach
    void name() {
        file = folder.resolve("tiny.yaml");
        out = folder.resolve("out");
    }

    private String study(String lengths, String more) {
        return """
                name: tiny
                out: %s
                settings: {threads: 1, precision: float32}
                parts:
                  trained:
                    command: posgen compare
                    seeds: 1
                    epochs: 1
                %s
                  read:
                    command: perplexity
                    model: %s
                    file: %s
                    tokens: 100
                    compare: [none, yarn]
                    factor: 4
                    lengths: %s
                """.formatted(out, TRAINED, tiny.folder(), tiny.text(), lengths) + more;
    }

    private void write(String lengths, String more) throws IOException {
        Files.writeString(file, study(lengths, more));
    }

    private CommandRun run(String more) {
        return CommandRun.of("study run " + file + more);
    }

    /** What is kept in a folder of cells, without who made it and how long it took. */
    private static Map<String, String> cells(Path folder) throws IOException {
        Map<String, String> cells = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("cells"))) {
            for (Path cell : files.toList()) {
                ObjectNode record = (ObjectNode) new ObjectMapper().readTree(Files.readString(cell));
                record.remove(List.of("madeBy", "sha256"));
                ((ObjectNode) record.get("result")).remove(List.of("seconds", "wallSeconds", "trainTokensPerSecond"));
                cells.put(cell.getFileName().toString(), record.toString());
            }
        }
        return cells;
    }

    @Test
    void aStudyLeavesTheRecordsOfItsCommandsTypedByHand() throws IOException {
        write("[16, 32]", "");
        CommandRun run = run("");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("Part 1 of 2, trained: ./resonance posgen compare --threads 1 --precision float32 --seeds 1")
                .contains("part 1/2 trained, cells 1-2/2, cot / rope, yarn / seed 1: started")
                .contains("part 2/2 read, cell 4/4, yarn / length 32 / meadow.txt: perplexity ")
                .endsWith("Every part is finished in " + out + "." + System.lineSeparator());
        assertThat(out.resolve("study.yaml")).hasSameTextualContentAs(file);

        CommandRun shown = CommandRun.of("study show --json " + file);
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        JsonNode parts = new ObjectMapper().readTree(shown.out()).get("parts");
        assertThat(parts).hasSize(2);
        for (JsonNode part : parts) {
            Path byHand = folder.resolve("by-hand-" + part.get("name").asText());
            Path studied = Path.of(part.get("out").asText());
            String command = part.get("command").asText();
            assertThat(command).startsWith("./resonance ").endsWith(" --out " + studied);
            CommandRun typed = CommandRun.of(
                    command.substring("./resonance ".length()).replace(studied.toString(), byHand.toString()));
            assertThat(typed.exitCode()).as(typed.err()).isZero();
            assertThat(cells(studied))
                    .isEqualTo(cells(byHand))
                    .hasSize(part.get("cells").asInt());
        }
    }

    @Test
    void whatIsFinishedStaysWhenAStudyIsChanged() throws IOException {
        write("[16, 32]", "");
        assertThat(run(" --dry-run").out())
                .matches("Study tiny in \\Q" + out + "\\E: not running\\R"
                        + "  trained: 0 of 2 cells" + EXPECTED + "\\R"
                        + "  read: 0 of 4 cells" + EXPECTED + "\\R"
                        + "In all: 0 of 6 cells" + EXPECTED + "\\.\\R");
        assertThat(out).doesNotExist();
        assertThat(run("").exitCode()).isZero();
        String former = Files.readString(file);
        write("[16, 32, 64]", "");
        assertThat(run(" --dry-run").out())
                .contains("  trained: 2 of 2 cells" + System.lineSeparator())
                .containsPattern("  read: 4 of 6 cells" + BY_FINISHED + "\\R")
                .containsPattern("In all: 6 of 8 cells" + BY_FINISHED + "\\.\\R");
        assertThat(out.resolve("study.yaml")).hasContent(former);

        CommandRun again = run("");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err())
                .startsWith("Note: the study has changed since it was run in " + out
                        + "; the former is kept as study.yaml.changed, and so are its cells")
                .contains("All 2 cells are finished in " + out.resolve("trained") + "; nothing to run.")
                .contains("4 of 6 cells are finished in " + out.resolve("read") + "; running 2.");
        assertThat(out.resolve("study.yaml.changed")).hasContent(former);
        assertThat(out.resolve("study.yaml")).hasSameTextualContentAs(file);

        CommandRun status = CommandRun.of("study status " + out);
        assertThat(status.out())
                .isEqualTo(String.join(
                        System.lineSeparator(),
                        "Study tiny in " + out + ": not running",
                        "  trained: 2 of 2 cells",
                        "  read: 6 of 6 cells",
                        "In all: 8 of 8 cells; nothing is left.",
                        ""));
    }

    @Test
    void theResultsOfAllPartsAreOneDocument() throws IOException {
        write("16", "");
        CommandRun run = run(" --json --threads 2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(run.out());
        assertThat(document.get("study").asText()).isEqualTo("tiny");
        JsonNode parts = document.get("parts");
        assertThat(parts.findValuesAsText("name")).startsWith("trained");
        assertThat(parts.get(0).get("results"))
                .isEqualTo(new ObjectMapper()
                        .readTree(out.resolve("trained/comparison.json").toFile()));
        assertThat(parts.get(0).get("results").get("settings").get("threads").asText())
                .isEqualTo("2");
        assertThat(parts.get(1).get("exitCode").asInt()).isZero();
        assertThat(parts.get(1).get("results").get("results")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lengths: 0|32: part 'bad': 'lengths' must be at least 2 tokens, found 0; leave it out for its default",
                "lengths: x|32: part 'bad': 'lengths' must be whole numbers separated by commas, was 'x'; see 'resonance"
                        + " passkey --help'",
                "compare: [none, yarm]|32: part 'bad': ",
                "compare: none; beta-fast: 4|33: part 'bad': 'beta-fast' must ",
                "model: gone|32: part 'bad': 'model' must be a Hugging Face folder or a GGUF file, was gone, which is missing;"
                        + " scripts/fetch-model brings one",
                "threads: 0|32: part 'bad': 'threads' must be from 1 to 1024, was 0; leave it out for its default",
            })
    void everyPartIsCheckedBeforeAnythingRuns(String key, String refusal) throws IOException {
        String model = key.startsWith("model") ? "" : "    model: " + tiny.folder() + "\n";
        write("16", "  bad:\n    command: passkey\n    " + key.replace("; ", "\n    ") + "\n" + model);
        CommandRun run = run("");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith(file + ":" + refusal);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws IOException {
        write("16", "");
        assertThat(run("").exitCode()).isZero();
        Files.writeString(file, study("16", "").replace("name: tiny", "name: other"));
        assertThat(run(""))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out " + out + " must be new or hold study 'other', but holds 'tiny'; choose another --out"
                                + System.lineSeparator()));
        Files.writeString(file, study("16", "").replace("epochs: 1", "epochs: 2"));
        assertThat(run(""))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        file + ":5: part 'trained': output folder " + out.resolve("trained")
                                + " must be new or hold this experiment, but holds one with epochs = 1 where this has 2;"
                                + " choose another output folder or the same settings" + System.lineSeparator()));
        write("16", "");
        assertThat(CommandRun.of("study run " + file + " --out " + out.resolve("read")))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out " + out.resolve("read")
                                + " must be new or hold a study of several parts, but holds that of one command; choose"
                                + " another --out" + System.lineSeparator()));
    }

    @Test
    void aPartThatFailsDoesNotKeepOthersFromRunning() throws IOException {
        Files.writeString(file, study("16", "").replace("epochs: 1", "epochs: 1\n    learning-rate: 1000000"));
        CommandRun run = run("");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err())
                .endsWith("Failed: trained, as told above; everything finished is kept in " + out
                        + ". To try again: ./resonance study run " + file + System.lineSeparator());
        assertThat(cells(out.resolve("read"))).hasSize(2);
    }

    @Test
    void aPageThatIsNotOursIsToldBeforeAnythingRuns() throws IOException {
        write("16", "");
        Path users = Files.createDirectories(out.resolve("read")).resolve("report.html");
        Files.writeString(users, "mine");
        CommandRun run = run("");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(file + ":22: part 'read': ")
                .contains(": report.html must be a file that perplexity wrote, is none; ");
        assertThat(out.resolve("trained")).doesNotExist();
        assertThat(users).hasContent("mine");
    }

    @Test
    void aSecondRunOfTheSameStudyIsRefusedAndItsStateTold() throws IOException {
        write("16", "");
        assertThat(run("").exitCode()).isZero();
        try (FolderLock lock = FolderLock.take(out)) {
            assertThat(lock).isNotNull();
            CommandRun second = run("");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .matches(
                            "output \\Q" + out + "\\E must be free, process \\d+ since \\S+Z is at work there; wait for"
                                    + " its end or choose another output\\R");
            assertThat(CommandRun.of("study status " + file).out())
                    .matches("(?s)Study tiny in \\Q" + out + "\\E: running, process \\d+ since \\S+Z\\R.*");
            JsonNode state = new ObjectMapper()
                    .readTree(CommandRun.of("study status --json " + file).out());
            assertThat(state.get("running").asBoolean()).isTrue();
            assertThat(state.get("finished").asInt()).isEqualTo(4);
            assertThat(state.get("secondsLeft").asDouble()).isZero();
        }
    }

    @Test
    void aDamagedRecordIsToldAndMadeAgain() throws IOException {
        write("16", "");
        assertThat(run("").exitCode()).isZero();
        Map<String, String> whole = cells(out.resolve("read"));
        Path cell = out.resolve("read/cells").resolve(whole.keySet().iterator().next());
        Files.writeString(cell, "{");
        assertThat(CommandRun.of("study status " + file).out())
                .contains("  read: 1 of 2 cells, about 0:00 left")
                .contains("    " + cell + " must be as it was written, but it is no JSON");
        assertThat(run("").exitCode()).isZero();
        assertThat(CommandRun.of("study status " + file).out())
                .contains("  read: 2 of 2 cells" + System.lineSeparator() + "    Set aside as damaged: 1 in "
                        + out.resolve("read"));
        Files.delete(Path.of(cell + ".damaged"));
        assertThat(cells(out.resolve("read"))).isEqualTo(whole);
    }

    @Test
    void theReportOfAStudyIsThatOfItsPartsAlsoOfThoseThatAreThere() throws IOException {
        write("[16, 32]", "  asked: {command: passkey, model: " + tiny.folder() + ", lengths: 256, trials: 1}\n");
        CommandRun none = CommandRun.of("study report " + file);
        assertThat(none)
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "study 'tiny' must have results in " + out + ", has none; 'study run' makes them"
                                + System.lineSeparator()));
        String asked = Files.readString(file);
        write("[16, 32]", "");
        assertThat(run("").exitCode()).isZero();
        Files.writeString(file, asked);
        Files.delete(out.resolve("read/report.html"));

        CommandRun report = CommandRun.of("study report " + file);
        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(report.err()).isEqualTo("Note: part asked was not begun" + System.lineSeparator());
        assertThat(report.out())
                .startsWith("trained" + System.lineSeparator()
                        + CommandRun.of("report " + out.resolve("trained")).out())
                .contains(CommandRun.of("report " + out.resolve("read")).out())
                .endsWith("Side by side" + System.lineSeparator()
                        + CommandRun.of("report " + out.resolve("trained") + " " + out.resolve("read"))
                                .out()
                        + "Report: " + out.resolve("report.html") + System.lineSeparator());
        assertThat(out.resolve("read/report.html")).exists();
        assertThat(CommandRun.of("study report --pairs --baseline rope " + file).out())
                .endsWith("Side by side" + System.lineSeparator()
                        + CommandRun.of("report --pairs --baseline rope " + out.resolve("trained") + " "
                                        + out.resolve("read"))
                                .out()
                        + "Report: " + out.resolve("report.html") + System.lineSeparator());
        CommandRun parquet = CommandRun.of("study report --parquet " + folder.resolve("all.parquet") + " " + file);
        assertThat(parquet.exitCode()).isEqualTo(2);
        assertThat(parquet.err())
                .endsWith("--parquet must have the module parquet on the class path, which is not there; start by"
                        + " ./resonance, which adds it" + System.lineSeparator());

        JsonNode document = new ObjectMapper()
                .readTree(CommandRun.of("study report --json " + file).out());
        assertThat(document.get("parts").get(1).get("results"))
                .isEqualTo(new ObjectMapper()
                        .readTree(out.resolve("read/perplexity.json").toFile()));
        assertThat(document.get("sideBySide"))
                .isEqualTo(new ObjectMapper()
                        .readTree(out.resolve("side-by-side.json").toFile()));
    }

    @Test
    void oneBegunPartIsSetSideBySideIfThatIsAskedFor() throws IOException {
        write("16", "");
        assertThat(run("").exitCode()).isZero();
        Files.writeString(file, study("16", "").replaceFirst("(?s)  trained:.*?  read:", "  read:"));
        assertThat(CommandRun.of("study report " + file).out()).doesNotContain("Side by side");
        assertThat(CommandRun.of("study report --texts fields=meadow* " + file).out())
                .endsWith("Side by side" + System.lineSeparator()
                        + CommandRun.of("report --texts fields=meadow* " + out.resolve("read"))
                                .out()
                        + "Report: " + out.resolve("report.html") + System.lineSeparator());
    }

    /** Their rows are called as their parts, since both hold the same result of the same model. */
    @Test
    void partsWithResultsInCommonAreSetSideBySideByTheirNames() throws IOException {
        write("16", """
                %sagain:
                    command: perplexity
                    model: %s
                    file: %s
                    tokens: 200
                    compare: none
                    lengths: 16
                """.formatted("  ", tiny.folder(), tiny.text()));
        assertThat(run("").exitCode()).isZero();
        CommandRun report = CommandRun.of("study report " + file + " --baseline read/none");
        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(report.out()).contains("Baseline: read · No scaling.").contains("again · No scaling");
    }

    @Test
    void aDryRunTellsScriptsWhatItsTimesRestOn() throws IOException {
        write("[16, 32]", "");
        JsonNode state = new ObjectMapper().readTree(run(" --dry-run --json").out());
        assertThat(state.get("secondsLeft").asDouble()).isPositive();
        assertThat(state.get("secondsLeftBy").asText()).isIn("products", "earlier-runs");
        double sum = 0;
        for (JsonNode part : state.get("parts")) {
            assertThat(part.get("secondsLeft").asDouble()).isPositive();
            assertThat(part.get("secondsLeftBy").asText()).isIn("products", "earlier-runs");
            sum += part.get("secondsLeft").asDouble();
        }
        assertThat(state.get("secondsLeft").asDouble()).isCloseTo(sum, within(1e-9 * sum));

        assertThat(run("").exitCode()).isZero();
        write("[16, 32, 64]", "");
        JsonNode begun = new ObjectMapper().readTree(run(" --dry-run --json").out());
        assertThat(begun.get("secondsLeftBy").asText()).isEqualTo("finished-cells");
        assertThat(begun.at("/parts/0/secondsLeft").asDouble(-1)).isZero();
        assertThat(begun.at("/parts/0/secondsLeftBy").isMissingNode()).isTrue();
        assertThat(begun.at("/parts/1/secondsLeftBy").asText()).isEqualTo("finished-cells");
    }

    /** The expectation lies in the plan, so that who asks needs neither the model nor the machine. */
    @Test
    void theStateOfAStudyThatWasPlannedElsewhereIsAsItWasExpectedThere() throws IOException {
        write("16", "");
        assertThat(run("").exitCode()).isZero();
        Path plan = out.resolve("plan.json");
        Files.writeString(
                plan,
                Files.readString(plan)
                        .replaceAll(
                                "\"multiplicationsPerSecond\" : [0-9.E]+", "\"multiplicationsPerSecond\" : 1000.0"));
        for (String part : List.of("trained", "read")) {
            try (Stream<Path> cells = Files.list(out.resolve(part).resolve("cells"))) {
                for (Path cell : cells.toList()) {
                    Files.delete(cell);
                }
            }
        }
        JsonNode state = new ObjectMapper()
                .readTree(CommandRun.of("study status --json " + out).out());
        JsonNode planned = new ObjectMapper().readTree(Files.readString(plan));
        for (int i = 0; i < 2; i++) {
            double amount = 0;
            for (JsonNode job : planned.at("/parts/" + i + "/jobs")) {
                amount += job.get("amount").asDouble();
            }
            assertThat(state.at("/parts/" + i + "/secondsLeft").asDouble())
                    .isCloseTo(amount / 1000, within(1e-9 * amount));
        }
    }

    @Test
    void aPlanOfAnotherVersionIsToldWithTheCure() throws IOException {
        write("16", "");
        assertThat(run("").exitCode()).isZero();
        Path plan = out.resolve("plan.json");
        Files.writeString(plan, Files.readString(plan).replace("\"expected\"", "\"speed\""));
        CommandRun status = CommandRun.of("study status " + out);
        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.err())
                .startsWith(plan + ": ")
                .endsWith("; 'study run' writes it anew, 'study run --dry-run' tells the state without it"
                        + System.lineSeparator())
                .hasLineCount(1);
        assertThat(run("").exitCode()).isZero();
        assertThat(CommandRun.of("study status " + out).exitCode()).isZero();
    }

    @Test
    void aStudyThatWasNotBegunHasNoState() throws IOException {
        write("16", "");
        assertThat(CommandRun.of("study status " + file))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "study 'tiny' must have been run in " + out
                                + ", was not; 'study run' begins it, 'study run --dry-run' tells what it would take"
                                + System.lineSeparator()));
    }

    @Test
    void showTellsOfAPartThatCantRunAndShowsTheOthers() throws IOException {
        write("16", "  bad: {command: passkey, model: gone}\n");
        CommandRun run = CommandRun.of("study show " + file);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("Study tiny" + System.lineSeparator() + "Results: " + out + System.lineSeparator()
                        + "trained: 2 cells" + System.lineSeparator() + "    ./resonance posgen compare ")
                .contains("bad: can't run as it is: " + file + ":30: part 'bad': 'model' must be ")
                .endsWith("    ./resonance passkey gone --threads 1 --precision float32 --out " + out.resolve("bad")
                        + System.lineSeparator());
    }

    @Test
    void aStudyThatIsStoppedGoesOnWhereItWas() throws IOException, InterruptedException {
        write("16", "");
        Files.writeString(
                file,
                study("16", "")
                        .replace("epochs: 1", "epochs: 400")
                        .replace("seeds: 1", "seeds: 1\n    checkpoint-every: 0.01"));
        Path err = folder.resolve("err.txt");
        Process stopped = CliProcess.start("study run " + file, err);
        CliProcess.await(stopped, () -> Files.readString(err).contains("part 1/2 trained, cells 1-2/"));
        CliProcess.await(stopped, () -> hasCheckpoint(out.resolve("trained")));
        JsonNode state = new ObjectMapper()
                .readTree(CommandRun.of("study status --json " + file).out());
        assertThat(state.get("running").asBoolean()).isTrue();
        assertThat(state.get("parts").get(0).get("running").asBoolean()).isTrue();
        assertThat(state.get("parts").get(1).get("running").asBoolean()).isFalse();
        stopped.destroy();
        assertThat(stopped.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(stopped.exitValue()).as(Files.readString(err)).isEqualTo(CliProcess.TERMINATED);
        assertThat(Files.readString(err))
                .endsWith("Stopped; everything done is kept in " + out.resolve("trained") + ". To continue:"
                        + " ./resonance study run " + file + System.lineSeparator());
        assertThat(out.resolve("read")).doesNotExist();
        CommandRun continued = run("");
        assertThat(continued.exitCode()).as(continued.err()).isZero();
        assertThat(continued.err()).contains(": continues after step ");
    }

    private static boolean hasCheckpoint(Path part) throws IOException {
        Path checkpoints = part.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.anyMatch(file -> file.toString().endsWith(".ckpt"));
        }
    }
}
