package resonance.cli;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import resonance.rope.RopeSettings;

/** Options for the encodings that a measurement sets side by side. */
final class ComparedEncodings {
    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "NAME",
            description =
                    "encodings: none (plain RoPE), model (the model's own), linear, ntk, abf, dynamic-ntk, ntk-by-parts,"
                            + " yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional, and resonance- before any of"
                            + " them (default: none, linear, ntk, dynamic-ntk and yarn, each with and without)")
    private List<String> encodings = List.of(
            "none",
            "resonance-none",
            "linear",
            "resonance-linear",
            "ntk",
            "resonance-ntk",
            "dynamic-ntk",
            "resonance-dynamic-ntk",
            "yarn",
            "resonance-yarn");

    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: longest length / trained length, at least 1)")
    private @Nullable Double factor;

    @ArgGroup(validate = false, heading = "%nScalings:%n")
    private ScalingOptions scalings = new ScalingOptions();

    /** Tells how the libraries name these options, and what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return ScalingOptions.describe(refusals)
                .called("--compare", "encoding", "encodings")
                .cure("--factor", "leave it out for longest length / trained length");
    }

    List<String> names() {
        return encodings;
    }

    /** The factor asked for; empty for what the lengths ask for. */
    OptionalDouble factor() {
        return factor == null ? OptionalDouble.empty() : OptionalDouble.of(factor);
    }

    /**
     * What the scalings read; the factor is one if none was asked for.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    RopeSettings settings() {
        return scalings.settings(factor().orElse(1));
    }

    /** Refuses an option that none of the encodings reads. */
    void requireRead(CommandSpec command) {
        ScalingOptions.requireRead(
                command,
                encodings.stream().map(ScalingOptions::ofEncoding).distinct().toList(),
                "--compare");
    }

    /** The factor in use, as the option that asks for it. */
    static String factor(RopeSettings settings) {
        double factor = settings.factor();
        return "--factor " + (factor == Math.rint(factor) ? String.valueOf((long) factor) : String.valueOf(factor));
    }
}
