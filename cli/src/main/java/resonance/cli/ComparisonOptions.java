package resonance.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.experiment.ComparisonSettings;
import resonance.experiment.EncodingSettings;
import resonance.experiment.PosgenData;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;
import resonance.transformer.tensor.ComputeDevice;

/** Every option that changes what a comparison computes. */
final class ComparisonOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "quick or paper: what is left out is taken from it (default: quick)")
    private String preset = "quick";

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "NAME",
            description = "any of recursive, cot, semi-recursive, mqar, flip-flop")
    private @Nullable List<String> tasks;

    @Option(
            names = "--encodings",
            split = ",",
            paramLabel = "NAME",
            description = "any of ${bundle:names.trained}, and ${bundle:names.resonance} before any of them; or"
                    + " ${bundle:names.nonRotary}, which do not rotate")
    private @Nullable List<String> encodings;

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            description = "each determines data, initial parameters, order and dropout of a run")
    private @Nullable List<Long> seeds;

    @ArgGroup(validate = false, heading = "%nData:%n")
    private PosgenDataOptions data = new PosgenDataOptions();

    @ArgGroup(validate = false, heading = "%nModel:%n")
    private ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nEncodings:%n")
    private EncodingOptions encoding = new EncodingOptions();

    @ArgGroup(validate = false, heading = "%nTraining:%n", order = 6)
    private TrainingOptions training = new TrainingOptions();

    @ArgGroup(validate = false, heading = "%nMachine:%n", order = 10)
    private MachineOptions machine = new MachineOptions();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    /** Tells how the libraries name these options, and what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return PosgenDataOptions.describe(refusals)
                .called("--tasks", "task")
                .called("--encodings", "encoding")
                .called("--d-model", "width")
                .called("--d-model, --layers, --heads, --head-size, --feed-forward and --modulus", "the model's sizes")
                .called("--feed-forward", "feedForwardWidth")
                .called("--sliding-window", "window")
                .called("--batch", "batchRows")
                .called("--learning-rate", "peakLearningRate")
                .called("--warm-up", "warmUpFraction")
                .called("--validate-every", "validationEvery")
                .cure("--head-size", "take an even number such as 64")
                .cure("--factor", "leave it out for test length / train length")
                .cure("--test-length", "take a longer test or a shorter training")
                .cure("--beta-fast", "the paper uses --beta-fast 2 --beta-slow 1");
    }

    /** The name of the preset, a known one. */
    String presetName() {
        return Preset.named(preset).commandName();
    }

    /**
     * The settings that these options ask for, in a provisional precision.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    ComparisonSettings settings() {
        ComputeDevice device = training.device();
        ComparisonSettings base = Preset.named(preset).settings(machine.threads(), machine.provisional(), device);
        List<String> names =
                tasks != null ? tasks.stream().map(PosgenDataOptions::task).toList() : base.tasks();
        data.requireRead(names, "--tasks");
        PosgenData posgen = data.over(base.data());
        return new ComparisonSettings(
                names,
                encodings != null
                        ? encodings.stream().map(EncodingSettings::encoding).toList()
                        : base.encodings(),
                seeds != null ? seeds : base.seeds(),
                posgen,
                model.over(base.model()),
                encoding.over(base.encoding(), posgen, command),
                training.over(base.training()));
    }

    /**
     * Settings in the precision that these options ask for.
     *
     * @param folder of the comparison, which goes on as it was begun
     */
    ComparisonSettings inPrecision(ComparisonSettings settings, Path folder) {
        return settings.in(machine.choose(
                StudyRecords.settings(folder), settings.training().device(), settings::product));
    }

    /** Says which precision was chosen, unless it was asked for. */
    void tellChoice(PrintWriter err) {
        machine.tellChoice(err);
    }

    /** Refuses an option that none of the encodings reads, unless it is a setting of every comparison. */
    void requireRead(ComparisonSettings settings) {
        ScalingOptions.ofComparisons()
                .requireRead(
                        command,
                        settings.encodings().stream()
                                .map(EncodingName::method)
                                .distinct()
                                .toList(),
                        "--encodings");
    }

    /**
     * Whether results may stand beside the paper's: every setting that changes them is its preset's, whichever cells are run
     * on whichever machine.
     */
    static boolean arePapers(ComparisonSettings settings) {
        Map<String, String> paper = new HashMap<>(Preset.PAPER
                .settings(
                        settings.training().threads(),
                        settings.training().precision(),
                        settings.training().device())
                .identity());
        Map<String, String> asked = settings.identity();
        paper.put("validate-every", String.valueOf(asked.get("validate-every")));
        return paper.equals(asked);
    }
}
