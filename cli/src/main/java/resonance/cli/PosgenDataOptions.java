package resonance.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.experiment.PosgenData;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.StandardFunction;
import resonance.posgen.TokenFunction;

/** Options that describe PosGen data; what is left out is taken from a preset. */
final class PosgenDataOptions extends RecallOptions {
    @Option(names = "--modulus", paramLabel = "M", description = "size of the vocabulary")
    private @Nullable Integer modulus;

    @Option(names = "--far", paramLabel = "J", description = "far tokens that a token depends on")
    private @Nullable Integer far;

    @Option(names = "--near", paramLabel = "K", description = "near tokens that a token depends on")
    private @Nullable Integer near;

    @Option(
            names = "--function",
            paramLabel = "H",
            description = "modular-addition, squared-sine, absolute-sine, far-product or far-selection")
    private @Nullable String function;

    @Option(names = "--train-length", paramLabel = "L", description = "tokens of a training sequence")
    private @Nullable Integer trainLength;

    @Option(names = "--test-length", paramLabel = "L'", description = "tokens of a validation or test sequence")
    private @Nullable Integer testLength;

    @Option(names = "--train", paramLabel = "N", description = "training sequences")
    private @Nullable Integer trainRows;

    @Option(names = "--validation", paramLabel = "N", description = "validation sequences")
    private @Nullable Integer validationRows;

    @Option(names = "--test", paramLabel = "N", description = "test sequences")
    private @Nullable Integer testRows;

    /** Tells how the libraries name these options. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return refusals.called("--train", "trainRows")
                .called("--validation", "validationRows")
                .called("--test", "testRows")
                .called("--train-length", "trainedLength")
                .called("--out", "output folder");
    }

    /** The name of a task, a known one. */
    static String task(String name) {
        return KnownName.find("task", name, PosgenData.TASKS, known -> known);
    }

    int modulus(PosgenData preset) {
        return modulus != null ? modulus : preset.modulus();
    }

    int far(PosgenData preset) {
        return far != null ? far : preset.far();
    }

    int near(PosgenData preset) {
        return near != null ? near : preset.near();
    }

    TokenFunction function(PosgenData preset) {
        return function == null
                ? preset.function()
                : KnownName.find(
                        "function", function, List.of(StandardFunction.values()), StandardFunction::commandName);
    }

    /**
     * The task of a name with these options in place of a preset's values.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    BenchmarkTask task(String name, PosgenData preset) {
        return new PosgenData(
                        modulus(preset),
                        far(preset),
                        near(preset),
                        function(preset),
                        preset.trainLength(),
                        preset.testLength(),
                        preset.trainRows(),
                        preset.validationRows(),
                        preset.testRows(),
                        recall(preset.recall()),
                        flipFlop(preset.flipFlop()))
                .task(task(name));
    }

    @Override
    void requireRead(List<String> tasks, String option) {
        super.requireRead(tasks, option);
        requireRead(modulus, "modulus", PosgenData.SUBTASKS, tasks, option);
        requireRead(far, "far", PosgenData.SUBTASKS, tasks, option);
        requireRead(near, "near", PosgenData.SUBTASKS, tasks, option);
        requireRead(function, "function", PosgenData.SUBTASKS, tasks, option);
    }

    int trainLength(PosgenData preset) {
        return trainLength != null ? trainLength : preset.trainLength();
    }

    int testLength(PosgenData preset) {
        return testLength != null ? testLength : preset.testLength();
    }

    int trainRows(PosgenData preset) {
        return trainRows != null ? trainRows : preset.trainRows();
    }

    int validationRows(PosgenData preset) {
        return validationRows != null ? validationRows : preset.validationRows();
    }

    int testRows(PosgenData preset) {
        return testRows != null ? testRows : preset.testRows();
    }

    /**
     * The preset with these options in place of its values.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    PosgenData over(PosgenData preset) {
        return new PosgenData(
                modulus(preset),
                far(preset),
                near(preset),
                function(preset),
                trainLength(preset),
                testLength(preset),
                trainRows(preset),
                validationRows(preset),
                testRows(preset),
                recall(preset.recall()),
                flipFlop(preset.flipFlop()));
    }
}
