package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.transformer.training.Checkpoint;
import resonance.transformer.training.TrainerState;

/** Which precision runs where none was asked for, and who is told. One of both formats is never what this machine would choose. */
class PrecisionTest {
    private static final String MEASURED =
            "auto: a thread makes [0-9.]+ GFLOP/s in float32 \\(OpenBLAS's \\w+ kernels\\) and [0-9.]+ in bfloat16";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static JsonNode settings(Path folder) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("study.json").toFile())
                .get("settings");
    }

    private String perplexity(String options) {
        return "perplexity " + Path.of("..", "shipped", "model") + " "
                + Path.of("..", "shipped", "text", "cranford.txt")
                + " --lengths 32 --tokens 64 --compare none --threads 1 --out " + folder + options;
    }

    @Test
    void aNewComparisonMeasuresAndSaysSo() throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        assertThat(run.exitCode()).as(run.err()).isZero();
        String precision = settings(folder).get("precision").asText();
        assertThat(precision).isIn("float32", "bfloat16");
        assertThat(settings(folder).get("precisionChoice").asText()).matches(MEASURED);
        assertThat(run.err())
                .contains("--precision " + precision)
                .containsPattern("(?m)^Precision: " + precision + " \\(" + MEASURED + "\\)$");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("auto: a thread makes ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void aComparisonGoesOnInItsOwnPrecision(String precision) throws IOException {
        String command = PosgenCompareCommandTest.TINY + " --out " + folder;
        CommandRun begun = CommandRun.of(command + " --seeds 1 --precision " + precision);
        assertThat(begun.exitCode()).as(begun.err()).isZero();
        assertThat(begun.err()).doesNotContain("Precision:");
        CommandRun more = CommandRun.of(command + " --seeds 1,2 --precision auto");
        assertThat(more.exitCode()).as(more.err()).isZero();
        assertThat(more.err())
                .contains("Precision: " + precision + ", as the folder was begun (as asked)")
                .contains("2 of 4 cells are finished in " + folder + "; running 2.");
        assertThat(settings(folder).get("precision").asText()).isEqualTo(precision);
        String other = precision.equals("float32") ? "bfloat16" : "float32";
        CommandRun refused = CommandRun.of(command + " --seeds 1,2 --precision " + other);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("holds one with precision = " + precision + " where this has " + other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void aMeasurementOfAModelGoesOnInItsOwnPrecision(String precision) throws IOException {
        CommandRun begun = CommandRun.of(perplexity(" --precision " + precision));
        assertThat(begun.exitCode()).as(begun.err()).isZero();
        CommandRun again = CommandRun.of(perplexity(""));
        assertThat(again.err())
                .contains("--precision " + precision)
                .contains("Precision: " + precision + ", as the folder was begun (as asked)")
                .contains("All 1 cells are finished in " + folder + "; nothing to run.");
        assertThat(settings(folder).get("precisionChoice").asText()).isEqualTo("as asked");
        String other = precision.equals("float32") ? "bfloat16" : "float32";
        assertThat(CommandRun.of(perplexity(" --precision " + other)).err())
                .contains("0 of 1 cells are finished in " + folder + "; running 1.");
    }

    @Test
    void aNewMeasurementOfAModelSaysWhatRan() throws IOException {
        CommandRun run = CommandRun.of(perplexity(" --json"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode shown = new ObjectMapper().readTree(run.out()).get("settings");
        assertThat(shown.get("precisionChoice").asText()).matches(MEASURED);
        assertThat(run.err())
                .containsPattern("(?m)^Precision: " + shown.get("precision").asText() + " \\(" + MEASURED + "\\)$");
    }

    @Test
    void aContinuedTextSaysInWhatItWasComputed() throws IOException {
        String command = "generate " + Path.of("..", "shipped", "model")
                + " --prompt Once --max-tokens 2 --greedy --threads 1 --json";
        JsonNode auto = new ObjectMapper().readTree(CommandRun.of(command).out());
        assertThat(auto.get("precision").asText()).isIn("float32", "bfloat16");
        assertThat(auto.get("precisionChoice").asText()).matches(MEASURED);
        JsonNode asked = new ObjectMapper()
                .readTree(CommandRun.of(command + " --precision bfloat16").out());
        assertThat(asked.get("precision").asText()).isEqualTo("bfloat16");
        assertThat(asked.get("precisionChoice").asText()).isEqualTo("as asked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void aTrainingGoesOnInThePrecisionOfItsCheckpoint(String precision) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "to be or not to be ".repeat(200));
        ObjectNode progress = new ObjectMapper().createObjectNode();
        progress.putObject("identity").put("precision", precision).put("steps", "77");
        new Checkpoint(new TrainerState(1, new float[0], new float[0], new float[0]), progress)
                .write(folder.resolve("pretraining.checkpoint"));
        CommandRun run = CommandRun.of("pretrain " + text + " --out " + folder
                + " --vocabulary 300 --d-model 16 --layers 1 --heads 1 --key-value-heads 1 --head-size 16 --feed-forward 32"
                + " --trained-length 32 --batch 2 --steps 3 --validation-share 0.2 --threads 1");
        assertThat(run.err())
                .contains("Precision: " + precision + ", as the folder was begun (its record does not say why)")
                .doesNotContain("precision was");
    }

    @Test
    void aFolderThatHoldsNoReadableStudyIsMeasuredFor() throws IOException {
        Files.writeString(folder.resolve("study.json"), "{");
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --out " + folder);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("study.json must be a study's description, is not: ");
    }
}
