package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.transformer.RandomWeights;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class GradientClippingTest {
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(11, 8, 2, 2, 1, 4, 12, 1e-5, true);
    private static final TrainerSettings UNCLIPPED =
            new TrainerSettings(AdamW.DEFAULT, new OneCycleSchedule(1e-2, 10, 0.2, false), Precision.FLOAT32, 2, 3);

    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.1, 3", "1000, 2"})
    void aGradientThatIsTooLongIsShortenedToTheNorm(double maximum, int threads) throws IOException {
        TrainerSettings settings = new TrainerSettings(
                        UNCLIPPED.optimiser(), UNCLIPPED.schedule(), Precision.FLOAT32, threads, 3)
                .withMaximumGradientNorm(maximum);
        ParameterLayout layout = new ParameterLayout(CONFIG);
        try (Decoder decoder = Decoder.of(layout, new RandomWeights(CONFIG, 1).flat(layout), ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, new NoEncoding(), 6, settings)) {
            float[] gradient = trainer.gradient(batch());
            double square = 0;
            for (float value : gradient) {
                square += (double) value * value;
            }
            double norm = Math.sqrt(square);
            assertThat(norm).isBetween(1.0, 100.0); // so that one maximum clips and the other does not
            double factor = Math.min(1, maximum / (norm + 1e-6));
            trainer.step(batch());
            float[] moments = trainer.state().firstMoments().toArray();
            for (int i = 0; i < moments.length; i++) {
                assertThat((double) moments[i])
                        .isCloseTo(0.1 * factor * gradient[i], within(1e-7 * (1 + norm * factor)));
            }
        }
    }

    @Test
    void refusesANormThatIsNotAboveZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UNCLIPPED.withMaximumGradientNorm(0))
                .withMessage("maximumGradientNorm must be above 0, was 0.0");
    }

    private static TokenBatch batch() {
        int[] tokens = new Random(4).ints(30, 0, 11).toArray();
        return new TokenBatch(5, 6, tokens, tokens);
    }
}
