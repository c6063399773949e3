package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
}
