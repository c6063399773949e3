package resonance.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mean with its 95 % confidence interval, from units that were measured independently of each other.
 *
 * <pre>  unit k of n: a sum y_k over a weight w_k          W = sum w_k
 *   mean           = sum y_k / W
 *   standard error = sqrt(n / (n−1) · sum (y_k − mean · w_k)²) / W
 *   low, high      = mean ∓ t · standard error,       t: 97.5 % of Student's t with n − 1 degrees of freedom </pre>
 *
 * <p>With equal weights this is the t interval of a mean; with unequal ones the standard error is the ratio estimator's,
 * which is that of a mean over clusters of unequal size (Cochran, "Sampling Techniques", 3rd edition, 1977, chapter 6).
 *
 * <p><b>Why t.</b> The spread of a handful of units is itself only estimated, and 1.96 standard errors of five of them cover
 * the truth in 88 % of all cases; t with n − 1 degrees of freedom makes that 95 %. <b>What it takes for granted:</b> that
 * units are independent, alike in distribution, and differences between them roughly normal. It is exact for normal units of
 * equal weight, and near for symmetric ones. Few units that are skewed, such as accuracies that all touch 100 %, or very
 * unequal weights, make it an approximation that covers less. One unit has no interval. Units that are all alike have one
 * without width, which t knows nothing of: it decides only where sign flips of as many units can, which takes six.
 *
 * @param units n, at least 1
 * @param mean weighted mean
 * @param low lower end; NaN for one unit
 * @param high upper end; NaN for one unit
 */
public record Interval(int units, double mean, double low, double high) {

    /** How often an interval made this way contains what it estimates. */
    public static final double CONFIDENCE = 0.95;

    private static final int MOST_DECIMALS = 4;

    /** Ends that differ by less are one but for rounding, as a share of the mean. */
    private static final double ROUNDING = 1e-12;

    /** The interval of the mean of values that count alike, from their summary. */
    public static Interval of(Summary values) {
        if (values.count() == 1) {
            return new Interval(1, values.mean(), Double.NaN, Double.NaN);
        }
        return around(values.count(), values.mean(), values.standardError(), CONFIDENCE);
    }

    /**
     * The interval of a weighted mean.
     *
     * @param sums y_k, at least one
     * @param weights w_k, as many, each above 0
     */
    public static Interval ofSums(List<Double> sums, List<Double> weights) {
        return new PairedUnits(sums, weights).interval();
    }

    /**
     * The interval of the mean of groups that count alike, each of them the weighted mean of its own units: a unit's weight is its share
     * of its group. With one group that is the interval of a weighted mean.
     *
     * @param groups of each unit, by name; at least one unit
     * @param values of each unit
     * @param weights of each unit within its group, each above 0
     */
    public static Interval ofGroups(List<String> groups, List<Double> values, List<Double> weights) {
        return PairedUnits.ofGroups(groups, values, weights).interval();
    }

    /** The interval of a confidence around a mean of at least two units, from its standard error. */
    static Interval around(int units, double mean, double error, double confidence) {
        double half = StudentT.twoSided(confidence, units - 1) * error;
        return new Interval(units, mean, mean - half, mean + half);
    }

    /** The lower end for JSON, null where there is none. */
    public @Nullable Double lowOrNull() {
        return Double.isNaN(low) ? null : low;
    }

    /** The upper end for JSON, null where there is none. */
    public @Nullable Double highOrNull() {
        return Double.isNaN(high) ? null : high;
    }

    /** What it decides where the quantity is a difference, and {@code higherIsBetter} or lower. */
    public Verdict verdict(boolean higherIsBetter) {
        if (isOfFewAlike()) {
            return Verdict.UNDECIDED;
        }
        if (low > 0) {
            return higherIsBetter ? Verdict.BETTER : Verdict.WORSE;
        }
        if (high < 0) {
            return higherIsBetter ? Verdict.WORSE : Verdict.BETTER;
        }
        return Verdict.UNDECIDED;
    }

    /** Whether its units are all alike but for rounding, and too few for that to decide anything. */
    public boolean isOfFewAlike() {
        return high - low <= ROUNDING * Math.abs(mean) && PairedUnits.leastSignFlipP(units) > 1 - CONFIDENCE;
    }

    /** Times a factor above 0. */
    public Interval times(double factor) {
        return new Interval(units, factor * mean, factor * low, factor * high);
    }

    /** As text with signs, "+0.9 [−0.3, +2.1]"; the mean alone where there are no ends. Zero is "+0.0". */
    public String text(int decimals) {
        return Double.isNaN(low) ? meanText(decimals) : meanText(decimals) + " " + endsText(decimals);
    }

    /** As {@link #text}, with as many decimals more as it takes, up to {@value #MOST_DECIMALS}, to show that it does not contain 0. */
    public String decidingText(int least) {
        return text(decidingDecimals(least));
    }

    /** The ends alone, with as many decimals as {@link #decidingText} has. */
    public String decidingEnds(int least) {
        return endsText(decidingDecimals(least));
    }

    private int decidingDecimals(int least) {
        double nearest = Math.min(Math.abs(low), Math.abs(high));
        int decimals = least;
        while (verdict(true) != Verdict.UNDECIDED
                && nearest * Math.pow(10, decimals) < 0.5
                && decimals < MOST_DECIMALS) {
            decimals++;
        }
        return decimals;
    }

    /** The mean alone, "+0.9". */
    public String meanText(int decimals) {
        return signed(mean, decimals);
    }

    /** The ends alone, "[−0.3, +2.1]". */
    public String endsText(int decimals) {
        return "[" + signed(low, decimals) + ", " + signed(high, decimals) + "]";
    }

    private static String signed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        // Rounded first, so that -0.04 is +0.0 and not -0.0.
        BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
        return String.format(Locale.ROOT, "%+." + decimals + "f", rounded).replace('-', '−');
    }
}
