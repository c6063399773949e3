package resonance.serving.lint;

import java.util.List;
import java.util.Optional;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.StoredPeriods;

/** Whether divisors are those of Resonance over some scaling, as {@code resonance export} writes them. */
final class DivisorPeriods {
    private DivisorPeriods() {}

    /**
     * The rest of a sentence that begins with what holds the divisors; empty if they are others, or of no use.
     *
     * @param exported how the file says that they were rounded; none if it doesn't
     */
    static Optional<String> said(double base, List<Double> divisors, Rounding exported) {
        boolean computable = base > 1
                && Double.isFinite(base)
                && !divisors.isEmpty()
                && divisors.stream().allMatch(divisor -> divisor > 1 / RopeFrequencies.LARGEST_FREQUENCY);
        if (!computable) {
            return Optional.empty();
        }
        double[] radians = RopeShape.of(2 * divisors.size(), base, 1).radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            radians[pair] /= divisors.get(pair);
        }
        return StoredPeriods.in(RopeFrequencies.of(radians, 1), exported)
                .map(periods -> " gives " + periods.count() + " of " + radians.length
                        + " pairs the frequencies of Resonance, " + periods.text() + "; they are used as they are");
    }
}
