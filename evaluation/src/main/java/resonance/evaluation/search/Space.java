package resonance.evaluation.search;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import resonance.rope.RopeShape;

/** What a search looks among. */
public enum Space {
    /** A divisor for every pair, as LongRoPE2 (arXiv:2502.20082) restricts them: {@link DivisorSpace}. */
    DIVISORS,
    /** A few parameters that the known scalings share: {@link ParameterSpace}. */
    PARAMETERS;

    /** {@code divisors}, {@code parameters}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The factors of a model that are looked among.
     *
     * @param shape rotary size, base and the length that is stretched
     * @param factor s, target length over that, above 1
     */
    FactorSpace of(RopeShape shape, double factor) {
        return this == DIVISORS ? new DivisorSpace(shape, factor) : new ParameterSpace(shape, factor);
    }
}
