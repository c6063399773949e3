package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.Contrast;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.comparison.RotationAngles;

class PosgenCompareCommandTest {
    /** Too small to learn anything, and done in a moment. */
    static final String TINY = "posgen compare --d-model 16 --layers 1 --heads 1 --head-size 8 --feed-forward 32"
            + " --train 60 --validation 5 --test 10 --train-length 16 --test-length 32 --epochs 2 --batch 20 --threads 1"
            + " --encodings rope,resonance-rope";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void trainsTestsReportsAndKeepsWhatItDid() throws IOException {
        CommandRun first = CommandRun.of(TINY + " --seeds 1,2 --out " + folder);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out())
                .contains("Accuracy in %, mean ± standard deviation over 2 seeds", "| RoPE ", "| Resonance RoPE ")
                .contains(
                        "CoT: 0 of 4 models learnt the task (ID at least 91.2 %)",
                        "Differences of OOD accuracy within the same seed", "| Resonance RoPE − RoPE | ")
                .endsWith("Report: " + folder.resolve("report.html") + System.lineSeparator());
        assertThat(first.err())
                .startsWith("Settings: --tasks cot --encodings rope,resonance-rope --seeds 1,2 --modulus 17 ")
                .contains("0 of 4 cells are finished in " + folder + "; running 4. Report so far: ")
                .contains("cell 1/4, cot / rope / seed 1: ID ", "cell 4/4, cot / resonance-rope / seed 2: ID ");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("Resonance RoPE");
        Path file = folder.resolve("comparison.json");
        String document = Files.readString(file);
        ComparisonReport report = ComparisonReport.read(folder);
        assertThat(report.toJson()).isEqualTo(document);
        List<ComparisonCell> cells = report.comparison().cells();
        assertThat(cells).hasSize(4);

