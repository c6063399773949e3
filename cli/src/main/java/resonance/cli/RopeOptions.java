package resonance.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.rope.RopeSettings;
import resonance.rope.RopeShape;

/** Options that describe one rotary encoding; the defaults are LLaMA's shape, stretched from 4K to 32K. */
final class RopeOptions {
    private static final double DEFAULT_FACTOR = 8;

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
                .cure("--head-size", "take an even number such as 128")
                .cure("--base", "models use 10000 and more")
                .cure("--factor", "1 changes nothing, 8 stretches 4096 tokens to 32768")
                .cure("--target-length", "swap the lengths or leave --target-length out")
                .cure("--short-factors", "separate the numbers by commas")
                .cure("--beta-fast", "the usual values are --beta-fast 32 --beta-slow 1");
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

    /** A line about the first given option that the scaling does not read; empty if it reads all of them. */
    Optional<String> unread(List<String> givenOptions) {
        for (String option : givenOptions) {
            List<String> readers = READ_BY.getOrDefault(option, List.of(scaling));
            if (!readers.contains(scaling)) {
                return Optional.of(option + " must go with --scaling " + String.join(" or ", readers)
                        + ", was given with " + scaling + "; leave it out or change --scaling");
            }
        }
        return Optional.empty();
    }

    private RopeSettings settings() {
        double stretch =
                factor != null ? factor : targetLength != null ? (double) targetLength / trainedLength : DEFAULT_FACTOR;
        RopeSettings settings = RopeSettings.ofFactor(stretch)
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
