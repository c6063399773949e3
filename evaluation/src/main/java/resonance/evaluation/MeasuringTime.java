package resonance.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Time that measuring may take and has taken, as results tell it: so what follows from a budget follows from the results, and a
 * stopped run goes on to the same end.
 *
 * <p>A measurement is expected to take the longest that one of its kind took, or else its share of work at the pace so far.
 *
 * @param <K> kinds of measurements that take different times
 */
public final class MeasuringTime<K> {
    /** From here on a budget is told in whole seconds. */
    private static final double WHOLE_SECONDS = 10;

    private static final int NANOSECONDS = 9;

    private final double budget;
    private final ToDoubleFunction<K> workOf;
    private final Map<K, Double> slowest = new HashMap<>();
    private double spent;
    private double work;

    /**
     * Nothing is spent yet.
     *
     * @param budgetSeconds time that measuring may take; 0 for no bound
     * @param workOf a kind's work, in units that make kinds comparable
     */
    public MeasuringTime(double budgetSeconds, ToDoubleFunction<K> workOf) {
        this.budget = budgetSeconds == 0 ? Double.POSITIVE_INFINITY : budgetSeconds;
        this.workOf = workOf;
    }

    /** Counts a measurement of a kind, s. */
    public void took(K kind, double seconds) {
        spent += seconds;
        work += workOf.applyAsDouble(kind);
        slowest.merge(kind, seconds, Math::max);
    }

    /** Counts time that gave no result, s. */
    public void lost(double seconds) {
        spent += seconds;
    }

    /** Time that measuring took so far, s. */
    public double spent() {
        return spent;
    }

    /** Time that is left, s. */
    public double left() {
        return budget - spent;
    }

    /** All of the budget, s. */
    public double all() {
        return budget;
    }

    /** The budget less what is set aside for later, which is at most half of it, s. */
    public double allBut(double reserve) {
        return budget - Math.min(reserve, budget / 2);
    }

    /** Time that a measurement of a kind is expected to take, s; 0 while nothing is known. */
    public double expected(K kind) {
        Double longest = slowest.get(kind);
        if (longest != null) {
            return longest;
        }
        return work == 0 ? 0 : spent / work * workOf.applyAsDouble(kind);
    }

    /** Whether what takes so long is expected to end within an allowance; the first measurement always is. */
    public boolean fits(double seconds, double allowance) {
        return spent == 0 || spent + seconds <= allowance;
    }

    /** A budget in words, "1,200 s" or "0.5 s"; "none" for no bound. */
    public static String text(double budgetSeconds) {
        if (budgetSeconds == 0) {
            return "none";
        }
        return budgetSeconds >= WHOLE_SECONDS
                ? String.format(Locale.ROOT, "%,.0f s", budgetSeconds)
                : new BigDecimal(budgetSeconds)
                                .setScale(NANOSECONDS, RoundingMode.HALF_UP)
                                .stripTrailingZeros()
                                .toPlainString()
                        + " s";
    }
}
