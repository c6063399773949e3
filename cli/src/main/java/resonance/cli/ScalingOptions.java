package resonance.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import resonance.rope.RopeSettings;

/** Options for what single scalings read besides the factor. */
final class ScalingOptions {
    private static final String RESONANCE = "resonance-";

    /** The scalings that read an option; options that are not here mean something with any. */
    private static final Map<String, List<String>> READ_BY = readBy();

    private static Map<String, List<String>> readBy() {
        List<String> ramp = List.of("ntk-by-parts", "yarn", "yarn-paper", "dynamic-yarn");
        List<String> yarn = List.of("yarn", "dynamic-yarn");
        return Map.ofEntries(
                Map.entry("--beta-fast", ramp),
                Map.entry("--beta-slow", ramp),
                Map.entry("--no-truncate", yarn),
                Map.entry("--attention-factor", List.of("yarn", "dynamic-yarn", "longrope")),
                Map.entry("--mscale", yarn),
                Map.entry("--mscale-all-dim", yarn),
                Map.entry("--new-base", List.of("abf")),
                Map.entry("--dynamic-factor", List.of("dynamic-ntk")),
                Map.entry("--low-freq-factor", List.of("llama3")),
                Map.entry("--high-freq-factor", List.of("llama3")),
                Map.entry("--rotary-share", List.of("proportional")),
                Map.entry("--short-factors", List.of("longrope")),
                Map.entry("--long-factors", List.of("longrope")));
    }

    @Option(
            names = "--beta-fast",
            paramLabel = "X",
            description = "ntk-by-parts, yarn: fast end of the ramp (default: 32)")
    private double betaFast = RopeSettings.DEFAULTS.betaFast();

    @Option(
            names = "--beta-slow",
            paramLabel = "X",
            description = "ntk-by-parts, yarn: slow end of the ramp (default: 1)")
    private double betaSlow = RopeSettings.DEFAULTS.betaSlow();

    @Option(names = "--no-truncate", description = "yarn: leave the bounds of the ramp unrounded")
    private boolean noTruncate;

    @Option(
            names = "--attention-factor",
            paramLabel = "X",
            description = "yarn, longrope: factor on cosine and sine in place of the formula's")
    private @Nullable Double attentionFactor;

    @Option(names = "--mscale", paramLabel = "X", description = "yarn: attention weight (default: not used)")
    private double mscale = RopeSettings.DEFAULTS.mscale();

    @Option(
            names = "--mscale-all-dim",
            paramLabel = "X",
            description = "yarn: attention weight to divide by (default: not used)")
    private double mscaleAllDim = RopeSettings.DEFAULTS.mscaleAllDim();

    @Option(names = "--new-base", paramLabel = "B", description = "abf: the base to use (default: base times factor)")
    private @Nullable Double newBase;

    @Option(
            names = "--dynamic-factor",
            paramLabel = "X",
            description = "dynamic-ntk: factor on top of the current length (default: 1)")
    private double dynamicFactor = RopeSettings.DEFAULTS.dynamicFactor();

    @Option(names = "--low-freq-factor", paramLabel = "X", description = "llama3 (default: 1)")
    private double lowFrequencyFactor = RopeSettings.DEFAULTS.lowFrequencyFactor();

    @Option(names = "--high-freq-factor", paramLabel = "X", description = "llama3 (default: 4)")
    private double highFrequencyFactor = RopeSettings.DEFAULTS.highFrequencyFactor();

    @Option(
            names = "--rotary-share",
            paramLabel = "X",
            description = "proportional: share of pairs that rotate (default: 1)")
    private double rotatedShare = RopeSettings.DEFAULTS.rotatedShare();

    @Option(
            names = "--short-factors",
            paramLabel = "X",
            split = ",",
            description = "longrope: a divisor for each pair, up to the trained length")
    private List<Double> shortFactors = List.of();

    @Option(
            names = "--long-factors",
            paramLabel = "X",
            split = ",",
            description = "longrope: a divisor for each pair, beyond the trained length")
    private List<Double> longFactors = List.of();

    /** Tells how the library names these options, and what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return refusals.called("--low-freq-factor", "lowFrequencyFactor")
                .called("--high-freq-factor", "highFrequencyFactor")
                .called("--rotary-share", "rotatedShare")
                .cure("--factor", "1 changes nothing, 8 stretches 4096 tokens to 32768")
                .cure("--short-factors", "separate the numbers by commas")
                .cure("--beta-fast", "the usual values are --beta-fast 32 --beta-slow 1");
    }

    /** The scaling of an encoding's name, which may say that it is with resonance. */
    static String ofEncoding(String encoding) {
        return encoding.startsWith(RESONANCE) ? encoding.substring(RESONANCE.length()) : encoding;
    }

    /** The encoding's name of a scaling. */
    static String encoding(String scaling, boolean resonance) {
        return resonance ? RESONANCE + scaling : scaling;
    }

    /**
     * Refuses an option that none of the scalings reads.
     *
     * @param command its command line, parsed
     * @param scalings in use, without resonance
     * @param selection the option that chooses them
     * @throws ParameterException if one was given
     */
    static void requireRead(CommandSpec command, Collection<String> scalings, String selection) {
        for (OptionSpec given : command.commandLine().getParseResult().matchedOptions()) {
            List<String> readers = READ_BY.get(given.longestName());
            if (readers != null && scalings.stream().noneMatch(readers::contains)) {
                throw new ParameterException(
                        command.commandLine(),
                        given.longestName() + " must go with " + selection + " " + String.join(" or ", readers)
                                + ", was given with " + String.join(",", scalings) + "; leave it out or change "
                                + selection);
            }
        }
    }

    /**
     * These settings with a factor.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    RopeSettings settings(double factor) {
        RopeSettings settings = RopeSettings.ofFactor(factor)
                .withDynamicFactor(dynamicFactor)
                .withBetas(betaFast, betaSlow)
                .withTruncate(!noTruncate)
                .withMscale(mscale, mscaleAllDim)
                .withFrequencyFactors(lowFrequencyFactor, highFrequencyFactor)
                .withRotatedShare(rotatedShare)
                .withDivisors(shortFactors, longFactors);
        if (newBase != null) {
            settings = settings.withNewBase(newBase);
        }
        if (attentionFactor != null) {
            settings = settings.withAttentionFactor(attentionFactor);
        }
        return settings;
    }
}
