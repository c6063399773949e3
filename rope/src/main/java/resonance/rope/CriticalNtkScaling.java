package resonance.rope;

import java.util.List;

/**
 * NTK-aware interpolation by the critical pair: the base grows so that the pair that makes exactly one turn within the trained
 * length makes exactly one within the target length.
 *
 * <pre>
 *   base'    = base^(ln(factor * trainedLength / (2*pi)) / ln(trainedLength / (2*pi)))
 *   theta'_j = base'^(-2j/headSize)                         attention scale 1 </pre>
 *
 * <p>The critical pair, of index {@code headSize/2 * log_base(trainedLength/(2*pi))}, is slowed by the factor, faster ones by
 * less and slower ones by more; {@link NtkAwareScaling} slows the slowest pair by the factor, and so lets every pair turn
 * further in than training covered.
 *
 * <p>Liu et al., "Scaling Laws of RoPE-based Extrapolation", 2023, arXiv:2310.05209, gives this base; Shang et al.,
 * "LongRoPE2", 2025, arXiv:2502.20082, compares with it. There models are trained on with the new base, here it is used as it
 * is; else nothing differs. A trained length of 2*pi tokens or less has no critical pair and is refused.
 *
 * @param factor s, target length over trained length, at least 1
 */
public record CriticalNtkScaling(double factor) implements ChangedBase {
    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "ntk-critical",
            "Critical NTK",
            "base b^(log_{L/2π}(sL/2π))",
            CriticalNtkScaling.class,
            List.of(Parameter.FACTOR),
            settings -> new CriticalNtkScaling(settings.factor()));

    public CriticalNtkScaling {
        Require.atLeast("factor", factor, 1);
    }

    @Override
    public double scaledBase(RopeShape shape) {
        double radians = shape.trainedLength() / (2 * Math.PI);
        if (radians <= 1) {
            throw Refusal.was("trainedLength", "must be above 2*pi for critical NTK scaling", shape.trainedLength())
                    .cure("no pair makes a whole turn in less, use ntk");
        }
        double base = Math.pow(shape.base(), Math.log(factor * radians) / Math.log(radians));
        if (!Double.isFinite(base)) {
            throw Refusal.was(
                            "factor",
                            "must leave the critical base a finite number for {base} " + PlainNumber.text(shape.base())
                                    + " and {trainedLength} " + shape.trainedLength(),
                            factor)
                    .cure("take a smaller one");
        }
        return base;
    }
}
