package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

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
                .withMessage("peakLearningRate must be above 0 and finite, was 0.0");
    }
}
