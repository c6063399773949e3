package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that diverge, and models whose results are no numbers. */
class NoNumbersLeftTest extends WithTinyModel {
    private static final String CURE =
            "; the training has diverged: take a lower learning rate or a longer warm-up, in a new folder";

    private static void assertFailed(CommandRun run, String message) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).last().asString().matches("failed: " + message);
    }

    private static List<String> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"float32, 1e6", "bfloat16, 1e6"})
    void aPretrainingThatDivergesKeepsTheModelThatWasThere(String precision, String rate) throws IOException {
        Path out = folder.resolve("model");
        String command = TinyModel.PRETRAIN
                        .replace("--precision float32", "--precision " + precision)
                        .replace("--steps 4", "--steps 40")
                        .replace("--validate-every 2", "--validate-every 100")
                + " --out " + out + " " + tiny.text();
        assertThat(CommandRun.of(command).exitCode()).isZero();
        List<String> before = filesOf(out);
        byte[] weights = Files.readAllBytes(out.resolve("model.safetensors"));
        CommandRun run = CommandRun.of(command + " --replace --learning-rate " + rate);
        assertFailed(
                run,
                "(loss|parameters|validation loss) must be a finite number, was (NaN|-?Infinity) at step \\d+" + CURE);
        assertThat(filesOf(out)).isEqualTo(before);
        assertThat(out.resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16"})
    void aCellWhoseTrainingDivergesIsNotFinished(String precision) throws IOException {
        CommandRun run = CommandRun.of(PosgenCompareCommandTest.TINY + " --seeds 1 --learning-rate 1e6 --precision "
                + precision + " --out " + folder);
        assertFailed(
                run,
                "(loss|parameters|loss on what was held out) must be a finite number, was (NaN|-?Infinity) at step \\d+"
                        + CURE);
        assertThat(Files.readString(folder.resolve("comparison.json"))).doesNotContain("NaN", "idAccuracy");
    }

    /** The tiny model with NaN in place of its last weights, those of the norm before the logits among them. */
    private Path broken() throws IOException {
        Path model = Files.createDirectory(folder.resolve("broken"));
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(tiny.folder().resolve(name), model.resolve(name));
        }
        byte[] weights = Files.readAllBytes(tiny.folder().resolve("model.safetensors"));
        int header = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getInt();
        Arrays.fill(weights, 8 + header, weights.length, (byte) 0xff);
        Files.write(model.resolve("model.safetensors"), weights);
        return model;
    }

    @Test
    void aModelWithoutNumbersHasNoResult() throws IOException {
        String where = "; the model is damaged or overflows: try precision float32, or leave the encoding out";
        Path model = broken();
        Path out = folder.resolve("out");
        assertFailed(
                CommandRun.of("perplexity " + model + " " + tiny.text()
                        + " --tokens 100 --lengths 16 --compare yarn --out " + out),
                "losses must be numbers, were NaN with encoding yarn at length 16, in window 1 of meadow.txt" + where);
        assertThat(Files.readString(out.resolve("perplexity.json"))).doesNotContain("NaN");
        assertFailed(
                CommandRun.of("passkey " + model + " --lengths 200 --depths 1 --trials 1 --compare none --out "
                        + folder.resolve("passkey")),
                "logits must be numbers, were NaN with encoding none at length 200" + where);
        assertFailed(
                CommandRun.of("generate " + model + " --prompt grass --max-tokens 3"),
                "logits must be numbers, were NaN with encoding model after \\d+ tokens" + where);
    }
}
