package resonance.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.experiment.TrainingPlan;
import resonance.transformer.tensor.ComputeDevice;

/** Options for the training of each cell; what is left out is taken from a preset. */
final class TrainingOptions {
    @Option(names = "--epochs", paramLabel = "N", description = "passes over the training sequences")
    private @Nullable Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "sequences of one step")
    private @Nullable Integer batchRows;

    @Option(names = "--learning-rate", paramLabel = "X", description = "peak of the one-cycle schedule")
    private @Nullable Double learningRate;

    @Option(names = "--weight-decay", paramLabel = "X", description = "decoupled weight decay")
    private @Nullable Double weightDecay;

    @Option(names = "--warm-up", paramLabel = "X", description = "share of the steps in which the learning rate rises")
    private @Nullable Double warmUpFraction;

    @Option(
            names = "--cycle-momentum",
            negatable = true,
            description = "whether the schedule also cycles the first momentum")
    private @Nullable Boolean cyclesMomentum;

    @Option(names = "--validate-every", paramLabel = "N", description = "epochs from one validation to the next")
    private @Nullable Integer validationEvery;

    @Option(names = "--device", paramLabel = "NAME", description = "cpu or cuda (default: cpu)")
    private String device = "cpu";

    ComputeDevice device() {
        return KnownName.find("device", device, List.of(ComputeDevice.values()), ComputeDevice::label);
    }

    /** The preset, which has the machine's settings already, with the other options in place of its values. */
    TrainingPlan over(TrainingPlan preset) {
        return new TrainingPlan(
                epochs != null ? epochs : preset.epochs(),
                batchRows != null ? batchRows : preset.batchRows(),
                learningRate != null ? learningRate : preset.learningRate(),
                weightDecay != null ? weightDecay : preset.weightDecay(),
                warmUpFraction != null ? warmUpFraction : preset.warmUpFraction(),
                cyclesMomentum != null ? cyclesMomentum : preset.cyclesMomentum(),
                validationEvery != null ? validationEvery : preset.validationEvery(),
                preset.precision(),
                preset.threads(),
                preset.device());
    }
}
