package resonance.rope;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * YaRN as published implementations compute it: interpolated frequencies below, own frequencies above, a ramp on the
 * pair's index between, and a factor on cosine and sine.
 *
 * <pre>
 *   c(r)     = headSize * ln(trainedLength / (2*pi*r)) / (2 * ln(base))     index of the pair that makes r turns
 *   low      = max(floor(c(betaFast)), 0)            high = min(ceil(c(betaSlow)), headSize - 1)
 *   gamma_j  = 1 - clamp((j - low) / (high - low), 0, 1)
 *   theta'_j = (1 - gamma_j) * theta_j / factor + gamma_j * theta_j </pre>
 *
 * <p>Without {@code truncate} the bounds are not rounded; if they are equal, high grows by 0.001. The ramp uses the
 * trained length, never the extrapolated one (the code published with Resonance RoPE passes the latter for PosGen).
 * Attention scale: {@code attentionFactor} if given; else g(mscale)/g(mscaleAllDim) if both are given; else g(1);
 * where {@code g(k) = 0.1*k*ln(factor) + 1}, or 1 if factor is at most 1.
 *
 * <p>Peng et al., "YaRN", 2023, arXiv:2309.00071, section 3.4 in the form of the authors' code; Hugging Face:
 * {@code rope_type} "yarn", whose upper limit {@code headSize - 1} (not headSize/2 - 1) is kept. The form printed in
 * the Resonance RoPE paper is {@link PaperYarnScaling}.
 *
 * <p>Models' files may hold a factor below 1 or bounds in the wrong order, and engines compute with them; so does this. The
 * settings of {@link #METHOD} are held to sense.
 *
 * @param factor s, above 0
 * @param betaFast turns within the trained length above which a pair keeps its frequency; above 0
 * @param betaSlow turns below which a pair is interpolated; above 0
 * @param truncate whether the ramp's bounds are rounded outward to whole indices
 * @param attentionFactor replaces the attention scale, above 0; empty to compute it
 * @param mscale k of the numerator, finite; 0 if not given
 * @param mscaleAllDim k of the denominator, finite; 0 if not given
 */
public record YarnScaling(
        double factor,
        double betaFast,
        double betaSlow,
        boolean truncate,
        OptionalDouble attentionFactor,
        double mscale,
        double mscaleAllDim)
        implements RopeScaling {
    /** The YaRN paper's beta for LLaMA (section 3.2). */
    public static final double DEFAULT_BETA_FAST = 32;

    /** The YaRN paper's alpha for LLaMA (section 3.2). */
    public static final double DEFAULT_BETA_SLOW = 1;

    /** Slow end of the ramp. */
    public static final Parameter<Double> BETA_SLOW =
            Parameter.number("betaSlow", DEFAULT_BETA_SLOW, Parameter.Range.ABOVE_0, "slow end of the ramp");

    /** Fast end of the ramp. */
    public static final Parameter<Double> BETA_FAST = Parameter.number(
                    "betaFast", DEFAULT_BETA_FAST, Parameter.Range.ABOVE_0, "fast end of the ramp")
            .above(BETA_SLOW);

    /** Whether the ramp's bounds are rounded. */
    public static final Parameter<Boolean> TRUNCATE =
            Parameter.flag("truncate", true, "leave the bounds of the ramp unrounded");

    /** Attention scale, given outright. */
    public static final Parameter<OptionalDouble> ATTENTION_FACTOR = Parameter.optional(
            "attentionFactor", Parameter.Range.ABOVE_0, "factor on cosine and sine in place of the formula's", "");

    /** Attention weight of the numerator. */
    public static final Parameter<Double> MSCALE = Parameter.number(
                    "mscale", 0, Parameter.Range.AT_LEAST_0, "attention weight")
            .byDefault("not used");

    /** Attention weight of the denominator. */
    public static final Parameter<Double> MSCALE_ALL_DIM = Parameter.number(
                    "mscaleAllDim", 0, Parameter.Range.AT_LEAST_0, "attention weight to divide by")
            .byDefault("not used");

    /** What {@link #of} reads. */
    static final List<Parameter<?>> BESIDE_FACTOR =
            List.of(BETA_FAST, BETA_SLOW, TRUNCATE, ATTENTION_FACTOR, MSCALE, MSCALE_ALL_DIM);

    static final String SOURCE = "YaRN, as published";

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "yarn",
            "YaRN",
            SOURCE,
            YarnScaling.class,
            Stream.concat(Stream.of(Parameter.FACTOR), BESIDE_FACTOR.stream()).toList(),
            settings -> of(settings.factor(), settings));

    /** Keeps the ramp's bounds apart; the value of all published implementations. */
    private static final double SMALLEST_RAMP = 0.001;

    public YarnScaling {
        Require.above("factor", factor, 0);
        Require.above("betaSlow", betaSlow, 0);
        Require.above("betaFast", betaFast, 0);
        attentionFactor.ifPresent(value -> Require.above("attentionFactor", value, 0));
        Require.finite("mscale", mscale);
        Require.finite("mscaleAllDim", mscaleAllDim);
    }

    /** The published defaults: bounds 32 and 1, rounded; attention scale {@code 0.1*ln(factor) + 1}. */
    public YarnScaling(double factor) {
        this(factor, DEFAULT_BETA_FAST, DEFAULT_BETA_SLOW);
    }

    /** Other bounds, everything else as published. The Resonance RoPE authors use 2 and 1 for PosGen. */
    public YarnScaling(double factor, double betaFast, double betaSlow) {
        this(factor, betaFast, betaSlow, true, OptionalDouble.empty(), 0, 0);
    }

    /**
     * A factor, and everything else of settings.
     *
     * @throws Refusal if the bounds of the ramp are not in order
     */
    static YarnScaling of(double factor, ScalingSettings settings) {
        settings.requireOrdered(BESIDE_FACTOR);
        return new YarnScaling(
                factor,
                settings.get(BETA_FAST),
                settings.get(BETA_SLOW),
                settings.get(TRUNCATE),
                settings.get(ATTENTION_FACTOR),
                settings.get(MSCALE),
                settings.get(MSCALE_ALL_DIM));
    }

    /** The same settings with another factor. */
    public YarnScaling withFactor(double newFactor) {
        return new YarnScaling(newFactor, betaFast, betaSlow, truncate, attentionFactor, mscale, mscaleAllDim);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double low = Math.max(fastEnd(shape, betaFast, truncate), 0);
        double high = Math.min(slowEnd(shape, betaSlow, truncate), shape.headSize() - 1);
        if (low == high) {
            high += SMALLEST_RAMP;
        }
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            double interpolated = Math.min(1, Math.max(0, (pair - low) / (high - low)));
            radians[pair] = radians[pair] / factor * interpolated + radians[pair] * (1 - interpolated);
        }
        return RopeFrequencies.of(radians, attentionScale());
    }

    /** Factor on cosine and sine, as described at the class. */
    public double attentionScale() {
        if (attentionFactor.isPresent()) {
            return attentionFactor.getAsDouble();
        }
        if (mscale != 0 && mscaleAllDim != 0) {
            return magnitude(factor, mscale) / magnitude(factor, mscaleAllDim);
        }
        return magnitude(factor, 1);
    }

    /** g: 0.1 * weight * ln(factor) + 1 (YaRN, section 3.4), or 1 if the factor is at most 1. */
    public static double magnitude(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    /** Index at which the ramp begins, before it is held to 0 and above. */
    static double fastEnd(RopeShape shape, double betaFast, boolean truncate) {
        double pair = turningPair(shape, betaFast);
        return truncate ? Math.floor(pair) : pair;
    }

    /** Index at which the ramp ends, before it is held to headSize - 1 and below. */
    static double slowEnd(RopeShape shape, double betaSlow, boolean truncate) {
        double pair = turningPair(shape, betaSlow);
        return truncate ? Math.ceil(pair) : pair;
    }

    /** The (fractional) index of the pair that makes this many turns within the trained length. */
    private static double turningPair(RopeShape shape, double turns) {
        return shape.headSize()
                * Math.log(shape.trainedLength() / (turns * 2 * Math.PI))
                / (2 * Math.log(shape.base()));
    }
}
