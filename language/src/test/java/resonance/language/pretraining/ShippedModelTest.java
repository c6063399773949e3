package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import resonance.decoder.ParameterLayout;
import resonance.evaluation.passkey.PasskeyPrompt;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.rope.EncodingName;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.study.Sha256;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.TokenBatch;

/** The model in {@code shipped/}, against its record and against Hugging Face ({@code shipped_model.py}). */
class ShippedModelTest {
    private static final Path SHIPPED = Path.of("..", "shipped");
    private static final Path FOLDER = SHIPPED.resolve("model");
    private static final int TRAINED_LENGTH = 256;

    @Test
    void isSmall() throws IOException {
        try (Stream<Path> files = Files.walk(SHIPPED)) {
            assertThat(files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum())
                    .isLessThan(6_000_000);
        }
    }

    @Test
    void isWhatItsRecordSays() throws IOException {
        JsonNode record =
                new ObjectMapper().readTree(FOLDER.resolve("training.json").toFile());

        assertThat(record.path("weightsSha256").asText())
                .isEqualTo(Sha256.of(Files.readAllBytes(FOLDER.resolve("model.safetensors"))));
        assertThat(record.path("tokenizerSha256").asText())
                .isEqualTo(Sha256.of(Files.readAllBytes(FOLDER.resolve("tokenizer.json"))));
        Map<String, Object> settings = PretrainingSettings.defaults(PrecisionChoice.asked(Precision.BFLOAT16), 2)
                .asMap();
        settings.putAll(Map.of("batchRows", 16, "steps", 9000, "practiceShare", 0.5, "validationEvery", 1000));
        settings.forEach((name, value) ->
                assertThat(record.at("/settings/" + name).asText()).as(name).isEqualTo(String.valueOf(value)));
    }

    @Test
    void wasTrainedOnTheListedTextsAndNotOnTheOneItIsMeasuredOn() throws IOException {
        JsonNode texts = new ObjectMapper()
                .readTree(FOLDER.resolve("training.json").toFile())
                .get("texts");
        String list = Files.readString(SHIPPED.resolve("corpus.tsv"));

        assertThat(list.lines()).hasSize(texts.size());
        for (JsonNode text : texts) {
            assertThat(list)
                    .contains(text.get("sha256").asText() + "\t"
                            + text.get("name").asText() + "\t");
        }
        assertThat(list).doesNotContain(Sha256.of(Files.readAllBytes(SHIPPED.resolve("text/cranford.txt"))));
    }

    @Test
    void agreesWithHuggingFaceTokenForToken() throws IOException {
        JsonNode golden;
        try (InputStream in = getClass().getResourceAsStream("/golden/shipped-model.json")) {
            golden = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
        int[] ids = new ObjectMapper().convertValue(golden.get("ids"), int[].class);
        double[] expected = new ObjectMapper().convertValue(golden.get("losses"), double[].class);

        try (Model model = ModelReader.open(FOLDER)) {
            assertThat(Arrays.copyOf(model.tokenizer().encode(text()), ids.length))
                    .isEqualTo(ids);
            double[] losses = losses(model, "rope", 1, ids);
            for (int i = 0; i < expected.length; i++) {
                // float32 sums of a few hundred terms in another order
                assertThat(losses[i]).as("token %d", i + 1).isCloseTo(expected[i], offset(2e-4));
            }
        }
    }

    @Test
    void failsBeyondItsTrainedLengthAndHoldsWhereScaled() throws IOException {
        try (Model model = ModelReader.open(FOLDER)) {
            int[] ids = Arrays.copyOf(model.tokenizer().encode(text()), 8 * TRAINED_LENGTH + 1);

            double unscaled = meanOfLastHalf(losses(model, "rope", 1, ids));
            double scaled = meanOfLastHalf(losses(model, "yarn", 8, ids));

            assertThat(unscaled - scaled).isGreaterThan(0.3);
        }
    }

    @Test
    void findsANumberInATextOfItsTrainedLengthAndNotBeyondIt() throws IOException {
        try (Model model = ModelReader.open(FOLDER)) {
            for (double depth : List.of(0.0, 0.3, 0.6, 1.0)) {
                assertThat(leastProbability(model, PasskeyPrompt.of(128, depth, 31_415)))
                        .isGreaterThan(0.5);
            }
            assertThat(leastProbability(model, PasskeyPrompt.of(1024, 0.3, 31_415)))
                    .isLessThan(0.5);
        }
    }

    /** The probability of the least likely token of the right answer: above a half, greedy decoding gives the answer. */
    private static double leastProbability(Model model, PasskeyPrompt prompt) {
        int[] ids = model.tokenizer().encode(prompt.text() + prompt.rightContinuation());
        int asked = model.tokenizer().encode(prompt.text()).length;
        double[] losses = losses(model, "rope", 1, ids);
        double largest = Arrays.stream(losses, asked - 1, losses.length).max().orElseThrow();
        return Math.exp(-largest);
    }

    /** The beginning of Cranford, more than any test reads. */
    private static String text() throws IOException {
        return Files.readString(SHIPPED.resolve("text/cranford.txt")).substring(0, 30_000);
    }

    private static double meanOfLastHalf(double[] losses) {
        return Arrays.stream(losses, losses.length / 2, losses.length).average().orElseThrow();
    }

    /** −ln p of every token but the first, nats. */
    private static double[] losses(Model model, String encoding, double factor, int[] ids) {
        ParameterLayout layout = new ParameterLayout(model.description().decoder());
        int length = ids.length - 1;
        int headSize = layout.config().attention().headSize();
        RopeShape rope = RopeShape.of(headSize, 10_000, TRAINED_LENGTH).withSequenceLength(length);
        RotaryEncoding rotary = RotaryEncoding.of(EncodingName.valueOf(encoding)
                .scaling(ScalingSettings.ofFactor(factor))
                .frequencies(rope));
        try (Decoder decoder = Decoder.read(layout, model.weights(), ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, rotary, length, Precision.FLOAT32, 1)) {
            TokenBatch batch =
                    new TokenBatch(1, length, Arrays.copyOf(ids, length), Arrays.copyOfRange(ids, 1, length + 1));
            float[] losses = evaluator.evaluate(batch).negativeLogLikelihoods();
            double[] wide = new double[length];
            Arrays.setAll(wide, i -> losses[i]);
            return wide;
        }
    }
}
