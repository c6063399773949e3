package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.NormSettings;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.RandomWeights;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.ActivationMemory.Choice;

/** Training adapters in place of the matrices that they are on. */
class LowRankTrainingTest {
    private static final int LENGTH = 20;
    private static final int VOCABULARY = 19;
    private static final DecoderConfig PLAIN = DecoderConfig.llamaStyle(VOCABULARY, 16, 2, 4, 2, 6, 20, 1e-5, true);
    private static final PositionEncoding ENCODING =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(6, 10_000, LENGTH)));
    private static final LowRankAdapters ALL = new LowRankAdapters(3, 6, LowRankAdapters.POSSIBLE, 4);

    static Stream<Arguments> cases() {
        Set<ParameterRole> ungated = EnumSet.copyOf(LowRankAdapters.POSSIBLE);
        ungated.remove(ParameterRole.GATE);
        DecoderConfig gemma = PLAIN.with(new NormSettings(1e-6, true, true))
                .with(new EmbeddingSettings(true, 4, 1))
                .with(new FeedForwardShape(FeedForwardKind.GEGLU, 20))
                .with(AttentionKind.ofWindows(List.of(6, 0)));
        Map<String, Arguments> cases = new LinkedHashMap<>();
        cases.put("everything", Arguments.of(PLAIN, ALL));
        cases.put(
                "queries and values",
                Arguments.of(
                        PLAIN, new LowRankAdapters(2, 1, EnumSet.of(ParameterRole.QUERY, ParameterRole.VALUE), 4)));
        cases.put("up alone", Arguments.of(PLAIN, new LowRankAdapters(5, 3, EnumSet.of(ParameterRole.UP), 4)));
        cases.put("biases", Arguments.of(PLAIN.with(new AttentionShape(4, 1, 6, true, 0.4)), ALL));
        cases.put("gemma", Arguments.of(gemma, ALL));
        cases.put(
                "relu",
                Arguments.of(
                        PLAIN.with(new FeedForwardShape(FeedForwardKind.RELU, 20)),
                        new LowRankAdapters(3, 6, ungated, 4)));
        return cases.entrySet().stream()
                .map(entry -> Arguments.of(
                        entry.getKey(),
                        entry.getValue().get()[0],
                        entry.getValue().get()[1]));
    }

    /** With G the gradient of the merged matrix: dA = scale · B^T G and dB = scale · G A^T. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void gradientsAreThoseOfTheMergedMatrices(String name, DecoderConfig config, LowRankAdapters adapters) {
        ParameterLayout whole = new ParameterLayout(config);
        try (Decoder adapted = adapted(config, adapters);
                Trainer trainer = trainer(adapted, Precision.FLOAT32, Choice.NEVER);
                Trainer frugal = trainer(adapted, Precision.FLOAT32, Choice.ALWAYS);
                Trainer rounding = trainer(adapted, Precision.BFLOAT16, Choice.BY_SIZE);
                Decoder merged = Decoder.read(whole, adapted.weights(), ComputeDevice.CPU);
                Trainer reference = trainer(merged, Precision.FLOAT32, Choice.NEVER)) {
            float[] ofMatrices = reference.gradient(batch());
            float[] expected = new float[Math.toIntExact(adapted.layout().trainedSize())];
            int at = 0;
            for (Decoder.Adapter adapter : adapted.adapters()) {
                float[] matrix = whole.entry(adapter.parameter()).of(ofMatrices);
                int columns = adapter.parameter().columns();
                int rows = matrix.length / columns;
                for (int k = 0; k < adapters.rank(); k++) {
                    for (int column = 0; column < columns; column++) {
                        double sum = 0;
                        for (int row = 0; row < rows; row++) {
                            sum += adapter.second()[row * adapters.rank() + k] * matrix[row * columns + column];
                        }
                        expected[at++] = (float) (adapters.scale() * sum);
                    }
                }
                for (int row = 0; row < rows; row++) {
                    for (int k = 0; k < adapters.rank(); k++) {
                        double sum = 0;
                        for (int column = 0; column < columns; column++) {
                            sum += adapter.first()[k * columns + column] * matrix[row * columns + column];
                        }
                        expected[at++] = (float) (adapters.scale() * sum);
                    }
                }
            }
            assertThat(at).isEqualTo(expected.length);
            assertClose(trainer.gradient(batch()), expected, 2e-5);
            assertClose(frugal.gradient(batch()), expected, 2e-5);
            assertClose(rounding.gradient(batch()), expected, 0.05);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void onlyAdaptersAreTrainedAndTheLossFalls(Precision precision) throws IOException {
        ParameterLayout layout = new ParameterLayout(PLAIN, ALL);
        try (Decoder decoder = Decoder.read(layout, new RandomWeights(PLAIN, 5), ComputeDevice.CPU);
                Trainer trainer = trainer(decoder, precision, Choice.BY_SIZE)) {
            float[] before = decoder.parameters();
            double first = trainer.step(batch());
            double last = first;
            for (int step = 1; step < 30; step++) {
                last = trainer.step(batch());
            }
            assertThat(last).isLessThan(first - 0.3);
            float[] after = decoder.parameters();
            int trained = Math.toIntExact(layout.trainedSize());
            assertThat(Arrays.copyOfRange(after, trained, after.length))
                    .isEqualTo(Arrays.copyOfRange(before, trained, before.length));
            assertThat(trainer.state().parameters().toArray()).isEqualTo(Arrays.copyOf(after, trained));
        }
    }

    @Test
    void aNewAdapterChangesNothing() {
        RandomWeights weights = new RandomWeights(PLAIN, 5);
        try (Decoder plain = Decoder.read(new ParameterLayout(PLAIN), weights, ComputeDevice.CPU);
                Decoder adapted = Decoder.read(new ParameterLayout(PLAIN, ALL), weights, ComputeDevice.CPU);
                Decoder drawn = Decoder.initialise(
                        new ParameterLayout(PLAIN, ALL), Initialisation.SMALL_NORMAL, 1, ComputeDevice.CPU);
                DecoderEvaluator one = new DecoderEvaluator(plain, ENCODING, LENGTH, Precision.FLOAT32, 1);
                DecoderEvaluator other = new DecoderEvaluator(adapted, ENCODING, LENGTH, Precision.FLOAT32, 1)) {
            assertThat(other.logits(batch())).isEqualTo(one.logits(batch()));
            for (int i = 0; i < drawn.adapters().size(); i++) {
                Decoder.Adapter adapter = adapted.adapters().get(i);
                assertThat(adapter.second()).containsOnly(0);
                assertThat(drawn.adapters().get(i).first()).isEqualTo(adapter.first());
                double bound = 1 / Math.sqrt(adapter.parameter().columns());
                float largest = 0;
                for (float value : adapter.first()) {
                    assertThat((double) value).isBetween(-bound, bound);
                    largest = Math.max(largest, Math.abs(value));
                }
                assertThat((double) largest).isGreaterThan(0.8 * bound);
            }
        }
    }

    @Test
    void theMergedDecoderComputesWhatTheAdaptedOneDoes() {
        int[] text = new SplittableRandom(8).ints(LENGTH, 0, VOCABULARY).toArray();
        try (Decoder decoder = adapted(PLAIN, ALL);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, ENCODING, LENGTH, Precision.FLOAT32, 1);
                FrozenDecoder frozen = FrozenDecoder.load(PLAIN, decoder.weights(), Precision.FLOAT32, 1)) {
            assertClose(frozen.logits(ENCODING, text), evaluator.logits(new TokenBatch(1, LENGTH, text, text)), 1e-5);
        }
    }

    @Test
    void rowsOfAMergedMatrixCanBeReadFromTheMiddle() {
        try (Decoder decoder = adapted(PLAIN, ALL)) {
            Parameter down = PLAIN.parameter(ParameterRole.DOWN, 1);
            float[] whole = new float[Math.toIntExact(down.size())];
            decoder.weights().read(down, 0, whole.length, whole, 0);
            float[] rows = new float[3 + 2 * down.columns()];
            decoder.weights().read(down, 5L * down.columns(), 2 * down.columns(), rows, 3);
            assertThat(Arrays.copyOfRange(rows, 3, rows.length))
                    .isEqualTo(Arrays.copyOfRange(whole, 5 * down.columns(), 7 * down.columns()));
        }
    }

    private static Decoder adapted(DecoderConfig config, LowRankAdapters adapters) {
        ParameterLayout layout = new ParameterLayout(config, adapters);
        Decoder decoder = Decoder.read(layout, new RandomWeights(config, 5), ComputeDevice.CPU);
        float[] values = decoder.parameters();
        Random random = new Random(6);
        for (int i = 0; i < layout.trainedSize(); i++) {
            values[i] += (float) (0.1 * random.nextGaussian());
        }
        decoder.setParameters(values);
        return decoder;
    }

    private static Trainer trainer(Decoder decoder, Precision precision, Choice choice) {
        TrainerSettings settings = new TrainerSettings(
                        AdamW.DEFAULT, new WarmUpSchedule(2e-2, 100, 0, WarmUpSchedule.Decay.CONSTANT), precision, 2, 3)
                .with(new ActivationMemory(choice, choice));
        return new Trainer(decoder, ENCODING, LENGTH, settings);
    }

    private static TokenBatch batch() {
        int[] tokens = new SplittableRandom(9).ints(8 * LENGTH, 0, VOCABULARY).toArray();
        return new TokenBatch(8, LENGTH, tokens, tokens);
    }

    /** Relative to the largest value. */
    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst).isCloseTo(0, within(tolerance * largest));
    }
}
