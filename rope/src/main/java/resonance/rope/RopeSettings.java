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
        return new RopeSettings(
                newFactor,
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

    /** These settings with a base for {@code abf}. */
    public RopeSettings withNewBase(double base) {
        return new RopeSettings(
                factor,
                OptionalDouble.of(base),
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

    /** These settings with another factor for {@code dynamic-ntk}. */
    public RopeSettings withDynamicFactor(double newFactor) {
        return new RopeSettings(
                factor,
                newBase,
                newFactor,
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

    /** These settings with other bounds of the ramp. */
    public RopeSettings withBetas(double fast, double slow) {
        return new RopeSettings(
                factor,
                newBase,
                dynamicFactor,
                fast,
                slow,
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

    /** These settings with or without whole bounds of YaRN's ramp. */
    public RopeSettings withTruncate(boolean wholeBounds) {
        return new RopeSettings(
                factor,
                newBase,
                dynamicFactor,
                betaFast,
                betaSlow,
                wholeBounds,
                attentionFactor,
                mscale,
                mscaleAllDim,
                lowFrequencyFactor,
                highFrequencyFactor,
                rotatedShare,
                shortFactors,
                longFactors);
    }

    /** These settings with an attention scale given outright. */
    public RopeSettings withAttentionFactor(double scale) {
        return new RopeSettings(
                factor,
                newBase,
                dynamicFactor,
                betaFast,
                betaSlow,
                truncate,
                OptionalDouble.of(scale),
                mscale,
                mscaleAllDim,
                lowFrequencyFactor,
                highFrequencyFactor,
                rotatedShare,
                shortFactors,
                longFactors);
    }

    /** These settings with YaRN's two attention weights. */
    public RopeSettings withMscale(double weight, double divisorWeight) {
        return new RopeSettings(
                factor,
                newBase,
                dynamicFactor,
                betaFast,
                betaSlow,
                truncate,
                attentionFactor,
                weight,
                divisorWeight,
                lowFrequencyFactor,
                highFrequencyFactor,
                rotatedShare,
                shortFactors,
                longFactors);
    }

    /** These settings with other bounds for {@code llama3}. */
    public RopeSettings withFrequencyFactors(double low, double high) {
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
                low,
                high,
                rotatedShare,
                shortFactors,
                longFactors);
    }

    /** These settings with another rotated share for {@code proportional}. */
    public RopeSettings withRotatedShare(double share) {
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
                share,
                shortFactors,
                longFactors);
    }

    /** These settings with LongRoPE's divisors up to and beyond the trained length. */
    public RopeSettings withDivisors(List<Double> shorter, List<Double> longer) {
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
                shorter,
                longer);
    }
}
