package resonance.rope;

import java.util.List;

/**
 * NTK-aware interpolation: the base grows so that the slowest pair is slowed by exactly the factor and the fastest
 * not at all.
 *
 * <pre>
 *   base'    = base * factor^(headSize / (headSize - 2))
 *   theta'_j = base'^(-2j/headSize)                         attention scale 1 </pre>
 *
 * <p>Peng et al., "YaRN", 2023, arXiv:2309.00071, section 3.1, definition 1. The Resonance RoPE paper (appendix C.2)
 * words it as a plain change of base to {@code factor * base}; that is {@link AdjustedBaseScaling}.
 *
 * @param factor s, at least 1
 */
public record NtkAwareScaling(double factor) implements ChangedBase {
    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "ntk",
            "NTK-aware",
            "base b·s^(d/(d−2))",
            NtkAwareScaling.class,
            List.of(Parameter.FACTOR),
            settings -> new NtkAwareScaling(settings.factor()));

    public NtkAwareScaling {
        Require.atLeast("factor", factor, 1);
    }

    @Override
    public double scaledBase(RopeShape shape) {
        return base(shape, factor);
    }

    /** The base that slows the slowest pair by {@code factor}. */
    public static double base(RopeShape shape, double factor) {
        if (shape.headSize() <= 2) {
            throw Refusal.was("headSize", "must be above 2 for NTK-aware scaling", shape.headSize())
                    .cure("a single pair has no slower one to stretch, use linear");
        }
        return shape.base() * Math.pow(factor, shape.headSize() / (shape.headSize() - 2.0));
    }
}