        CommandRun second = CommandRun.of(TINY + " --seeds 1,2 --out " + folder);
        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err().lines())
                .last()
                .isEqualTo("All 4 cells are finished in " + folder + "; nothing to run.");
        assertThat(file).hasContent(document);

        CommandRun third = CommandRun.of(TINY + " --seeds 1,2,3 --out " + folder);
        assertThat(third.err())
                .contains("4 of 6 cells are finished in " + folder + "; running 2.")
                .contains("cell 5/6, cot / rope / seed 3: ID ", "cell 6/6, cot / resonance-rope / seed 3: ID ")
                .doesNotContain("seed 1:", "seed 2:");
        ComparisonReport longer = ComparisonReport.read(folder);
        assertThat(file).hasContent(longer.toJson());
        assertThat(longer.comparison().cells()).hasSize(6).containsAll(cells);
    }

    /** Recall and flip-flop need longer sequences than {@link #TINY} has. */
    private static final String TINY_RECALL =
            TINY.replace("--train-length 16 --test-length 32", "--train-length 32 --test-length 64") + " --seeds 1";

    @Test
    void tasksOfAnswersAreScoredWhereAnAnswerIsDue() throws IOException {
        CommandRun run = CommandRun.of(TINY_RECALL + " --tasks cot,mqar,flip-flop --pairs 4 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().replaceAll("\\s+", " "))
                .contains(
                        " --pairs 4 --d-model 16 ",
                        " --vocabulary 64 --gap-exponent 0.01 --ignored 0.8 --test-ignored 0.8 ");
        assertThat(run.out())
                .contains(
                        "(MQAR: of these, the value behind each query counts)",
                        "(Flip-flop: of these, the bit behind each read counts)",
                        "CoT: 0 of 2 models learnt the task (ID at least 95.9 %)",
                        "MQAR: 0 of 2 models learnt the task (ID at least 99.0 %)");
        ComparisonReport report = ComparisonReport.read(folder);
        List<ComparisonCell> cells = report.comparison().cells();
        assertThat(cells).hasSize(6);
        for (int position = 0; position < 64; position++) {
            boolean odd = position % 2 == 1;
            assertThat(cells.get(0).accuracyByPosition().get(position)).isNotNaN();
            assertThat((odd && position > 8)
                            || cells.get(2).accuracyByPosition().get(position).isNaN())
                    .as("position %d of mqar", position)
                    .isTrue();
            assertThat((odd && position > 2)
                            || cells.get(4).accuracyByPosition().get(position).isNaN())
                    .as("position %d of flip-flop", position)
                    .isTrue();
        }
        assertThat(cells.get(4).accuracyByPosition().get(63)).isNotNaN(); // every sequence ends with a read
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains(
                        "Flip-flop: of these, the bit behind each read counts.",
                        "95.9 % (CoT), 99.0 % (MQAR, Flip-flop)");

        // A folder may get more tasks, with settings of their own at the defaults; others are another experiment.
        assertThat(CommandRun.of(TINY_RECALL + " --tasks cot --out " + folder).err())
                .isEqualTo("--out " + folder
                        + " must be new or hold this experiment, but holds one with pairs = 4 where this"
                        + " has none; choose another --out or the same settings" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cot", "mqar", "flip-flop", "mqar,cot"})
    void theSettingsThatArePrintedAreTheCommandForThem(String tasks) {
        String command = "posgen compare --seeds 1 --plan-only --tasks " + tasks;
        String first = settings(CommandRun.of(command + " --out " + folder));
        assertThat(first).contains("--tasks " + tasks + " ");
        assertThat(settings(CommandRun.of("posgen compare --plan-only " + first)))
                .isEqualTo(first);
    }

    private static String settings(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        String printed = run.err().replaceAll("\\s+", " ");
        int end = printed.indexOf("--out ");
        return printed.substring("Settings: ".length(), printed.indexOf(' ', end + "--out ".length()));
    }

    @Test
    void anOptionOfATaskThatIsNotThereIsRefused() {
        assertThat(CommandRun.of(TINY_RECALL + " --tasks cot,flip-flop --pairs 4 --out " + folder))
                .isEqualTo(new CommandRun(
                        2, "", "--pairs must go with --tasks mqar, was 4; leave it out" + System.lineSeparator()));
        assertThat(CommandRun.of("posgen compare --tasks mqar,flip-flop --modulus 7 --out " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--modulus must go with --tasks recursive, cot, semi-recursive, was 7; leave it out"
                                + System.lineSeparator()));
    }

    @Test
    void jsonHasTheKeysThatScriptsRelyOnAndNothingElseIsPrinted() throws IOException {
        CommandRun run = CommandRun.of(TINY + " --json --seeds 5 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(run.out()).isEqualTo(Files.readString(folder.resolve("comparison.json")));
        assertThat(json.get("cells")).hasSize(2);
        JsonNode cell = json.get("cells").get(1);
        List<String> names = new ArrayList<>();
        cell.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .contains(
                        "task",
                        "encoding",
                        "seed",
                        "idAccuracy",
                        "oodAccuracy",
                        "accuracyByPosition",
                        "trainTokensPerSecond");
        assertThat(cell.get("task").textValue()).isEqualTo("cot");
        assertThat(cell.get("encoding").textValue()).isEqualTo("resonance-rope");
        assertThat(cell.get("seed").longValue()).isEqualTo(5);
        assertThat(cell.get("idAccuracy").doubleValue()).isBetween(0.0, 1.0);
        assertThat(cell.get("accuracyByPosition")).hasSize(32);
        assertThat(cell.get("trainTokensPerSecond").doubleValue()).isPositive();
        JsonNode difference = json.at("/differences/0");
        double ood = cell.get("oodAccuracy").doubleValue();
        double baseline = json.at("/cells/0/oodAccuracy").doubleValue();
        assertThat(difference.get("encoding").textValue()).isEqualTo("resonance-rope");
        assertThat(difference.get("baseline").textValue()).isEqualTo("rope");
        assertThat(difference.get("accuracy").textValue()).isEqualTo("ood");
        assertThat(difference.get("mean").doubleValue()).isEqualTo(ood - baseline);
        assertThat(difference.get("low").isNull()).isTrue();
        assertThat(difference.get("pairs").intValue()).isEqualTo(1);
        assertThat(difference.get("learnt").intValue()).isZero();
        assertThat(difference.get("verdict").textValue()).isEqualTo("undecided");
        assertThat(json.get("provenance").get("commandLine").textValue())
                .isEqualTo("./resonance " + TINY + " --json --seeds 5 --out " + folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"training", "evaluation"})
    void encodingsThatDoNotRotateStandBesideRope(String phase) throws IOException {
        CommandRun run =
                CommandRun.of(TINY.replace("rope,resonance-rope", "rope,resonance-rope,nope,sinusoidal,alibi,t5")
                        + " --seeds 1,2 --scaling-phase " + phase + " --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("| NoPE ", "| Sinusoidal ", "| ALiBi ", "| T5 relative bias ");
        assertThat(run.err()).contains("cell 12/12, cot / t5 / seed 2: ID ");
        ComparisonReport report = ComparisonReport.read(folder);
        assertThat(report.comparison().cells()).hasSize(12);
        assertThat(report.angles()).extracting(RotationAngles::encoding).hasToString("[rope, resonance-rope]");
        assertThat(report.comparison().plan().contrasts())
                .extracting(Contrast::label)
                .containsExactly(
                        "Resonance RoPE − RoPE",
                        "NoPE − RoPE",
                        "Sinusoidal − RoPE",
                        "ALiBi − RoPE",
                        "T5 relative bias − RoPE");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("T5 relative bias", "Resonance RoPE");
    }

    @Test
    void aComparisonWithoutRopeHasNoAnglesToShow() throws IOException {
        CommandRun run =
                CommandRun.of(TINY.replace("rope,resonance-rope", "nope,alibi") + " --json --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("cells")).hasSize(2);
        assertThat(ComparisonReport.read(folder).angles()).isEmpty();
    }

    @Test
    void aPlanIsWrittenWithoutTrainingAndTakenUpLater() throws IOException {
        String command = TINY + " --seeds 1 --out " + folder;
        CommandRun planned = CommandRun.of(command + " --plan-only");
        assertThat(planned.exitCode()).as(planned.err()).isZero();
        assertThat(planned.out())
                .isEqualTo("2 cells are planned in " + folder + "; nothing is trained." + System.lineSeparator());
        assertThat(folder.resolve("cells")).isEmptyDirectory();
        JsonNode study = new ObjectMapper().readTree(Files.readString(folder.resolve("study.json")));
        assertThat(study.get("plan").get("cells").get("seeds").toString()).isEqualTo("[1]");
        assertThat(study.get("identity").get("d-model").textValue()).isEqualTo("16");
        assertThat(study.get("cells").toString()).contains("\"cot--rope--1--", "\"cot--resonance-rope--1--");
        JsonNode json = new ObjectMapper()
                .readTree(CommandRun.of(command + " --plan-only --json").out());
        assertThat(json.get("cells")).isEmpty();

        CommandRun trained = CommandRun.of(command);
        assertThat(trained.err()).contains("0 of 2 cells are finished in " + folder + "; running 2.");
        assertThat(CommandRun.of(command + " --plan-only --json").out())
                .isEqualTo(Files.readString(folder.resolve("comparison.json")));
    }

    @Test
    void aFolderOfAnotherExperimentIsRefusedAndLeftAlone() throws IOException {
        CommandRun.of(TINY + " --seeds 1 --out " + folder);
        String before = Files.readString(folder.resolve("comparison.json"));
        assertThat(CommandRun.of(TINY + " --seeds 1 --dropout 0.5 --out " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out " + folder
                                + " must be new or hold this experiment, but holds one with dropout = 0.1 where this"
                                + " has 0.5; choose another --out or the same settings" + System.lineSeparator()));
        assertThat(Files.readString(folder.resolve("comparison.json"))).isEqualTo(before);
    }

    @Test
    void aScalingsOwnOptionsAreSettingsOverThePresets() {
        String yarn = TINY.replace("rope,resonance-rope", "yarn") + " --seeds 1 --out " + folder;
        String settings = CommandRun.of(yarn + " --beta-fast 3 --mscale 0.5 --no-truncate")
                .err()
                .replaceAll("\\s+", " ");
        assertThat(settings)
                .contains(" --base 10000 --factor 2 --beta-fast 3 --beta-slow 1 --no-truncate --mscale 0.5"
                        + " --scaling-phase evaluation ");
        String other = "--out " + folder + " must be new or hold this experiment, but holds one with ";
        String cure = "; choose another --out or the same settings" + System.lineSeparator();
        assertThat(CommandRun.of(yarn + " --beta-fast 3 --mscale 0.5").err())
                .isEqualTo(other + "no-truncate = true where this has none" + cure);
        assertThat(CommandRun.of(yarn + " --beta-fast 3 --mscale 0.5 --no-truncate --attention-factor 2")
                        .err())
                .isEqualTo(other + "attention-factor = none where this has 2" + cure);
    }

    @Test
    void aSlidingWindowIsASettingThatAFolderWithoutOneDoesNotHave() {
        CommandRun run = CommandRun.of(TINY + " --sliding-window 8 --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().replaceAll("\\s+", " ")).contains(" --dropout 0.1 --sliding-window 8 --base 10000 ");
        assertThat(CommandRun.of(TINY + " --seeds 1 --out " + folder).err())
                .isEqualTo("--out " + folder
                        + " must be new or hold this experiment, but holds one with sliding-window ="
                        + " 8 where this has none; choose another --out or the same settings" + System.lineSeparator());
    }

    @Test
    void linearAttentionIsASettingToo() throws IOException {
        String encodings = TINY.replace("rope,resonance-rope", "rope,resonance-yarn,nope,sinusoidal");
        CommandRun run = CommandRun.of(encodings + " --attention linear --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().replaceAll("\\s+", " ")).contains(" --dropout 0.1 --attention linear --base 10000 ");
        assertThat(ComparisonReport.read(folder).comparison().cells()).hasSize(4);
    }

    @Test
    void theFactorAndTheBetasAreSettingsOfAComparisonThatReadsNone() {
        CommandRun run = CommandRun.of(TINY + " --factor 3 --beta-fast 4 --beta-slow 2 --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err().replaceAll("\\s+", " ")).contains(" --factor 3 --beta-fast 4 --beta-slow 2 ");
    }

    @Test
    void aFolderOfSomethingElseIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        assertThat(CommandRun.of(TINY + " --seeds 1 --out " + folder))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--out " + folder
                                + " must be new, empty or hold this experiment, but holds notes.txt; choose another"
                                + " --out" + System.lineSeparator()));
        assertThat(folder.resolve("notes.txt")).hasContent("mine");
        assertThat(folder.resolve("experiment.json")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--encodings rope,resonanse-yarn|--encodings 'resonanse-yarn' is unknown; known: rope, linear, ntk, abf,"
                        + " dynamic-ntk, ntk-by-parts, yarn, yarn-paper, dynamic-yarn, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, and resonance- before any, or nope, sinusoidal, alibi, t5; did you mean 'resonance-yarn'?",
                "--encodings none|--encodings 'none' is unknown; known: rope, linear, ntk, abf, dynamic-ntk, ntk-by-parts,"
                        + " yarn, yarn-paper, dynamic-yarn, llama3, proportional, ntk-critical, mrrope, cope, and resonance-"
                        + " before any, or nope, sinusoidal, alibi, t5; did you mean 'nope'?",
                "--encodings rope,resonance-alibi|--encodings must be one that rotates to have resonance- before it, was"
                        + " 'resonance-alibi'; take 'alibi'",
                "--tasks cot,recursiv|--tasks 'recursiv' is unknown; known: recursive, cot, semi-recursive, mqar,"
                        + " flip-flop; did you mean 'recursive'?",
                "--preset quik|--preset 'quik' is unknown; known: quick, paper; did you mean 'quick'?",
                "--head-size 63|--head-size must be even, was 63; take an even number such as 64",
                "--factor 0.5|--factor must be a finite number of at least 1, was 0.5; leave it out for test length / train"
                        + " length",
                "--test-length 32|--test-length must be above --train-length (64), was 32; take a longer test or a shorter"
                        + " training",
                "--modulus 5|--train + --validation + --test must be at most modulus^(far + near) = 5^4 = 625, was 10600; take a"
                        + " larger modulus, far or near, or fewer rows",
                "--beta-fast 0.5|--beta-fast must be above --beta-slow (1), was 0.5; the paper uses --beta-fast 2 --beta-slow 1",
                "--encodings rope,linear --mscale 1|--mscale must go with --encodings yarn or dynamic-yarn, was given with"
                        + " rope,linear; leave it out or change --encodings",
                "--encodings llama3 --high-freq-factor 0.5|--high-freq-factor must be above --low-freq-factor (1), was"
                        + " 0.5; leave it out for its default",
                "--short-factors 1|option '--short-factors' is unknown to 'resonance posgen compare'; see 'resonance posgen"
                        + " compare --help'",
                "--seeds 1,1|--seeds must not repeat, were [1, 1]; leave it out for its default",
                "--seeds 1,x|--seeds must be whole numbers separated by commas, was 'x'; see 'resonance posgen compare --help'",
                "--encodings rope,longrope|--encodings must be one without divisors of its own for a model, was 'longrope'; take"
                        + " another",
                "--train-length 0|--train-length must be at least 1, was 0; leave it out for its default",
                "--validation 0|--validation must be at least 1, was 0; leave it out for its default",
                "--test -1|--test must be at least 1, was -1; leave it out for its default",
                "--d-model 2147483647|--d-model, --layers, --heads, --head-size, --feed-forward and --modulus must make at"
                        + " most 2,147,483,647 parameters, made 11,044,508,396,521; take smaller ones",
                "--layers 100000000|--d-model, --layers, --heads, --head-size, --feed-forward and --modulus must make at"
                        + " most 2,147,483,647 parameters, made 16,396,800,001,216; take smaller ones",
                "--threads 0|--threads must be from 1 to 1024, was 0; leave it out for its default",
                "--batch 0|--batch must be at least 1, was 0; leave it out for its default",
                "--dropout 1|--dropout must be at least 0 and below 1, was 1; leave it out for its default",
                "--sliding-window 0|--sliding-window must be at least 1, was 0; leave it out for its default",
                "--attention fast|--attention 'fast' is unknown; known: softmax, linear",
                "--attention linear --sliding-window 8|--sliding-window must go with --attention softmax, was 8; leave one of"
                        + " the two out",
                "--attention linear --encodings rope,alibi|--encodings must be one without a bias on the scores, which linear"
                        + " attention does not have, was 'alibi'; leave it out",
                "--attention linear --encodings t5|--encodings must be one without a bias on the scores, which linear"
                        + " attention does not have, was 't5'; leave it out",
                "--d-model 0|--d-model must be at least 1, was 0; leave it out for its default",
                "--learning-rate 0|--learning-rate must be above 0 and at most 1000000, was 0; leave it out for its default",
                "--weight-decay -1|--weight-decay must be from 0 to 1000000, was -1; leave it out for its default",
                "--warm-up 2|--warm-up must be from 0 to 1, was 2; leave it out for its default",
                "--precision fp32|--precision 'fp32' is unknown; known: auto, float32, bfloat16",
                "--device gpu|--device 'gpu' is unknown; known: cpu, cuda",
                "--scaling-phase train|--scaling-phase 'train' is unknown; known: training, evaluation",
                "--checkpoint-every -1|--checkpoint-every must not be negative, was -1.0 s; leave it out for its default",
            })
    void aValueOutOfRangeIsRefusedByTheNameOfItsOption(String options, String line) {
        Path unused = folder.resolve("unused");
        assertThat(CommandRun.of("posgen compare --json --out " + unused + " " + options))
                .isEqualTo(new CommandRun(2, "", line + System.lineSeparator()));
        assertThat(unused).doesNotExist();
    }
}
