package resonance.rope;

import java.util.List;

/**
 * RoPE as it was trained: {@code theta_j = base^(-2j/headSize)}, attention scale 1.
 *
 * <p>Su et al., "RoFormer", 2021, arXiv:2104.09864, section 3.2.2. Hugging Face: {@code rope_type} "default".
 */
public record NoScaling() implements RopeScaling {
    /** Beside a model's own encoding. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "none",
            "No scaling",
            "Resonance alone",
            "RoFormer",
            NoScaling.class,
            List.of(),
            settings -> new NoScaling());

    /** The same where models are trained with it. */
    public static final ScalingMethod ROPE =
            new ScalingMethod("rope", "RoPE", METHOD.source(), NoScaling.class, List.of(), METHOD.factory());

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        return RopeFrequencies.of(shape.radiansPerToken(), 1);
    }
}
