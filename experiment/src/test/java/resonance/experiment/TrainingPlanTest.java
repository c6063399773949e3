package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.rope.Refusal;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class TrainingPlanTest {
    @ParameterizedTest
    @CsvSource({"64, 32, 2", "65, 32, 3", "1, 32, 1", "10000, 2147483647, 1", "2147483647, 2147483647, 1"})
    void anEpochHasAStepForEveryBatchAndOneForTheRest(int rows, int batchRows, int steps) {
        TrainingPlan plan =
                new TrainingPlan(1, batchRows, 1e-3, 0, 0.1, true, 1, Precision.FLOAT32, 1, ComputeDevice.CPU);
        assertThat(plan.stepsPerEpoch(rows)).isEqualTo(steps);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, epochs, 0",
        "1, -2, 1, 1, batchRows, -2",
        "1, 1, 0, 1, validationEvery, 0",
        "1, 1, 1, -2147483648, threads, -2147483648"
    })
    void countsBelowOneAreRefusedByName(
            int epochs, int batchRows, int validationEvery, int threads, String name, String value) {
        assertThatThrownBy(() -> new TrainingPlan(
                        epochs,
                        batchRows,
                        1e-3,
                        0,
                        0.1,
                        true,
                        validationEvery,
                        Precision.FLOAT32,
                        threads,
                        ComputeDevice.CPU))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal).hasMessage(name + " must be at least 1, was " + value);
                    assertThat(refusal.message(parameter -> "--x")).isEqualTo("--x must be at least 1, was " + value);
                });
    }
}
