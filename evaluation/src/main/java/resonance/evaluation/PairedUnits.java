package resonance.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Differences of two treatments on the same units (seeds, documents, questions), each with what it weighs.
 *
 * <pre>  unit k of n: a sum y_k over a weight w_k          W = sum w_k
 *   mean           = sum y_k / W
 *   standard error = sqrt(n / (n−1) · sum (y_k − mean · w_k)²) / W
 *   t              = mean / standard error
 *   p by t         = P(|T| ≥ |t|), T Student's with n − 1 degrees of freedom
 *   p by sign flips = share of all 2^n choices of signs with |sum ±y_k| ≥ |sum y_k| </pre>
 *
 * <p><b>Two tests.</b> The t test decides as the {@link Interval} does, and takes for granted what it does: that differences are
 * roughly normal. Mean losses over thousands of tokens are; accuracies that touch 0 or 100 % are skewed and tied, and nobody can
 * tell of five values. Sign flips (Fisher, "The Design of Experiments", 1935, section 21) take for granted only that without an effect a
 * difference is as likely as its negative, and are exact for any n, but can't give less than 2^(1−n): 0.0625 with five units, which is
 * never below 0.05. Where they agree with t, nothing rests on a shape.
 *
 * @param sums y_k, at least one
 * @param weights w_k, as many, each above 0
 */
public record PairedUnits(List<Double> sums, List<Double> weights) {
    /** Units up to which every choice of signs is counted: a million. Above, means are near enough to normal. */
    public static final int MOST_FLIPPED = 20;

    /** Sums that differ by less are equal but for rounding, as a share of the sum of all |y_k|. */
    private static final double ROUNDING = 1e-12;

    public PairedUnits {
        sums = List.copyOf(sums);
        weights = List.copyOf(weights);
        if (sums.isEmpty() || weights.size() != sums.size()) {
            throw new IllegalArgumentException("sums and weights must be as many and at least one, were " + sums.size()
                    + " and " + weights.size());
        }
        for (double weight : weights) {
            if (!(weight > 0)) {
                throw new IllegalArgumentException("weights must be above 0, found " + weight);
            }
        }
    }

    /** Differences that count alike. */
    public static PairedUnits of(List<Double> differences) {
        return new PairedUnits(differences, Collections.nCopies(differences.size(), 1.0));
    }

    /**
     * Differences of groups that count alike, each of them the weighted mean of its own units: a unit's weight is its share of its
     * group.
     *
     * @param groups of each unit, by name; at least one unit
     * @param differences of each unit
     * @param weights of each unit within its group, each above 0
     */
    public static PairedUnits ofGroups(List<String> groups, List<Double> differences, List<Double> weights) {
        Map<String, Double> totals = new HashMap<>();
        for (int k = 0; k < groups.size(); k++) {
            totals.merge(groups.get(k), weights.get(k), Double::sum);
        }
        List<Double> sums = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int k = 0; k < groups.size(); k++) {
            double share = weights.get(k) / Objects.requireNonNull(totals.get(groups.get(k)));
            sums.add(share * differences.get(k));
            shares.add(share);
        }
        return new PairedUnits(sums, shares);
    }

    /** n. */
    public int count() {
        return sums.size();
    }

    /** The weighted mean. */
    public double mean() {
        return sum(sums) / sum(weights);
    }

    /** Standard error of the mean; NaN of one unit. */
    public double standardError() {
        int n = count();
        if (n == 1) {
            return Double.NaN;
        }
        double mean = mean();
        double squares = 0;
        for (int k = 0; k < n; k++) {
            double residual = sums.get(k) - mean * weights.get(k);
            squares += residual * residual;
        }
        return Math.sqrt(n / (n - 1.0) * squares) / sum(weights);
    }

    /** Whether all differences are one but for rounding, which leaves t nothing to divide by. */
    public boolean alike() {
        double mean = mean();
        for (int k = 0; k < count(); k++) {
            if (Math.abs(sums.get(k) - mean * weights.get(k)) > ROUNDING * Math.abs(mean) * weights.get(k)) {
                return false;
            }
        }
        return true;
    }

    /** The mean with its 95 % interval. */
    public Interval interval() {
        return interval(Interval.CONFIDENCE);
    }

    /** The mean with its interval of another confidence, above 0 and below 1. */
    public Interval interval(double confidence) {
        if (count() == 1) {
            return new Interval(1, mean(), Double.NaN, Double.NaN);
        }
        return Interval.around(count(), mean(), standardError(), confidence);
    }

    /**
     * Two-sided p of a mean of 0 by t; by sign flips where all differences are {@linkplain #alike alike}. NaN of one unit.
     */
    public double studentP() {
        if (count() == 1) {
            return Double.NaN;
        }
        return alike() ? alikeP() : StudentT.twoSidedP(mean() / standardError(), count() - 1);
    }

    /** Two-sided p of a mean of 0 by sign flips, all of them; NaN of one unit, or of more than {@value #MOST_FLIPPED}. */
    public double signFlipP() {
        if (count() == 1 || count() > MOST_FLIPPED) {
            return Double.NaN;
        }
        double[] flipped = sums.stream().mapToDouble(Double::doubleValue).toArray();
        double all = 0;
        for (double sum : flipped) {
            all += Math.abs(sum);
        }
        // The first sign stays: the other half is this one's mirror.
        long extreme = extreme(flipped, 1, flipped[0], Math.abs(sum(sums)) - ROUNDING * all);
        return extreme / Math.scalb(1.0, count() - 1);
    }

    private static long extreme(double[] flipped, int next, double sum, double bound) {
        if (next == flipped.length) {
            return Math.abs(sum) >= bound ? 1 : 0;
        }
        return extreme(flipped, next + 1, sum + flipped[next], bound)
                + extreme(flipped, next + 1, sum - flipped[next], bound);
    }

    /** The least p that sign flips of n units can give: 2^(1−n). */
    public static double leastSignFlipP(int units) {
        return Math.scalb(1.0, 1 - units);
    }

    private double alikeP() {
        return mean() == 0 ? 1 : leastSignFlipP(count());
    }

    private static double sum(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
