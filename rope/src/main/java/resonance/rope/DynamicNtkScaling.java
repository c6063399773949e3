package resonance.rope;

import java.util.List;

/**
 * NTK-aware scaling that stretches only as far as the current text needs.
 *
 * <pre>
 *   s        = factor * n / L - (factor - 1),   n = max(sequenceLength, L),  L = trainedLength
 *   base'    = base * s^(headSize / (headSize - 2))
 *   theta'_j = base'^(-2j/headSize)                         attention scale 1 </pre>
 *
 * <p>With factor 1, s is the current length over the trained length: the definition of Peng et al., "YaRN", 2023,
 * arXiv:2309.00071, section 3.3, and of the Resonance RoPE paper, appendix C.2. Other factors are Hugging Face's
 * ({@code rope_type} "dynamic", where L is {@code max_position_embeddings}).
 *
 * @param factor growth of s per trained length beyond the first, at least 0: models' files may hold one below 1
 */
public record DynamicNtkScaling(double factor) implements RopeScaling {
    /** The factor of a method that stretches with the text by itself. */
    public static final Parameter<Double> DYNAMIC_FACTOR =
            Parameter.number("dynamicFactor", 1, Parameter.Range.AT_LEAST_1, "factor on top of the current length");

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "dynamic-ntk",
            "Dynamic NTK",
            "recomputed with length",
            DynamicNtkScaling.class,
            List.of(DYNAMIC_FACTOR),
            settings -> new DynamicNtkScaling(settings.get(DYNAMIC_FACTOR)));

    public DynamicNtkScaling {
        Require.atLeast("factor", factor, 0);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double lengths = Math.max(shape.sequenceLength(), shape.trainedLength()) / (double) shape.trainedLength();
        double stretch = factor * lengths - (factor - 1);
        return RopeFrequencies.of(
                shape.withBase(NtkAwareScaling.base(shape, stretch)).radiansPerToken(), 1);
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return true;
    }
}
