package resonance.rope;

import java.util.List;

/**
 * NTK-by-parts interpolation: fast pairs keep their frequency, slow ones are interpolated, a ramp on the number of
 * turns joins them.
 *
 * <pre>
 *   r_j      = trainedLength / lambda_j                              turns within the trained length
 *   gamma_j  = clamp((r_j - betaSlow) / (betaFast - betaSlow), 0, 1)
 *   theta'_j = (1 - gamma_j) * theta_j / factor + gamma_j * theta_j   attention scale 1 </pre>
 *
 * <p>Peng et al., "YaRN", 2023, arXiv:2309.00071, section 3.2, definition 2 (alpha = {@code betaSlow}, beta =
 * {@code betaFast}). {@link YarnScaling} puts its ramp on the pair's index instead, as every published implementation
 * does.
 *
 * @param factor s, at least 1
 * @param betaFast turns above which a pair keeps its frequency; above {@code betaSlow}
 * @param betaSlow turns below which a pair is interpolated; above 0
 */
public record NtkByPartsScaling(double factor, double betaFast, double betaSlow) implements RopeScaling {
    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "ntk-by-parts",
            "NTK-by-parts",
            YarnScaling.SOURCE,
            NtkByPartsScaling.class,
            List.of(Parameter.FACTOR, YarnScaling.BETA_FAST, YarnScaling.BETA_SLOW),
            settings -> new NtkByPartsScaling(
                    settings.factor(), settings.get(YarnScaling.BETA_FAST), settings.get(YarnScaling.BETA_SLOW)));

    public NtkByPartsScaling {
        Require.atLeast("factor", factor, 1);
        Require.bounds("betaSlow", betaSlow, "betaFast", betaFast);
    }

    /** The YaRN paper's bounds for LLaMA: 32 and 1. */
    public NtkByPartsScaling(double factor) {
        this(factor, YarnScaling.DEFAULT_BETA_FAST, YarnScaling.DEFAULT_BETA_SLOW);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            double kept = keptShare(shape, radians[pair], betaFast, betaSlow);
            radians[pair] = (1 - kept) * radians[pair] / factor + kept * radians[pair];
        }
        return RopeFrequencies.of(radians, 1);
    }

    /** gamma: the share of a pair's own frequency (or wavelength) that is kept, 0 to 1. */
    static double keptShare(RopeShape shape, double radiansPerToken, double betaFast, double betaSlow) {
        double turns = shape.trainedLength() * radiansPerToken / (2 * Math.PI);
        return Math.min(1, Math.max(0, (turns - betaSlow) / (betaFast - betaSlow)));
    }
}
