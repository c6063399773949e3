package resonance.rope;

import java.util.List;

/**
 * YaRN as the Resonance RoPE paper prints it: the ramp is on L/lambda and wavelengths, not frequencies, are
 * interpolated.
 *
 * <pre>
 *   gamma_j   = clamp((trainedLength / lambda_j - betaSlow) / (betaFast - betaSlow), 0, 1)
 *   lambda'_j = (1 - gamma_j) * factor * lambda_j + gamma_j * lambda_j
 *   theta'_j  = 2*pi / lambda'_j                       attention scale 0.1 * ln(factor) + 1 </pre>
 *
 * <p>Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 3.3 (alpha = {@code betaSlow}, beta =
 * {@code betaFast}). No published model uses it; {@link YarnScaling} is the form to read and write models with. The
 * two differ only on the ramp.
 *
 * @param factor s, at least 1
 * @param betaFast turns above which a pair keeps its wavelength; above {@code betaSlow}
 * @param betaSlow turns below which a pair is stretched by the factor; above 0
 */
public record PaperYarnScaling(double factor, double betaFast, double betaSlow) implements RopeScaling {
    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "yarn-paper",
            "YaRN (as printed)",
            "YaRN on wavelengths, as the Resonance paper prints it",
            PaperYarnScaling.class,
            List.of(Parameter.FACTOR, YarnScaling.BETA_FAST, YarnScaling.BETA_SLOW),
            settings -> new PaperYarnScaling(
                    settings.factor(), settings.get(YarnScaling.BETA_FAST), settings.get(YarnScaling.BETA_SLOW)));

    public PaperYarnScaling {
        Require.atLeast("factor", factor, 1);
        Require.bounds("betaSlow", betaSlow, "betaFast", betaFast);
    }

    /** The paper's bounds for LLaMA: 32 and 1. */
    public PaperYarnScaling(double factor) {
        this(factor, YarnScaling.DEFAULT_BETA_FAST, YarnScaling.DEFAULT_BETA_SLOW);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            double kept = NtkByPartsScaling.keptShare(shape, radians[pair], betaFast, betaSlow);
            radians[pair] /= (1 - kept) * factor + kept;
        }
        return RopeFrequencies.of(radians, YarnScaling.magnitude(factor, 1));
    }
}
