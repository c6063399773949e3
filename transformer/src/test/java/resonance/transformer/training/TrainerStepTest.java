package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** The steps of a trainer against AdamW written out for every parameter, with the schedule and the dropout of each step. */
class TrainerStepTest {
    private static final int LENGTH = 12;
    private static final int STEPS = 6;
    private static final AdamW ADAM_W = new AdamW(0.9, 0.98, 1e-6, 0.05);
    private static final DecoderConfig CONFIG =
            DecoderConfig.t5Style(11, 16, 2, 2, 8, 24, 0.1).with(AttentionKind.ofWindows(List.of(4, 0)));
    private static final PositionEncoding ENCODING =
            RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(8, 10_000, 64)));

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "3, false"})
    void everyStepIsThatOfTheFormulas(int threads, boolean cyclesMomentum) throws IOException {
        OneCycleSchedule schedule = new OneCycleSchedule(1e-2, STEPS, 0.5, cyclesMomentum);
        TrainerSettings settings = new TrainerSettings(ADAM_W, schedule, Precision.FLOAT32, threads, 8);
        try (Decoder decoder = Decoder.initialise(CONFIG, Initialisation.T5, 4, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, ENCODING, LENGTH, settings)) {
            int size = decoder.parameters().length;
            double[] m = new double[size];
            double[] v = new double[size];
            for (int step = 0; step < STEPS; step++) {
                float[] before = decoder.parameters();
                float[] gradient = trainer.gradient(batch(step));
                double rate = schedule.learningRate(step);
                double beta1 = cyclesMomentum ? schedule.beta1(step, 0) : 0.9;
                trainer.step(batch(step));
                TrainerState after = trainer.state();
                assertThat(after.step()).isEqualTo(step + 1);
                float[] parameters = after.parameters().toArray();
                float[] firstMoments = after.firstMoments().toArray();
                float[] secondMoments = after.secondMoments().toArray();
                for (int i = 0; i < size; i++) {
                    m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
                    v[i] = 0.98 * v[i] + 0.02 * gradient[i] * gradient[i];
                    double mean = m[i] / (1 - Math.pow(beta1, step + 1.0));
                    double square = v[i] / (1 - Math.pow(0.98, step + 1.0));
                    double expected = before[i] * (1 - rate * 0.05) - rate * mean / (Math.sqrt(square) + 1e-6);
                    assertThat((double) parameters[i])
                            .as("parameter %s after step %s", i, step)
                            .isCloseTo(expected, within(2e-6 * Math.max(1, Math.abs(expected))));
                    assertThat((double) firstMoments[i]).isCloseTo(m[i], within(2e-6 * Math.max(1, Math.abs(m[i]))));
                    assertThat((double) secondMoments[i]).isCloseTo(v[i], within(2e-6 * Math.max(1, v[i])));
                }
            }
        }
    }

    /** A vector so long that each worker updates its slice in several parts. */
    @Test
    void everyParameterOfALargeDecoderIsUpdatedOnce() throws IOException {
        DecoderConfig config = DecoderConfig.llamaStyle(1100, 128, 1, 2, 2, 64, 128, 1e-6, false);
        TrainerSettings settings = new TrainerSettings(
                ADAM_W, new WarmUpSchedule(1e-3, 9, 0, WarmUpSchedule.Decay.CONSTANT), Precision.FLOAT32, 2, 8);
        RotaryEncoding encoding = RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(64, 10_000, LENGTH)));
        try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, 4, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, encoding, LENGTH, settings)) {
            float[] before = decoder.parameters();
            float[] gradient = trainer.gradient(batch(0));
            trainer.step(batch(0));
            float[] after = decoder.parameters();
            float[] moments = trainer.state().firstMoments().toArray();
            for (int i = 0; i < before.length; i++) {
                double expected = before[i] * (1 - 1e-3 * 0.05) - 1e-3 * gradient[i] / (Math.abs(gradient[i]) + 1e-6);
                assertThat((double) after[i]).as("parameter %s", i).isCloseTo(expected, within(2e-6));
                assertThat((double) moments[i]).isCloseTo(0.1 * gradient[i], within(1e-6));
            }
        }
    }

    private static TokenBatch batch(int step) {
        Random random = new Random(step);
        int[] inputs = random.ints(5 * LENGTH, 0, 11).toArray();
        int[] targets = random.ints(5 * LENGTH, 0, 11).toArray();
        return new TokenBatch(5, LENGTH, inputs, targets);
    }
}
