package resonance.rope;

import java.util.List;

/**
 * Mixed-radix RoPE (MrRoPE) in its progressive form: between YaRN's bounds every pair is slowed against the one before by a
 * factor of its own, which grows evenly, where YaRN mixes two frequencies.
 *
 * <pre>
 *   c(r)     = headSize * ln(trainedLength / (2*pi*r)) / (2 * ln(base))     index of the pair that makes r turns
 *   low      = max(floor(c(betaFast)), 0)            high = min(ceil(c(betaSlow)), headSize - 1)
 *   k        = j - low                               w    = high - low
 *   theta'_j = theta_j                                  for j &lt;= low
 *              theta_j / factor^(k*(k+1) / (w*(w+1)))   between
 *              theta_j / factor                         for j &gt;= high
 *   attention scale = 0.1 * ln(factor) + 1,  1 if factor is 1 </pre>
 *
 * <p>"MrRoPE: Mixed-radix Rotary Position Embedding", 2025; the formula is that of the authors' code, github.com/mattian7/mrRoPE
 * d1a6f31, {@code scaled_rope/LlamaYaRNRadix.py}, {@code yarn_radix3}, which its class uses and which fixes neither bound.
 * Bounds and attention scale are {@link YarnScaling}'s. Differs from it where no pair lies between the bounds ({@code w <= 0},
 * short trained lengths): there its division by {@code w*(w+1)} fails for 0 and -1, and this is a step, as it is for the rest.
 *
 * @param factor s, at least 1
 * @param betaFast turns within the trained length above which a pair keeps its frequency; above {@code betaSlow}
 * @param betaSlow turns below which a pair is slowed by the whole factor; above 0
 */
public record MixedRadixScaling(double factor, double betaFast, double betaSlow) implements RopeScaling {
    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "mrrope",
            "MrRoPE",
            "mixed radix between YaRN's bounds",
            MixedRadixScaling.class,
            List.of(Parameter.FACTOR, YarnScaling.BETA_FAST, YarnScaling.BETA_SLOW),
            settings -> new MixedRadixScaling(
                    settings.factor(), settings.get(YarnScaling.BETA_FAST), settings.get(YarnScaling.BETA_SLOW)));

    public MixedRadixScaling {
        Require.atLeast("factor", factor, 1);
        Require.bounds("betaSlow", betaSlow, "betaFast", betaFast);
    }

    /** The authors' bounds: 32 and 1. */
    public MixedRadixScaling(double factor) {
        this(factor, YarnScaling.DEFAULT_BETA_FAST, YarnScaling.DEFAULT_BETA_SLOW);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double low = Math.max(YarnScaling.fastEnd(shape, betaFast, true), 0);
        double high = Math.min(YarnScaling.slowEnd(shape, betaSlow, true), shape.headSize() - 1);
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            radians[pair] /= Math.pow(factor, exponent(pair - low, high - low));
        }
        return RopeFrequencies.of(radians, YarnScaling.magnitude(factor, 1));
    }

    /** The share of ln(factor) that a pair k after the lower bound gets, 0 to 1. */
    private static double exponent(double k, double w) {
        if (k <= 0) {
            return 0;
        }
        return k >= w ? 1 : k * (k + 1) / (w * (w + 1));
    }
}
