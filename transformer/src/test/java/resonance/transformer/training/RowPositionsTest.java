package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.SinusoidalEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** Rows with positions of their own, and rows that several texts share. */
class RowPositionsTest {
    private static final int VOCABULARY = 17;
    private static final int LENGTH = 30;
    private static final DecoderConfig PLAIN = DecoderConfig.llamaStyle(VOCABULARY, 16, 3, 4, 2, 6, 20, 1e-5, true);
    private static final PositionEncoding ROTARY =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(6, 10_000, 16)));

    static Stream<Arguments> cases() {
        DecoderConfig windows = PLAIN.with(AttentionKind.ofWindows(List.of(0, 5, 0)));
        return Map.of("rotation", PLAIN, "windows", windows).entrySet().stream()
                .flatMap(config -> Stream.of(
                        Arguments.of(config.getKey(), config.getValue(), ROTARY),
                        Arguments.of(config.getKey() + ", input", config.getValue(), new SinusoidalEncoding())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void textsPackedIntoOneRowAreTheTextsAlone(String name, DecoderConfig config, PositionEncoding encoding) {
        int first = 13;
        int[] tokens = new SplittableRandom(3).ints(LENGTH, 0, VOCABULARY).toArray();
        int[] positions = new int[LENGTH];
        int[] firstSeen = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            positions[i] = i < first ? i : i - first;
            firstSeen[i] = i < first ? 0 : first;
        }
        ParameterLayout layout = new ParameterLayout(config);
        float[] weights = new RandomWeights(config, 4).flat(layout);
        try (Decoder decoder = Decoder.of(layout, weights, ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, encoding, LENGTH, Precision.FLOAT32, 1);
                Trainer trainer = new Trainer(decoder, encoding, LENGTH, settings())) {
            int[] one = Arrays.copyOf(tokens, first);
            int[] two = Arrays.copyOfRange(tokens, first, LENGTH);
            TokenBatch packed = new TokenBatch(1, LENGTH, tokens, tokens, positions, firstSeen);
            TokenBatch oneAlone = new TokenBatch(1, first, one, one);
            TokenBatch twoAlone = new TokenBatch(1, two.length, two, two);
            float[] logits = evaluator.logits(packed);
            assertClose(Arrays.copyOf(logits, first * VOCABULARY), evaluator.logits(oneAlone), 1e-5);
            assertClose(
                    Arrays.copyOfRange(logits, first * VOCABULARY, logits.length), evaluator.logits(twoAlone), 1e-5);

            float[] gradient = trainer.gradient(packed);
            float[] ofOne = trainer.gradient(oneAlone);
            float[] ofTwo = trainer.gradient(twoAlone);
            float[] mean = new float[gradient.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (first * ofOne[i] + two.length * ofTwo[i]) / LENGTH;
            }
            assertClose(gradient, mean, 1e-5);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void positionsOfTheirOwnAreThoseOfALongerRow(String name, DecoderConfig config, PositionEncoding encoding) {
        // The tail of a row whose tokens see nothing before it is a row at the positions where the tail stands.
        int from = 11;
        int[] tokens = new SplittableRandom(5).ints(LENGTH, 0, VOCABULARY).toArray();
        int[] tail = Arrays.copyOfRange(tokens, from, LENGTH);
        int[] firstSeen = new int[LENGTH];
        Arrays.fill(firstSeen, from, LENGTH, from);
        int[] positions = new int[tail.length];
        Arrays.setAll(positions, i -> from + i);
        ParameterLayout layout = new ParameterLayout(config);
        float[] weights = new RandomWeights(config, 6).flat(layout);
        try (Decoder decoder = Decoder.of(layout, weights, ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, encoding, LENGTH, Precision.FLOAT32, 2)) {
            float[] whole = evaluator.logits(new TokenBatch(1, LENGTH, tokens, tokens, new int[0], firstSeen));
            float[] placed = evaluator.logits(new TokenBatch(1, tail.length, tail, tail, positions, new int[0]));
            assertClose(placed, Arrays.copyOfRange(whole, from * VOCABULARY, whole.length), 1e-5);
            float[] unplaced = evaluator.logits(new TokenBatch(1, tail.length, tail, tail));
            if (encoding instanceof SinusoidalEncoding) {
                assertThat(placed).isNotEqualTo(unplaced);
            } else {
                assertClose(placed, unplaced, 2e-5); // rotation knows distances alone
            }
            // The next batch without positions has none left over.
            assertThat(evaluator.logits(new TokenBatch(1, tail.length, tail, tail)))
                    .isEqualTo(unplaced);
        }
    }

    private static TrainerSettings settings() {
        return new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(1e-2, 10, 0.2, false), Precision.FLOAT32, 1, 3);
    }

    /** Relative to the largest value. */
    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance * largest));
        }
    }
}
