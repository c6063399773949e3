package resonance.rope;

import java.util.List;

/**
 * Position interpolation: every position is divided by the factor, {@code theta'_j = theta_j / factor}; attention
 * scale 1.
 *
 * <p>Chen et al., "Extending Context Window of Large Language Models via Positional Interpolation", 2023,
 * arXiv:2306.15595. Hugging Face: {@code rope_type} "linear".
 *
 * @param factor s, above 0: models' files may hold one below 1
 */
public record LinearScaling(double factor) implements RopeScaling {
    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "linear",
            "Linear",
            "position interpolation",
            LinearScaling.class,
            List.of(Parameter.FACTOR),
            settings -> new LinearScaling(settings.factor()));

    public LinearScaling {
        Require.above("factor", factor, 0);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            radians[pair] /= factor;
        }
        return RopeFrequencies.of(radians, 1);
    }
}
