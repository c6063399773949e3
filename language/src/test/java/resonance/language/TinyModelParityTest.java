package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.ModelDescription;
import resonance.rope.LayerFrequencies;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;

/**
 * Tiny random models of every architecture and rope type, opened from their files, against transformers' logits on a
 * text longer than the trained length. The tolerance is ten times the error of transformers' own float32.
 */
class TinyModelParityTest {
    private static final int MODELS = 17;

    @ParameterizedTest
    @MethodSource("folders")
    void logitsMatchTransformers(Path folder) throws IOException {
        JsonNode golden = golden(folder);
        int[] tokens = integers(golden.get("tokens"));
        try (LanguageModel model = LanguageModel.open(folder, Precision.FLOAT32, 2)) {
            float[] logits = model.decoder().logits(ownEncoding(model.description(), tokens.length), tokens);
            assertThat(logits)
                    .hasSize(tokens.length * model.description().decoder().vocabularySize());
            for (int position = 0; position < tokens.length; position++) {
                assertRow("position " + position, row(logits, position, tokens.length), golden, position);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void readingInPartsGivesTheSameLogits(Path folder) throws IOException {
        JsonNode golden = golden(folder);
        int[] tokens = integers(golden.get("tokens"));
        try (LanguageModel model = LanguageModel.open(folder, Precision.FLOAT32, 1);
                DecodingSession session =
                        model.decoder().start(ownEncoding(model.description(), tokens.length), tokens.length)) {
            int read = 0;
            for (int part : new int[] {1, 11, 3, 12, 1, 12}) {
                float[] logits = session.append(Arrays.copyOfRange(tokens, read, read + part), PassListener.SILENT);
                read += part;
                assertRow("after " + read + " tokens", logits, golden, read - 1);
            }
            assertThat(read).isEqualTo(tokens.length);
        }
    }

    @Test
    void everyGoldenModelIsThere() throws Exception {
        assertThat(folders()).hasSize(MODELS);
    }

    static List<Path> folders() throws IOException, URISyntaxException {
        Path parent = Path.of(Objects.requireNonNull(TinyModelParityTest.class.getResource("tiny-models"))
                .toURI());
        try (Stream<Path> paths = Files.list(parent)) {
            return paths.filter(path -> Files.exists(path.resolve("golden.json")))
                    .sorted()
                    .toList();
        }
    }

    private static RotaryEncoding ownEncoding(ModelDescription model, int length) {
        return new RotaryEncoding(new LayerFrequencies(
                model.rope().frequencies(length), model.slidingRope().frequencies(length)));
    }

    private static void assertRow(String what, float[] actual, JsonNode golden, int position) {
        JsonNode expected = golden.get("logits").get(position);
        assertThat(actual).as(what).hasSize(expected.size());
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected.get(i).asDouble()));
        }
        assertThat(largest)
                .as("largest difference at " + what)
                .isLessThan(10 * golden.get("float32Difference").asDouble());
    }

    private static float[] row(float[] logits, int position, int length) {
        int vocabulary = logits.length / length;
        return Arrays.copyOfRange(logits, position * vocabulary, (position + 1) * vocabulary);
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    private static JsonNode golden(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
    }
}
