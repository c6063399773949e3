package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneCycleScheduleTest {
    @Test
    void matchesPyTorchAtEveryGoldenStep() {
        JsonNode schedules = GoldenDecoder.named("one-cycle").file().get("schedules");
        assertThat(schedules).isNotEmpty();
        for (JsonNode golden : schedules) {
            OneCycleSchedule schedule = new OneCycleSchedule(
                    golden.get("peakRate").asDouble(),
                    golden.get("totalSteps").asLong(),
                    golden.get("warmUpFraction").asDouble(),
                    true);
            for (int i = 0; i < golden.get("steps").size(); i++) {
                long step = golden.get("steps").get(i).asLong();
                double rate = golden.get("learningRates").get(i).asDouble();
                assertThat(schedule.learningRate(step)).isCloseTo(rate, within(1e-12 * rate));
                assertThat(schedule.beta1(step, 0.9))
                        .isCloseTo(golden.get("beta1").get(i).asDouble(), within(1e-12));
            }
        }
    }

    @Test
    void startsAtThePeakWhenTheWarmUpHasNoSteps() {
        // PyTorch divides by zero where warm-up fraction times steps is exactly 1.
        OneCycleSchedule schedule = new OneCycleSchedule(1e-3, 10, 0.1, false);
        assertThat(schedule.learningRate(0)).isEqualTo(1e-3);
        assertThat(schedule.learningRate(9)).isCloseTo(1e-3 / 25 / 1e4, within(1e-18));
    }

    @Test
    void fixedMomentumIsNotChanged() {
        assertThat(new OneCycleSchedule(1e-3, 10, 0.3, false).beta1(4, 0.9)).isEqualTo(0.9);
    }

    @Test
    void rejectsAStepBeyondTheLast() {
        OneCycleSchedule schedule = new OneCycleSchedule(1e-3, 10, 0.3, false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.learningRate(10))
                .withMessage("step must be from 0 to 9, was 10");
    }

    @Test
    void rejectsARateThatIsNotAboveZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OneCycleSchedule(0, 10, 0.3, false))
                .withMessage("peakLearningRate must be above 0 and at most 1000000, was 0.0");
    }

    @ParameterizedTest
    @CsvSource({"1000, 0.1", "1000, 0.5", "77, 0.3", "10, 1"})
    void risesFromA25thOfThePeakAndFallsToATenThousandthOfThat(long steps, double warmUp) {
        OneCycleSchedule schedule = new OneCycleSchedule(2e-3, steps, warmUp, true);
        long peak = Math.round(warmUp * steps) - 1;
        assertThat(schedule.learningRate(0)).isCloseTo(2e-3 / 25, within(1e-12));
        assertThat(schedule.beta1(0, 0.9)).isCloseTo(0.95, within(1e-12));
        for (long step = 1; step < steps; step++) {
            boolean rises = step <= peak;
            double rateBefore = schedule.learningRate(step - 1);
            double betaBefore = schedule.beta1(step - 1, 0.9);
            assertThat(schedule.learningRate(step) >= rateBefore)
                    .as("step " + step)
                    .isEqualTo(rises);
            assertThat(schedule.beta1(step, 0.9) <= betaBefore)
                    .as("step " + step)
                    .isEqualTo(rises);
            assertThat(schedule.learningRate(step)).isBetween(0.0, 2e-3 * (1 + 1e-12));
            assertThat(schedule.beta1(step, 0.9)).isBetween(0.85 - 1e-12, 0.95 + 1e-12);
        }
        if (warmUp < 1) {
            assertThat(schedule.learningRate(steps - 1)).isCloseTo(2e-3 / 25 / 1e4, within(1e-15));
        }
    }

    @Test
    void rejectsStepsAndSharesOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OneCycleSchedule(1, 0, 0.3, false))
                .withMessage("totalSteps must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OneCycleSchedule(1, 1, 1.5, false))
                .withMessage("warmUpFraction must be from 0 to 1, was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OneCycleSchedule(1, 4, 0.5, false).learningRate(-1))
                .withMessage("step must be from 0 to 3, was -1");
    }
}
