package resonance.rope;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A plain change of base ("ABF"): {@code theta'_j = base'^(-2j/headSize)}; attention scale 1.
 *
 * <p>The new base is either {@code factor * base}, which is how the Resonance RoPE paper (arXiv:2403.00071, appendix
 * C.2) words NTK-aware scaling, or given outright, as in Xiong et al., "Effective Long-Context Scaling of Foundation
 * Models", 2023, arXiv:2309.16039 (500,000).
 *
 * @param factor multiplies the base, at least 1; 1 if {@code newBase} is given
 * @param newBase replaces the base, above 1; empty to multiply it
 */
public record AdjustedBaseScaling(double factor, OptionalDouble newBase) implements ChangedBase {
    /** The base in use. */
    public static final Parameter<OptionalDouble> NEW_BASE =
            Parameter.optional("newBase", Parameter.Range.ABOVE_1, "the base to use", "base times factor");

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "abf",
            "ABF",
            "base changed plainly",
            AdjustedBaseScaling.class,
            List.of(Parameter.FACTOR, NEW_BASE),
            settings -> settings.get(NEW_BASE).isPresent()
                    ? to(settings.get(NEW_BASE).getAsDouble())
                    : multipliedBy(settings.factor()));

    public AdjustedBaseScaling {
        Require.atLeast("factor", factor, 1);
        newBase.ifPresent(value -> Require.above("newBase", value, 1));
        if (newBase.isPresent() && factor != 1) {
            throw Refusal.was("factor", "must be 1 where {newBase} is given", factor);
        }
    }

    /** The base becomes {@code factor * base}. */
    public static AdjustedBaseScaling multipliedBy(double factor) {
        return new AdjustedBaseScaling(factor, OptionalDouble.empty());
    }

    /** The base becomes {@code newBase}. */
    public static AdjustedBaseScaling to(double newBase) {
        return new AdjustedBaseScaling(1, OptionalDouble.of(newBase));
    }

    @Override
    public double scaledBase(RopeShape shape) {
        return newBase.orElse(shape.base() * factor);
    }
}
