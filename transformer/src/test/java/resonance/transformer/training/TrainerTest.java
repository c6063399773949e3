package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.NormSettings;
import resonance.decoder.ParameterLayout;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class TrainerTest {
    private static final int LENGTH = 24;
    private static final DecoderConfig CONFIG = DecoderConfig.t5Style(11, 32, 2, 2, 16, 64, 0.1);

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theSameSeedGivesTheSameLossesBitForBit(Precision precision) {
        assertThat(losses(precision, 2, 12)).isEqualTo(losses(precision, 2, 12));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void learnsToAddThree(Precision precision) {
        List<Double> losses = losses(precision, 2, 150);
        assertThat(losses.get(0)).isGreaterThan(Math.log(11));
        assertThat(losses.get(losses.size() - 1)).isLessThan(0.2);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 3", "BFLOAT16, 7"})
    void aRestoredTrainerEndsWithTheSameBits(Precision precision, int stoppedAfter) throws IOException {
        try (Decoder whole = decoder();
                Trainer uninterrupted = trainer(whole, precision, 2);
                Decoder second = decoder();
                Trainer stopped = trainer(second, precision, 2);
                Decoder third = Decoder.of(
                        second.layout(), new float[(int) second.layout().size()], ComputeDevice.CPU);
                Trainer continued = trainer(third, precision, 2)) {
            for (int step = 0; step < 10; step++) {
                uninterrupted.step(batch(step));
            }
            for (int step = 0; step < stoppedAfter; step++) {
                stopped.step(batch(step));
            }
            continued.restore(stopped.state());
            for (int step = stoppedAfter; step < 10; step++) {
                continued.step(batch(step));
            }
            assertThat(third.parameters()).isEqualTo(whole.parameters());
        }
    }

    @Test
    void everyParameterGetsAGradient() {
        // The authors' code freezes every feed-forward by a name match meant for something else.
        try (Decoder decoder = decoder();
                Trainer trainer = trainer(decoder, Precision.FLOAT32, 2)) {
            float[] gradient = trainer.gradient(batch(0));
            for (ParameterLayout.Entry entry : decoder.layout().entries()) {
                double norm = 0;
                for (long i = entry.offset(); i < entry.end(); i++) {
                    norm += Math.abs(gradient[(int) i]);
                }
                assertThat(norm).as(entry.parameter().name()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(FeedForwardKind.class)
    void gradientsWithDropoutAreThoseOfTheDroppedFunction(FeedForwardKind kind) {
        // A directional derivative by central differences; the masks of step 0 are the same in every call.
        DecoderConfig config = DecoderConfig.llamaStyle(11, 16, 2, 4, 2, 8, 32, 1e-6, false)
                .with(new AttentionShape(4, 2, 8, true, 0.5))
                .with(new FeedForwardShape(kind, 32))
                .with(new NormSettings(1e-6, kind == FeedForwardKind.GEGLU, kind == FeedForwardKind.GEGLU))
                .withDropout(0.3);
        try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, 5, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, rotary(8), LENGTH, settings(Precision.FLOAT32, 1, 100))) {
            float[] start = decoder.parameters();
            float[] gradient = trainer.gradient(batch(0));
            double norm = 0;
            for (float value : gradient) {
                norm += (double) value * value;
            }
            norm = Math.sqrt(norm);
            double reach = 2e-3;
            double[] losses = new double[2];
            for (int side = 0; side < 2; side++) {
                float[] moved = start.clone();
                for (int i = 0; i < moved.length; i++) {
                    moved[i] += (float) ((side == 0 ? reach : -reach) * gradient[i] / norm);
                }
                decoder.setParameters(moved);
                losses[side] = trainer.loss(batch(0));
            }
            assertThat((losses[0] - losses[1]) / (2 * reach)).isCloseTo(norm, within(0.01 * norm));
        }
    }

    @Test
    void threadsChangeNoMoreThanTheRoundingOfSums() {
        DecoderConfig config = CONFIG.withDropout(0); // masks belong to passes, which depend on the threads
        float[][] gradients = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, 3, ComputeDevice.CPU);
                    Trainer trainer = trainer(decoder, Precision.FLOAT32, i == 0 ? 1 : 3)) {
                gradients[i] = trainer.gradient(batch(4));
            }
        }
        for (int i = 0; i < gradients[0].length; i++) {
            assertThat(gradients[1][i]).isCloseTo(gradients[0][i], within(2e-5f));
        }
    }

    @Test
    void theLossOfAStepIsTheMeanThatAnEvaluatorFindsBeforeIt() {
        DecoderConfig config = CONFIG.withDropout(0);
        try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, 3, ComputeDevice.CPU);
                Trainer trainer = trainer(decoder, Precision.FLOAT32, 2);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, rotary(16), LENGTH, Precision.FLOAT32, 1)) {
            for (int step = 0; step < 4; step++) {
                TokenBatch batch = batch(step);
                double sum = 0;
                for (float loss : evaluator.evaluate(batch).negativeLogLikelihoods()) {
                    sum += loss;
                }
                assertThat(trainer.step(batch)).isCloseTo(sum / batch.scored(), within(1e-5));
            }
            assertThat(trainer.step()).isEqualTo(4);
        }
    }

    @Test
    void predictionsAreTheLargestLogits() {
        try (Decoder decoder = decoder();
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, rotary(16), LENGTH, Precision.BFLOAT16, 2)) {
            TokenBatch batch = batch(1);
            float[] logits = evaluator.logits(batch);
            int[] predictions = evaluator.evaluate(batch).predictions();
            for (int i = 0; i < predictions.length; i++) {
                for (int token = 0; token < 11; token++) {
                    assertThat(logits[11 * i + token]).isLessThanOrEqualTo(logits[11 * i + predictions[i]]);
                }
            }
        }
    }

    @Test
    void askingForAGradientChangesNothing() {
        try (Decoder decoder = decoder();
                Trainer asked = trainer(decoder, Precision.FLOAT32, 2);
                Decoder second = decoder();
                Trainer other = trainer(second, Precision.FLOAT32, 2)) {
            float[] gradient = asked.gradient(batch(0));
            assertThat(asked.gradient(batch(0))).isEqualTo(gradient);
            asked.step(batch(0));
            other.step(batch(0));
            assertThat(decoder.parameters()).isEqualTo(second.parameters());
        }
    }

    @Test
    void nativeMemoryStaysFlatOverARun() {
        try (Decoder decoder = decoder();
                Trainer trainer = trainer(decoder, Precision.BFLOAT16, 2);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, rotary(16), LENGTH, Precision.BFLOAT16, 2)) {
            for (int step = 0; step < 3; step++) {
                trainer.step(batch(step));
                evaluator.evaluate(batch(step));
            }
            long before = Pointer.totalCount();
            for (int step = 3; step < 40; step++) {
                trainer.step(batch(step));
                evaluator.evaluate(batch(step));
            }
            // The collector may free a pointer that an earlier test dropped, so the count can fall.
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void closingFreesEverythingThatWasAllocated() {
        losses(Precision.BFLOAT16, 2, 1);
        long before = Pointer.totalCount();
        losses(Precision.BFLOAT16, 2, 2);
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }

    @Test
    void rejectsABatchLongerThanTheTrainerWasMadeFor() {
        try (Decoder decoder = decoder();
                Trainer trainer = trainer(decoder, Precision.FLOAT32, 1)) {
            TokenBatch tooLong = new TokenBatch(1, LENGTH + 1, new int[LENGTH + 1], new int[LENGTH + 1]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trainer.step(tooLong))
                    .withMessage("batch length must be at most 24 tokens, was 25");
        }
    }

    @Test
    void rejectsAnEncodingOfAnotherHeadSize() {
        try (Decoder decoder = decoder()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Trainer(decoder, rotary(32), LENGTH, settings(Precision.FLOAT32, 1, 9)))
                    .withMessage("the encoding's pairs must be half the decoder's headSize (8), were 16");
        }
    }

    private static List<Double> losses(Precision precision, int threads, int steps) {
        List<Double> losses = new ArrayList<>();
        try (Decoder decoder = decoder();
                Trainer trainer = trainer(decoder, precision, threads)) {
            for (int step = 0; step < steps; step++) {
                losses.add(trainer.step(batch(step)));
            }
        }
        return losses;
    }

    private static Decoder decoder() {
        return Decoder.initialise(CONFIG, Initialisation.T5, 3, ComputeDevice.CPU);
    }

    private static Trainer trainer(Decoder decoder, Precision precision, int threads) {
        return new Trainer(
                decoder, rotary(decoder.config().attention().headSize()), LENGTH, settings(precision, threads, 200));
    }

    private static TrainerSettings settings(Precision precision, int threads, long steps) {
        return new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(5e-3, steps, 0.1, true), precision, threads, 17);
    }

    private static PositionEncoding rotary(int headSize) {
        return RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(headSize, 10_000, LENGTH)));
    }

    /** Random tokens; each plus three is to be predicted where it stands; every fifth position does not count. */
    private static TokenBatch batch(int seed) {
        int rows = 90;
        Random random = new Random(seed);
        int[] inputs = new int[rows * LENGTH];
        int[] targets = new int[rows * LENGTH];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextInt(11);
            targets[i] = i % 5 == 0 ? TokenBatch.IGNORED : (inputs[i] + 3) % 11;
        }
        return new TokenBatch(rows, LENGTH, inputs, targets);
    }
}
