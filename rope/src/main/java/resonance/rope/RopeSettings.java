package resonance.rope;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The settings a command line can give to any scaling chosen by name; each method reads those it has.
 *
 * <p>Start from {@link #ofFactor} or {@link #DEFAULTS} and change single values with the {@code with} methods. A
 * value out of range is refused by name, here or by the method that reads it.
 *
 * @param factor s, target length over trained length, at least 1; default 1. Read by all but none and the dynamic
 *     ones
 * @param newBase base of {@code abf}, above 1; default empty, which means factor * base
 * @param dynamicFactor factor of {@code dynamic-ntk}, at least 1; default 1, the papers' form (s = current / trained
 *     length)
 * @param betaFast above {@code betaSlow}; default 32. Read by ntk-by-parts and the three forms of YaRN
 * @param betaSlow above 0; default 1. Read with {@code betaFast}
 * @param truncate whether YaRN's ramp has whole bounds; default true
 * @param attentionFactor replaces the attention scale of YaRN (published and dynamic) and LongRoPE, above 0; default
 *     empty
 * @param mscale YaRN's attention weight, at least 0; default 0, not given
 * @param mscaleAllDim YaRN's attention weight to divide by, at least 0; default 0, not given
 * @param lowFrequencyFactor of {@code llama3}, above 0; default 1
 * @param highFrequencyFactor of {@code llama3}, above {@code lowFrequencyFactor}; default 4
 * @param rotatedShare of {@code proportional}, 0 to 1; default 1
 * @param shortFactors LongRoPE's divisors up to the trained length; default empty, which {@code longrope} refuses
 * @param longFactors LongRoPE's divisors beyond the trained length; default empty, which {@code longrope} refuses
 */
public record RopeSettings(
        double factor,
        OptionalDouble newBase,
        double dynamicFactor,
        double betaFast,
        double betaSlow,
        boolean truncate,
        OptionalDouble attentionFactor,
        double mscale,
        double mscaleAllDim,
        double lowFrequencyFactor,
        double highFrequencyFactor,
        double rotatedShare,
        List<Double> shortFactors,
        List<Double> longFactors) {
    /** Every setting at its default. */
    public static final RopeSettings DEFAULTS = new RopeSettings(
            1,
            OptionalDouble.empty(),
            1,
            YarnScaling.DEFAULT_BETA_FAST,
            YarnScaling.DEFAULT_BETA_SLOW,
            true,
            OptionalDouble.empty(),
            0,
            0,
            Llama3Scaling.DEFAULT_LOW_FREQUENCY_FACTOR,
            Llama3Scaling.DEFAULT_HIGH_FREQUENCY_FACTOR,
            1,
            List.of(),
            List.of());

    public RopeSettings {
        Require.atLeast("factor", factor, 1);
        newBase.ifPresent(value -> Require.above("newBase", value, 1));
        Require.atLeast("dynamicFactor", dynamicFactor, 1);
        Require.betas(betaFast, betaSlow);
        attentionFactor.ifPresent(value -> Require.above("attentionFactor", value, 0));
        Require.atLeast("mscale", mscale, 0);
        Require.atLeast("mscaleAllDim", mscaleAllDim, 0);
        Require.frequencyFactors(lowFrequencyFactor, highFrequencyFactor);
        Require.fraction("rotatedShare", rotatedShare);
        shortFactors = List.copyOf(shortFactors);
        longFactors = List.copyOf(longFactors);
    }

    /** Every setting but the factor at its default. */
    public static RopeSettings ofFactor(double factor) {
        return DEFAULTS.withFactor(factor);
    }

    /** These settings with another factor. */
    public RopeSettings withFactor(double newFactor) {
        Copy copy = new Copy(this);
        copy.factor = newFactor;
        return copy.settings();
    }

    /** These settings with a base for {@code abf}. */
    public RopeSettings withNewBase(double base) {
        Copy copy = new Copy(this);
        copy.newBase = OptionalDouble.of(base);
        return copy.settings();
    }

    /** These settings with another factor for {@code dynamic-ntk}. */
    public RopeSettings withDynamicFactor(double newFactor) {
        Copy copy = new Copy(this);
        copy.dynamicFactor = newFactor;
        return copy.settings();
    }

    /** These settings with other bounds of the ramp. */
    public RopeSettings withBetas(double fast, double slow) {
        Copy copy = new Copy(this);
        copy.betaFast = fast;
        copy.betaSlow = slow;
        return copy.settings();
    }

    /** These settings with or without whole bounds of YaRN's ramp. */
    public RopeSettings withTruncate(boolean wholeBounds) {
        Copy copy = new Copy(this);
        copy.truncate = wholeBounds;
        return copy.settings();
    }

    /** These settings with an attention scale given outright. */
    public RopeSettings withAttentionFactor(double scale) {
        Copy copy = new Copy(this);
        copy.attentionFactor = OptionalDouble.of(scale);
        return copy.settings();
    }

    /** These settings with YaRN's two attention weights. */
    public RopeSettings withMscale(double weight, double divisorWeight) {
        Copy copy = new Copy(this);
        copy.mscale = weight;
        copy.mscaleAllDim = divisorWeight;
        return copy.settings();
    }

    /** These settings with other bounds for {@code llama3}. */
    public RopeSettings withFrequencyFactors(double low, double high) {
        Copy copy = new Copy(this);
        copy.lowFrequencyFactor = low;
        copy.highFrequencyFactor = high;
        return copy.settings();
    }

    /** These settings with another rotated share for {@code proportional}. */
    public RopeSettings withRotatedShare(double share) {
        Copy copy = new Copy(this);
        copy.rotatedShare = share;
        return copy.settings();
    }

    /** These settings with LongRoPE's divisors up to and beyond the trained length. */
    public RopeSettings withDivisors(List<Double> shorter, List<Double> longer) {
        Copy copy = new Copy(this);
        copy.shortFactors = shorter;
        copy.longFactors = longer;
        return copy.settings();
    }

    /** The values of a settings record, to change some of them. */
    private static final class Copy {
        double factor;
        OptionalDouble newBase;
        double dynamicFactor;
        double betaFast;
        double betaSlow;
        boolean truncate;
        OptionalDouble attentionFactor;
        double mscale;
        double mscaleAllDim;
        double lowFrequencyFactor;
        double highFrequencyFactor;
        double rotatedShare;
        List<Double> shortFactors;
        List<Double> longFactors;

        Copy(RopeSettings settings) {
            factor = settings.factor;
            newBase = settings.newBase;
            dynamicFactor = settings.dynamicFactor;
            betaFast = settings.betaFast;
            betaSlow = settings.betaSlow;
            truncate = settings.truncate;
            attentionFactor = settings.attentionFactor;
            mscale = settings.mscale;
            mscaleAllDim = settings.mscaleAllDim;
            lowFrequencyFactor = settings.lowFrequencyFactor;
            highFrequencyFactor = settings.highFrequencyFactor;
            rotatedShare = settings.rotatedShare;
            shortFactors = settings.shortFactors;
            longFactors = settings.longFactors;
        }

        RopeSettings settings() {
            return new RopeSettings(
                    factor,
                    newBase,
                    dynamicFactor,
                    betaFast,
                    betaSlow,
                    truncate,
                    attentionFactor,
                    mscale,
                    mscaleAllDim,
                    lowFrequencyFactor,
                    highFrequencyFactor,
                    rotatedShare,
                    shortFactors,
                    longFactors);
        }
    }
}
