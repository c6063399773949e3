package resonance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductShape;

/** The programs that are run beside others, once and on little. */
class ThroughputTest {
    private static final String MODEL = "../shipped/model";
    private static final String TEXT = "../shipped/text/cranford.txt";

    @Test
    void trainingTellsItsSpeedAndALossNearThatOfGuessing() throws IOException {
        JsonNode result = json(TrainingThroughput.run(
                "--d-model", "16", "--heads", "2", "--dropout", "0", "--threads", "2", "--seconds", "0.05"));
        assertThat(result.fieldNames())
                .toIterable()
                .containsExactly(
                        "tokensPerSecond",
                        "millisecondsPerStep",
                        "steps",
                        "loss",
                        "cpuShare",
                        "cpuSecondsPerStep",
                        "precision",
                        "bareFloat32",
                        "bareBfloat16",
                        "kernels",
                        "shareOfBareProducts");
        assertThat(result.get("bareFloat32").doubleValue()).isPositive();
        assertThat(result.get("shareOfBareProducts").doubleValue()).isPositive();
        assertThat(result.get("steps").intValue()).isPositive();
        assertThat(result.get("loss").doubleValue()).isCloseTo(Math.log(18), within(1.5));
        double tokens = 128 * 64;
        assertThat(result.get("tokensPerSecond").doubleValue()
                        * result.get("millisecondsPerStep").doubleValue()
                        / 1000)
                .isCloseTo(tokens, within(0.01 * tokens));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4"})
    void fineTuningTellsItsSpeedAndALossNearThatOfGuessing(String rank) throws IOException {
        JsonNode result = json(FineTuningThroughput.run(
                "--length",
                "64",
                "--layers",
                "1",
                "--vocabulary",
                "128",
                "--threads",
                "2",
                "--steps",
                "2",
                "--recompute",
                "always",
                "--adapters",
                rank));
        assertThat(result.fieldNames())
                .toIterable()
                .containsExactly(
                        "tokensPerSecond",
                        "medianStepSeconds",
                        "steps",
                        "loss",
                        "cpuShare",
                        "cpuSecondsPerStep",
                        "peakMegabytes",
                        "precision",
                        "bareFloat32",
                        "bareBfloat16",
                        "kernels",
                        "shareOfBareProducts");
        assertThat(result.get("steps").intValue()).isEqualTo(2);
        assertThat(result.get("loss").doubleValue()).isCloseTo(Math.log(128), within(0.5));
        assertThat(result.get("tokensPerSecond").doubleValue()).isPositive();
        assertThat(result.get("medianStepSeconds").doubleValue()).isPositive();
    }

    @Test
    void perplexityIsTakenOverTheSecondHalvesOfTheChunks(@TempDir Path folder) throws IOException {
        Path tokens = folder.resolve("tokens");
        String[] options = {
            "--model",
            MODEL,
            "--text",
            TEXT,
            "--length",
            "256",
            "--chunks",
            "2",
            "--threads",
            "2",
            "--tokens",
            tokens.toString()
        };
        JsonNode result = json(PerplexityThroughput.run(options));
        assertThat(result.fieldNames())
                .toIterable()
                .containsExactly(
                        "tokensPerSecond",
                        "perplexity",
                        "scored",
                        "beginning",
                        "cpuShare",
                        "cpuSeconds",
                        "peakMegabytes",
                        "precision",
                        "bareFloat32",
                        "bareBfloat16",
                        "kernels",
                        "shareOfBareProducts");
        assertThat(result.get("precision").textValue()).isEqualTo("float32");
        assertThat(result.get("shareOfBareProducts").doubleValue()).isBetween(0.0, 1.5);
        assertThat(result.get("scored").intValue()).isEqualTo(2 * 127);
        assertThat(result.get("tokensPerSecond").doubleValue()).isPositive();
        assertThat(result.get("perplexity").doubleValue()).isBetween(2.0, 500.0);
        assertThat(Files.readString(tokens).split(", ", -1)).hasSize(512);
        assertThat(json(PerplexityThroughput.run(options)).get("perplexity")).isEqualTo(result.get("perplexity"));
    }

    @Test
    void aTextThatIsTooShortIsRefused(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "a few words");
        assertThatThrownBy(() -> PerplexityThroughput.run("--model", MODEL, "--text", text.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("text must have at least 2048 tokens, has [0-9]+");
    }

    @Test
    void optionsOverrideTheirDefaultsAndUnknownOnesAreRefused() {
        ThroughputRun run = new ThroughputRun(
                new String[] {"--length", "7", "--precision", "bfloat16"}, "--length", "3", "--precision", "float32");
        assertThat(run.whole("--length")).isEqualTo(7);
        assertThat(run.number("--length")).isEqualTo(7);
        ProductShape product = new ProductShape(64, 32, 32, false);
        assertThat(run.precision(product)).isEqualTo(Precision.BFLOAT16);
        assertThat(new ThroughputRun(new String[0], "--precision", "auto").precision(product))
                .isIn((Object[]) Precision.values());
        assertThat(run.whole("--threads")).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThatThrownBy(() -> new ThroughputRun(new String[] {"--lenght", "7"}, "--length", "3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option must be one of [--length, --threads], was --lenght");
        assertThatThrownBy(() -> new ThroughputRun(new String[] {"--length"}, "--length", "3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("options must have a value each, were [--length]");
    }

    @Test
    void bothTimesRunFromTheStart() {
        ThroughputRun run = new ThroughputRun(new String[0]);
        run.start();
        long product = 1;
        while (run.wallSeconds() < 0.02) {
            product *= 31;
        }
        assertThat(product).isOdd();
        assertThat(run.wallSeconds()).isBetween(0.02, 10.0);
        assertThat(run.cpuSeconds()).isBetween(0.0, 10.0 * Runtime.getRuntime().availableProcessors());
    }

    @Test
    void generationTellsHowFastAPromptIsReadAndTokensAreWritten(@TempDir Path folder) throws IOException {
        Path tokens = folder.resolve("tokens.json");
        JsonNode result = json(GenerationThroughput.run(
                "--model",
                MODEL,
                "--text",
                TEXT,
                "--contexts",
                "0,40",
                "--new",
                "3",
                "--precision",
                "float32",
                "--threads",
                "2",
                "--tokens",
                tokens.toString()));
        assertThat(result.fieldNames()).toIterable().containsExactly("precision", "peakMegabytes", "contexts");
        assertThat(result.get("contexts")).hasSize(2).allSatisfy(context -> {
            assertThat(context.fieldNames()).toIterable().containsExactly("context", "read", "written", "cpuShare");
            assertThat(context.get("read").doubleValue()).isPositive();
            assertThat(context.get("written").doubleValue()).isPositive();
        });
        assertThat(new ObjectMapper().readTree(tokens.toFile())).hasSize(44);
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
