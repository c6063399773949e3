package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.ParameterLayout;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** The decoder against PyTorch and Hugging Face: logits, loss, every gradient, ten training losses. */
class DecoderParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"t5-style", "llama-style", "llama-style-bias-tied"})
    void logitsAndLossMatchTheReference(String name) {
        GoldenDecoder golden = GoldenDecoder.named(name);
        TokenBatch batch = golden.batch();
        try (Decoder decoder = decoder(golden);
                DecoderEvaluator evaluator =
                        new DecoderEvaluator(decoder, golden.encoding(), batch.length(), Precision.FLOAT32, 2)) {
            assertClose(
                    "logits",
                    evaluator.logits(batch),
                    GoldenDecoder.floats(golden.file().get("logits").get("values")),
                    golden.tolerance("logits"));
            double sum = 0;
            for (float loss : evaluator.evaluate(batch).negativeLogLikelihoods()) {
                sum += loss;
            }
            assertThat(sum / batch.scored())
                    .isCloseTo(golden.file().get("loss").asDouble(), within(golden.tolerance("loss")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-style", "llama-style", "llama-style-bias-tied"})
    void gradientsOfEveryParameterMatchTheReference(String name) {
        GoldenDecoder golden = GoldenDecoder.named(name);
        try (Decoder decoder = decoder(golden);
                Trainer trainer = trainer(decoder, golden, false, 2)) {
            float[] actual = trainer.gradient(golden.batch());
            float[] expected = golden.flat(golden.file().get("gradients"), decoder.layout());
            for (ParameterLayout.Entry entry : decoder.layout().entries()) {
                int from = (int) entry.offset();
                int to = (int) entry.end();
                assertClose(
                        entry.parameter().name(),
                        java.util.Arrays.copyOfRange(actual, from, to),
                        java.util.Arrays.copyOfRange(expected, from, to),
                        golden.tolerance("gradients"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "t5-style, true, 1",
        "t5-style, false, 2",
        "llama-style, true, 2",
        "llama-style, false, 1",
        "llama-style-bias-tied, true, 1",
        "llama-style-bias-tied, false, 2"
    })
    void tenTrainingLossesMatchTheReference(String name, boolean cyclesMomentum, int threads) {
        GoldenDecoder golden = GoldenDecoder.named(name);
        JsonNode run = golden.training(cyclesMomentum);
        try (Decoder decoder = decoder(golden);
                Trainer trainer = trainer(decoder, golden, cyclesMomentum, threads)) {
            for (int step = 0; step < 10; step++) {
                assertThat(trainer.step(golden.batch()))
                        .as("loss of step " + step)
                        .isCloseTo(run.get("losses").get(step).asDouble(), within(golden.tolerance("training.losses")));
            }
            if (run.has("parameters")) {
                assertClose(
                        "parameters",
                        decoder.parameters(),
                        golden.flat(run.get("parameters"), decoder.layout()),
                        golden.tolerance("training.parameters"));
            }
        }
    }

    private static Decoder decoder(GoldenDecoder golden) {
        ParameterLayout layout = new ParameterLayout(golden.config());
        return Decoder.of(layout, golden.flat(golden.file().get("parameters"), layout), ComputeDevice.CPU);
    }

    private static Trainer trainer(Decoder decoder, GoldenDecoder golden, boolean cyclesMomentum, int threads) {
        JsonNode schedule = golden.file().get("schedule");
        OneCycleSchedule oneCycle = new OneCycleSchedule(
                schedule.get("peakRate").asDouble(),
                schedule.get("totalSteps").asLong(),
                schedule.get("warmUpFraction").asDouble(),
                cyclesMomentum);
        return new Trainer(
                decoder,
                golden.encoding(),
                golden.batch().length(),
                new TrainerSettings(AdamW.DEFAULT, oneCycle, Precision.FLOAT32, threads, 1));
    }

    private static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).as("largest difference of " + what).isLessThan(tolerance);
    }
}
