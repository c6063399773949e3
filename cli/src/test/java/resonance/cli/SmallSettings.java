package resonance.cli;

import java.util.List;
import resonance.experiment.ComparisonSettings;
import resonance.experiment.EncodingSettings;
import resonance.experiment.ModelSize;
import resonance.experiment.PosgenData;
import resonance.experiment.TrainingPlan;
import resonance.posgen.StandardFunction;
import resonance.rope.EncodingName;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/** Settings of a comparison too small to learn anything. */
final class SmallSettings {
    private SmallSettings() {}

    /** 60 training sequences of 16 tokens in batches of 20; 5 and 10 sequences of 32 tokens for validation and test. */
    static ComparisonSettings of(int epochs, int validationEvery) {
        return new ComparisonSettings(
                List.of("cot"),
                List.of(EncodingName.valueOf("rope"), EncodingName.valueOf("resonance-rope")),
                List.of(1L),
                new PosgenData(17, 1, 3, StandardFunction.MODULAR_ADDITION, 16, 32, 60, 5, 10),
                new ModelSize(16, 1, 1, 8, 32, 0),
                EncodingSettings.paper(2),
                new TrainingPlan(
                        epochs, 20, 1e-3, 0, 0.1, false, validationEvery, Precision.FLOAT32, 1, ComputeDevice.CPU));
    }
}
