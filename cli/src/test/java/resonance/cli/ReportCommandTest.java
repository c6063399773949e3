package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.study.FolderLock;

class ReportCommandTest {
    private final Path folder;

    ReportCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aComparisonIsShownFromItsRecordsAlone() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertIsShownAgain(run, "comparison.json");
    }

    @Test
    void aPerplexityIsShownWithoutModelAndText() throws IOException {
        Path out = folder.resolve("out");
        TinyModel tiny = TinyModel.in(Files.createDirectory(folder.resolve("model")));
        CommandRun run = CommandRun.of("perplexity " + tiny.folder() + " " + tiny.text()
                + " --tokens 300 --lengths 32 --compare none --out " + out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Path moved = Files.move(out, folder.resolve("moved"));
        CommandRun report = CommandRun.of("report " + moved);
        assertThat(report.out().replace(moved.toString(), out.toString())).isEqualTo(run.out());
        assertThat(CommandRun.of("report --json " + moved).out())
                .isEqualTo(Files.readString(moved.resolve("perplexity.json")));
    }

    @Test
    void severalFoldersAreShownSideBySideWithoutModelAndText() throws IOException {
        TinyModel tiny = TinyModel.in(Files.createDirectory(folder.resolve("model")));
        for (String name : List.of("a", "b")) {
            CommandRun run = CommandRun.of("perplexity " + tiny.folder() + " " + tiny.text()
                    + " --tokens 300 --lengths 32,64 --compare " + (name.equals("a") ? "none,yarn" : "ntk") + " --out "
                    + folder.resolve(name));
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
        Path out = folder.resolve("both");
        CommandRun report = CommandRun.of("report first=" + folder.resolve("a") + " second=" + folder.resolve("b")
                + " --baseline first/yarn --out " + out);
        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(report.err()).isEmpty();
        assertThat(report.out())
                .startsWith("Side by side: 3 rows" + System.lineSeparator()
                        + "(Models and encodings from the records of 2 folders. Baseline: first · YaRN.)")
                .contains("Against first · YaRN, % of the perplexity; below 0 is better")
                .contains("| second · NTK-aware ")
                .doesNotContain("Not compared")
                .endsWith("Report: " + out.resolve("report.html") + System.lineSeparator());
        assertThat(CommandRun.of("report --json first=" + folder.resolve("a") + " second=" + folder.resolve("b")
                                + " --baseline first/yarn")
                        .out())
                .isEqualTo(Files.readString(out.resolve("side-by-side.json")))
                .contains("\"baseline\" : \"first/yarn\"", "\"row\" : \"second/ntk\"", "\"unit\" : \"window\"");
        assertThat(out.resolve("report.html")).content().contains("Side by side: 3 rows");
    }

    @Test
    void everyPairOfEncodingsIsTestedWithTheNumberOfSeeds() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + ",yarn --seeds 1,2 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        CommandRun pairs = CommandRun.of("report --pairs " + folder);
        assertThat(pairs.exitCode()).as(pairs.err()).isZero();
        assertThat(pairs.out())
                .contains(
                        "Paired tests, CoT",
                        System.lineSeparator() + "Corrected for 3 comparisons in this table: ",
                        "For 3 comparisons that takes 7 units: ",
                        "| Resonance RoPE − RoPE, 32 ",
                        "| YaRN − RoPE, 32 ",
                        "| YaRN − Resonance RoPE, 32 ",
                        "| 2 seeds | ");
        String toOne = CommandRun.of("report --pairs --baseline yarn " + folder).out();
        assertThat(toOne)
                .contains("Corrected for 2 comparisons in this table: ", "| RoPE − YaRN, 32 ")
                .doesNotContain("Resonance RoPE − RoPE");
        assertThat(CommandRun.of("report --pairs --json " + folder).out())
                .contains("\"comparisons\" : 3", "\"adjustedP\" : ", "\"signFlips\" : ");
    }

    @Test
    void aParquetFileNeedsItsModule() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        CommandRun report = CommandRun.of("report " + folder + " --parquet " + folder.resolve("values.parquet"));
        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(report.err())
                .isEqualTo("--parquet must have the module parquet on the class path, which is not there; start by"
                        + " ./resonance, which adds it" + System.lineSeparator());
        assertThat(folder.resolve("values.parquet")).doesNotExist();
        assertThat(CommandRun.of("report " + folder + " --parquet " + folder.getRoot())
                        .err())
                .isEqualTo("--parquet must be a file in a folder, was " + folder.getRoot() + "; add the file's name"
                        + System.lineSeparator());
    }

    @Test
    void whatSeveralFoldersAreShownWithIsRefusedByTheNameOfItsOption() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder.resolve("a"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        String a = " a=" + folder.resolve("a");
        assertRefused(a + " --baseline yarm", "--baseline 'yarm' is unknown; known: a/rope, a/resonance-rope");
        assertRefused(
                a + " --texts books",
                "--texts must be NAME=PATTERN,PATTERN, was 'books'; leave it out for its default");
        assertRefused(
                a + a,
                "DIR must hold each result once, two hold PosGen, accuracy beyond the trained length of a · RoPE, seed 1 at"
                        + " 32 tokens; give other models names of their own, NAME=DIR, and trainings that differ in their"
                        + " seed one name and a seed each, NAME:SEED=DIR");
        Path out = folder.resolve("compared");
        assertRefused(
                a + " --baseline yarm --out " + out, "--baseline 'yarm' is unknown; known: a/rope, a/resonance-rope");
        assertRefused(
                a + " --baseline yarm --parquet " + out,
                "--baseline 'yarm' is unknown; known: a/rope, a/resonance-rope");
        assertThat(out).doesNotExist();
        assertRefused(
                a + " --out " + folder.resolve("a"),
                "--out " + folder.resolve("a")
                        + ": report.html must be a file that report wrote, is one of posgen-compare; move it away or choose"
                        + " another --out");
    }

    private static void assertRefused(String arguments, String message) {
        assertThat(CommandRun.of("report" + arguments))
                .isEqualTo(new CommandRun(2, "", message + System.lineSeparator()));
    }

    /** Before differences had intervals, cells kept no losses by window. */
    @Test
    void aPerplexityOfAnEarlierVersionIsNotShownAndItsCellsAreNamed() throws IOException {
        Path out = folder.resolve("out");
        TinyModel tiny = TinyModel.in(Files.createDirectory(folder.resolve("model")));
        CommandRun run = CommandRun.of("perplexity " + tiny.folder() + " " + tiny.text()
                + " --tokens 300 --lengths 32 --compare none --out " + out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Path cell;
        try (var cells = Files.list(out.resolve("cells"))) {
            cell = cells.findFirst().orElseThrow();
        }
        SealedRecord.edit(cell, text -> text.replaceFirst("(?s),\\s*\"windowLosses\" : \\[.*\\]", ""));
        CommandRun report = CommandRun.of("report " + out);
        assertThat(report.exitCode()).isZero();
        assertThat(report.err())
                .isEqualTo("Note: " + cell
                        + " must be a record in the form of this version, result.windowLosses is not; use the version that"
                        + " made it; it is left out" + System.lineSeparator());
        assertThat(report.out()).contains("| No scaling | - ");
    }

    private void assertIsShownAgain(CommandRun run, String document) throws IOException {
        String json = Files.readString(folder.resolve(document));
        String page = Files.readString(folder.resolve("report.html"));
        Files.delete(folder.resolve(document));
        Files.delete(folder.resolve("report.html"));
        assertThat(CommandRun.of("report " + folder)).isEqualTo(new CommandRun(0, run.out(), ""));
        assertThat(folder.resolve(document)).hasContent(json);
        assertThat(folder.resolve("report.html")).hasContent(page);
    }

    @Test
    void aFolderWithoutAStudyIsRefused() {
        assertThat(CommandRun.of("report " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "folder " + folder + " must hold a study, has no study.json; name the output folder of a study"
                                + System.lineSeparator()));
    }

    @Test
    void aStudyOfAKindThatIsNotKnownIsRefused() throws IOException {
        CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        Path description = folder.resolve("study.json");
        SealedRecord.edit(description, text -> text.replace("posgen-compare", "ruler"));
        assertThat(CommandRun.of("report " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "DIR must hold a study of evaluate, extend, passkey, perplexity, posgen-compare, search, holds one of ruler; use the version"
                                + " that made it" + System.lineSeparator()));
    }

    @Test
    void cellsThatAnotherBuildMadeAreSaidToBe() throws IOException {
        CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        try (var cells = Files.list(folder.resolve("cells"))) {
            for (Path cell : cells.toList()) {
                SealedRecord.edit(
                        cell,
                        text -> text.replace("\"gitCommit\" : \"unknown\"", "\"gitCommit\" : \"0123abc\"")
                                .replaceFirst("\"processor\" : \"[^\"]*\"", "\"processor\" : \"Another CPU\""));
            }
        }
        CommandRun again = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1,2 --out " + folder);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err())
                .contains("Some of them were made by ")
                .contains("(commit 0123abc) on Another CPU; this is ")
                .contains(". Another --out starts anew.");
        assertThat(Files.readString(folder.resolve("comparison.json"))).contains("\"gitCommit\" : \"0123abc\"");
    }

    @Test
    void aDamagedCellIsNamedAndTheRestIsShownAndTheCommandMakesItAgain() throws IOException {
        String command = PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder;
        CommandRun run = CommandRun.of(command);
        Path damaged = cell("resonance-rope");
        String whole = Files.readString(damaged);
        Files.writeString(damaged, whole.replaceFirst("\"oodAccuracy\" : 0", "\"oodAccuracy\" : 1"));
        CommandRun shown = CommandRun.of("report " + folder);
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.err())
                .isEqualTo(
                        "Note: " + damaged + " must be as it was written, but its content does not match its checksum;"
                                + " it is left out" + System.lineSeparator());
        assertThat(shown.out()).contains("| RoPE ").isNotEqualTo(run.out());
        assertThat(damaged).exists();

        CommandRun again = CommandRun.of(command);
        assertThat(again.err())
                .contains("Note: " + damaged
                        + " must be as it was written, but its content does not match its checksum; it" + " is kept as "
                        + damaged.getFileName() + ".damaged and the cell is made again")
                .contains("1 of 2 cells are finished in " + folder + "; running 1.");
        assertThat(again.out()).isEqualTo(run.out());
        assertThat(damaged.resolveSibling(damaged.getFileName() + ".damaged")).exists();
    }

    private Path cell(String encoding) throws IOException {
        try (var cells = Files.list(folder.resolve("cells"))) {
            return cells.filter(file -> file.getFileName().toString().startsWith("cot--" + encoding + "--"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatIsDerivedIsNeverNeeded() throws IOException {
        String command = PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder;
        CommandRun run = CommandRun.of(command);
        Files.delete(folder.resolve("comparison.json"));
        Files.delete(folder.resolve("report.html"));
        Files.delete(folder.resolve(".resonance-files.json"));
        assertThat(CommandRun.of(command).out()).isEqualTo(run.out());
        assertThat(folder.resolve("report.html")).exists();
    }

    @Test
    void aPageThatTheUserChangedIsKeptAsideAndWrittenAnew() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        Path page = folder.resolve("report.html");
        String written = Files.readString(page);
        Files.writeString(page, "mine");
        assertThat(CommandRun.of("report " + folder))
                .isEqualTo(new CommandRun(
                        0,
                        run.out(),
                        "Note: " + folder
                                + ": report.html must be as posgen-compare wrote it, was changed since; it is kept as"
                                + " report.html.changed and written anew" + System.lineSeparator()));
        assertThat(folder.resolve("report.html.changed")).hasContent("mine");
        assertThat(page).hasContent(written);
    }

    @Test
    void aRunAtWorkKeepsThePageItself() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        FolderLock lock = FolderLock.take(folder);
        try (lock) {
            String page = Files.readString(folder.resolve("report.html"));
            Files.writeString(folder.resolve("report.html"), "half a change");
            assertThat(CommandRun.of("report " + folder)).isEqualTo(new CommandRun(0, run.out(), ""));
            assertThat(folder.resolve("report.html")).hasContent("half a change");
            Files.writeString(folder.resolve("report.html"), page);
            assertThat(CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder))
                    .satisfies(second -> {
                        assertThat(second.exitCode()).isEqualTo(1);
                        assertThat(second.out()).isEmpty();
                        assertThat(second.err())
                                .matches("output \\Q" + folder + "\\E must be free, process \\d+ since \\S+ is at work"
                                        + " there; wait for its end or choose another output\\R");
                    });
        }
    }

    /** For the superuser no folder is read-only; the results are the same either way. */
    @Test
    void aFinishedStudyInAReadOnlyFolderIsShownByBothCommands() throws IOException {
        String command = PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder;
        CommandRun run = CommandRun.of(command);
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertThat(CommandRun.of("report " + folder)).isEqualTo(new CommandRun(0, run.out(), ""));
            CommandRun again = CommandRun.of(command);
            assertThat(again.exitCode()).as(again.err()).isZero();
            assertThat(again.out()).isEqualTo(run.out());
            if (!Files.isWritable(folder)) {
                assertThat(again.err().lines())
                        .last()
                        .isEqualTo(
                                "All 2 cells are finished in " + folder + ", which is read-only; nothing is written.");
                assertThat(CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1,2 --out " + folder)
                                .err())
                        .endsWith("--out " + folder + " must be a folder that can be written to, since 2 of 4 cells are"
                                + " missing there, is read-only; choose another --out" + System.lineSeparator());
            }
        } finally {
            Files.setPosixFilePermissions(folder, before);
        }
    }
}
