package resonance.rope;

/**
 * RoPE as it was trained: {@code theta_j = base^(-2j/headSize)}, attention scale 1.
 *
 * <p>Su et al., "RoFormer", 2021, arXiv:2104.09864, section 3.2.2. Hugging Face: {@code rope_type} "default".
 */
public record NoScaling() implements RopeScaling {
    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        return RopeFrequencies.of(shape.radiansPerToken(), 1);
    }
}
