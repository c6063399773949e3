package resonance.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import resonance.rope.RopeSettings;
import resonance.rope.RopeShape;

/** Options that describe one rotary encoding; the defaults are LLaMA's shape, stretched from 4K to 32K. */
final class RopeOptions {
    private static final double DEFAULT_FACTOR = 8;

    @Option(
            names = "--head-size",
            paramLabel = "D",
            description = "dimensions of a head that rotate, even (default: 128)")
    private int headSize = 128;

    @Option(names = "--base", paramLabel = "B", description = "rotary base (default: 10000)")
    private double base = RopeShape.DEFAULT_BASE;

    @Option(names = "--trained-length", paramLabel = "L", description = "tokens, trained length (default: 4096)")
    private int trainedLength = 4096;

    @Option(
            names = "--target-length",
            paramLabel = "N",
            description = "tokens, length for the feature gap (default: trained length times factor)")
    private @Nullable Long targetLength;

    @Option(
            names = "--sequence-length",
            paramLabel = "N",
            description = "tokens, current length for scalings that depend on it (default: target length)")
    private @Nullable Long sequenceLength;

    @Option(
            names = "--scaling",
            paramLabel = "NAME",
            description =
                    "none, linear, ntk, abf, dynamic-ntk, ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3"
                            + " or proportional (default: none)")
    private String scaling = "none";

    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: target length / trained length, or 8 without --target-length)")
    private @Nullable Double factor;

    @Option(names = "--resonance", description = "round the wavelengths after the scaling")
    private boolean resonance;

    @Mixin
    private ScalingOptions scalingOptions = new ScalingOptions();

    /** Tells how the library names these options, and what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return ScalingOptions.describe(refusals)
                .cure("--head-size", "take an even number such as 128")
                .cure("--base", "models use 10000 and more")
                .cure("--target-length", "swap the lengths or leave --target-length out");
    }

    /**
     * The table of features that these options ask for.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    FeatureTable table() {
        if (targetLength != null && targetLength < trainedLength) {
            throw new IllegalArgumentException(
                    "targetLength must be at least trainedLength (" + trainedLength + "), was " + targetLength);
        }
        RopeShape shape = RopeShape.of(headSize, base, trainedLength);
        RopeSettings settings = settings();
        long target = targetLength != null ? targetLength : (long) (trainedLength * settings.factor());
        return FeatureTable.of(
                shape.withSequenceLength(sequenceLength != null ? sequenceLength : target),
                target,
                scaling,
                settings,
                resonance);
    }

    /** Refuses an option that the scaling does not read. */
    void requireRead(CommandSpec command) {
        ScalingOptions.requireRead(command, List.of(scaling), "--scaling");
    }

    private RopeSettings settings() {
        return scalingOptions.settings(
                factor != null
                        ? factor
                        : targetLength != null ? (double) targetLength / trainedLength : DEFAULT_FACTOR);
    }
}
