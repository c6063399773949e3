package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.decoder.RelativeBias;
import resonance.rope.NoScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;
import resonance.transformer.PlainDecoder;
import resonance.transformer.RandomWeights;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.SinusoidalEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** Linear attention; its gradient without dropout is {@link GradientTest}'s. */
class LinearWeightsTest {
    private static final int VOCABULARY = 19;
    private static final RopeShape SHAPE = RopeShape.of(8, 10_000, 32);
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(VOCABULARY, 16, 2, 4, 2, 8, 24, 1e-5, true)
            .with(List.of(AttentionKind.LINEAR, AttentionKind.LINEAR));

    static Stream<PositionEncoding> encodings() {
        return Stream.of(
                new NoEncoding(),
                new SinusoidalEncoding(),
                RotaryEncoding.of(new NoScaling().frequencies(SHAPE)),
                RotaryEncoding.of(new Resonance(new YarnScaling(4)).frequencies(SHAPE)));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void anEvaluatorComputesTheFormulas(PositionEncoding encoding) {
        int length = 100;
        ParameterLayout layout = new ParameterLayout(CONFIG);
        RandomWeights weights = new RandomWeights(CONFIG, 5);
        int[] text = text(2 * length);
        try (Decoder decoder = Decoder.of(layout, weights.flat(layout), ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, encoding, length, Precision.FLOAT32, 2)) {
            float[] logits = evaluator.logits(new TokenBatch(2, length, text, text));
            double[][] expected =
                    new PlainDecoder(CONFIG, weights, encoding).logits(Arrays.copyOfRange(text, length, 2 * length));
            double largest = 0;
            double worst = 0;
            for (int t = 0; t < length; t++) {
                for (int v = 0; v < VOCABULARY; v++) {
                    double actual = logits[(length + t) * VOCABULARY + v];
                    largest = Math.max(largest, Math.abs(expected[t][v]));
                    worst = Math.max(worst, Math.abs(actual - expected[t][v]));
                }
            }
            assertThat(worst).isLessThan(2e-5 * largest);
        }
    }

    /** The mask of a step depends on seed and step alone, so the loss with dropout has differences too. */
    @Test
    void gradientsWithDropoutAreTheDifferencesOfTheLossWithTheSameMask() {
        int length = 12;
        DecoderConfig config = CONFIG.withDropout(0.3);
        ParameterLayout layout = new ParameterLayout(config);
        TokenBatch batch = new TokenBatch(3, length, text(3 * length), text(3 * length));
        float[] start = new RandomWeights(config, 6).flat(layout);
        TrainerSettings settings =
                new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(1e-2, 10, 0.2, false), Precision.FLOAT32, 1, 3);
        try (Decoder decoder = Decoder.of(layout, start, ComputeDevice.CPU);
                Trainer trainer =
                        new Trainer(decoder, RotaryEncoding.of(new NoScaling().frequencies(SHAPE)), length, settings)) {
            float[] gradient = trainer.gradient(batch);
            Random random = new Random(7);
            for (int draw = 0; draw < 20; draw++) {
                // Along a random direction, where float32's rounding of a loss is small beside the difference.
                double[] direction = random.doubles(start.length, -1, 1).toArray();
                double reach = 2e-4;
                double slope = 0;
                float[] up = start.clone();
                float[] down = start.clone();
                for (int i = 0; i < start.length; i++) {
                    up[i] += (float) (reach * direction[i]);
                    down[i] -= (float) (reach * direction[i]);
                    slope += gradient[i] * ((double) up[i] - down[i]);
                }
                decoder.setParameters(up);
                double above = trainer.loss(batch);
                decoder.setParameters(down);
                double below = trainer.loss(batch);
                assertThat(above - below).isCloseTo(slope, within(0.02 * Math.abs(slope) + 2e-6));
            }
        }
    }

    @Test
    void whatAddsToScoresIsRefused() {
        ParameterLayout layout = new ParameterLayout(CONFIG);
        float[] values = new RandomWeights(CONFIG, 5).flat(layout);
        try (Decoder decoder = Decoder.of(layout, values, ComputeDevice.CPU)) {
            assertThatThrownBy(() -> new DecoderEvaluator(decoder, new AlibiEncoding(), 8, Precision.FLOAT32, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the encoding must be one without a bias on the scores, which linear attention does not"
                            + " have, was AlibiEncoding[]");
        }
        assertThatThrownBy(() -> CONFIG.with(RelativeBias.T5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("relativeBias must be none with linear attention, which has no scores to add it to, was "
                        + RelativeBias.T5);
    }

    @Test
    void aFrozenDecoderRefusesIt() {
        assertThatThrownBy(() -> FrozenDecoder.load(CONFIG, new RandomWeights(CONFIG, 5), Precision.FLOAT32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "config must be without linear attention, which a DecoderEvaluator runs and a FrozenDecoder does"
                                + " not, was " + CONFIG);
    }

    private static int[] text(int length) {
        return new SplittableRandom(8).ints(length, 0, VOCABULARY).toArray();
    }
}
