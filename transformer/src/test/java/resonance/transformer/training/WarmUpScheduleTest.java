package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.transformer.training.WarmUpSchedule.Decay;

class WarmUpScheduleTest {
    /** What transformers 5.18's get_…_schedule_with_warmup give for 4 steps of warm-up among 20, times 1e-3. */
    @ParameterizedTest
    @CsvSource({
        "CONSTANT, 0, 0", "CONSTANT, 3, 0.00075", "CONSTANT, 4, 0.001", "CONSTANT, 19, 0.001",
        "LINEAR, 1, 0.00025", "LINEAR, 4, 0.001", "LINEAR, 12, 0.0005", "LINEAR, 19, 0.0000625",
        "COSINE, 2, 0.0005", "COSINE, 4, 0.001", "COSINE, 8, 0.0008535533905932737", "COSINE, 12, 0.0005",
        "COSINE, 19, 0.000009607359798384785"
    })
    void ratesAreThoseOfTransformers(Decay decay, long step, double expected) {
        WarmUpSchedule schedule = new WarmUpSchedule(1e-3, 20, 4, decay);
        assertThat(schedule.learningRate(step)).isCloseTo(expected, within(1e-15));
        assertThat(schedule.beta1(step, 0.9)).isEqualTo(0.9);
    }

    @ParameterizedTest
    @CsvSource({"0.05, 100, 5", "0.05, 101, 6", "0, 7, 0", "1, 7, 7", "0.5, 1, 1"})
    void aShareOfTheStepsIsRoundedUp(double fraction, long steps, long warmUp) {
        assertThat(WarmUpSchedule.of(1, steps, fraction, Decay.LINEAR).warmUpSteps())
                .isEqualTo(warmUp);
    }

    @Test
    void aRunOfNothingButWarmUpNeverReachesThePeak() {
        WarmUpSchedule schedule = WarmUpSchedule.of(1, 4, 1, Decay.COSINE);
        assertThat(schedule.learningRate(3)).isEqualTo(0.75);
    }

    @Test
    void refusesWhatIsNoSchedule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WarmUpSchedule(0, 10, 1, Decay.LINEAR))
                .withMessage("peakLearningRate must be above 0 and at most 1000000, was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WarmUpSchedule(1, 0, 0, Decay.LINEAR))
                .withMessage("totalSteps must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WarmUpSchedule(1, 10, 11, Decay.LINEAR))
                .withMessage("warmUpSteps must be from 0 to totalSteps (10), was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WarmUpSchedule.of(1, 10, 1.1, Decay.LINEAR))
                .withMessage("warmUpFraction must be from 0 to 1, was 1.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WarmUpSchedule(1, 10, 1, Decay.LINEAR).learningRate(10))
                .withMessage("step must be from 0 to 9, was 10");
    }
}
