package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;
import resonance.decoder.RelativeBias;
import resonance.transformer.PlainDecoder;
import resonance.transformer.RandomWeights;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** T5's bias on the scores; its gradient is {@link GradientTest}'s. */
class LearnedBiasTest {
    private static final int VOCABULARY = 19;
    private static final DecoderConfig CONFIG =
            DecoderConfig.t5Style(VOCABULARY, 16, 2, 2, 8, 24, 0).with(RelativeBias.T5);

    /** Past the 128 tokens from which on all distances share a bucket, and with a window too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 140})
    void anEvaluatorComputesTheFormulas(int window) {
        int length = 200;
        DecoderConfig config = CONFIG.with(AttentionKind.ofWindows(List.of(0, window)));
        ParameterLayout layout = new ParameterLayout(config);
        RandomWeights weights = new RandomWeights(config, 5);
        int[] text = text(2 * length);
        try (Decoder decoder = Decoder.of(layout, weights.flat(layout), ComputeDevice.CPU);
                DecoderEvaluator evaluator =
                        new DecoderEvaluator(decoder, new NoEncoding(), length, Precision.FLOAT32, 2)) {
            float[] logits = evaluator.logits(new TokenBatch(2, length, text, text));
            double[][] expected = new PlainDecoder(config, weights, new NoEncoding())
                    .logits(Arrays.copyOfRange(text, length, 2 * length));
            for (int t = 0; t < length; t++) {
                for (int v = 0; v < VOCABULARY; v++) {
                    assertThat((double) logits[(length + t) * VOCABULARY + v]).isCloseTo(expected[t][v], within(2e-4));
                }
            }
        }
    }

    /** An evaluator made before a step must see the table that the step changed. */
    @Test
    void anEvaluatorSeesWhatTrainingHasMadeOfTheTable() {
        int length = 24;
        ParameterLayout layout =
                new ParameterLayout(CONFIG, parameter -> parameter.role() == ParameterRole.RELATIVE_BIAS);
        TokenBatch batch = new TokenBatch(2, length, text(2 * length), text(2 * length));
        TrainerSettings settings =
                new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(1, 4, 0.5, false), Precision.FLOAT32, 2, 3);
        try (Decoder decoder = Decoder.initialise(layout, Initialisation.T5, 4, ComputeDevice.CPU);
                DecoderEvaluator evaluator =
                        new DecoderEvaluator(decoder, new NoEncoding(), length, Precision.FLOAT32, 1);
                Trainer trainer = new Trainer(decoder, new NoEncoding(), length, settings)) {
            float[] before = evaluator.logits(batch);
            double first = trainer.step(batch);
            double second = trainer.step(batch);
            assertThat(second).isNotEqualTo(first);
            assertThat(evaluator.logits(batch)).isNotEqualTo(before);
        }
    }

    /** Decay is of every parameter here, so it is of the table as well; where no distance falls there is nothing else. */
    @Test
    void bucketsThatNoDistanceReachesChangeByWeightDecayAlone() {
        int length = 24;
        ParameterLayout layout = new ParameterLayout(CONFIG);
        ParameterLayout.Entry table = layout.entry(CONFIG.parameter(ParameterRole.RELATIVE_BIAS));
        TokenBatch batch = new TokenBatch(2, length, text(2 * length), text(2 * length));
        AdamW optimiser = new AdamW(0.9, 0.999, 1e-8, 0.5);
        TrainerSettings settings =
                new TrainerSettings(optimiser, new OneCycleSchedule(0.1, 10, 0.5, false), Precision.FLOAT32, 1, 3);
        try (Decoder decoder = Decoder.initialise(layout, Initialisation.T5, 4, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, new NoEncoding(), length, settings)) {
            float[] before = table.of(decoder.parameters());
            float[] gradient = table.of(trainer.gradient(batch));
            trainer.step(batch);
            float[] after = table.of(decoder.parameters());
            int reached = RelativeBias.T5.bucket(length - 1) + 1;
            float kept = (float) (1 - trainer.learningRate(0) * 0.5);
            for (int i = 0; i < before.length; i++) {
                if (i < 2 * reached) {
                    assertThat(gradient[i]).isNotZero();
                } else {
                    assertThat(gradient[i]).isZero();
                    assertThat(after[i]).isEqualTo(before[i] * kept);
                }
            }
        }
    }

    @Test
    void aFrozenDecoderRefusesIt() {
        assertThatThrownBy(() -> FrozenDecoder.load(CONFIG, new RandomWeights(CONFIG, 5), Precision.FLOAT32, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "config must be without a relative bias, which a DecoderEvaluator runs and a FrozenDecoder does"
                                + " not, was " + CONFIG);
    }

    private static int[] text(int length) {
        return new SplittableRandom(8).ints(length, 0, VOCABULARY).toArray();
    }
}
