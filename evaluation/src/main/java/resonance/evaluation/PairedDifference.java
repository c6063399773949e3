package resonance.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * How much one treatment changes a quantity against another, measured pair by pair over the same seeds.
 *
 * <p>A seed fixes the data and the initial weights, so the difference within a seed is free of what the seed itself makes
 * easy or hard, and is the sharper answer to "does it help?" than two means side by side. Seeds are the units of its
 * {@link Interval}: it speaks of other seeds of the same experiment, and of nothing else.
 *
 * <p>The counts of seeds are a sign test for those who want no t: all of n seeds on one side has a chance of 2^(1−n) if
 * there is no difference, 6 % for five seeds. The verdict does not depend on them.
 *
 * @param differences treatment minus baseline, one for each seed
 * @param better seeds in which the treatment was strictly higher
 * @param worse seeds in which it was strictly lower
 */
public record PairedDifference(Summary differences, int better, int worse) {

    /**
     * Compares values of the same seeds, given in the same order.
     *
     * @param treatment at least one value
     * @param baseline as many values
     */
    public static PairedDifference of(List<Double> treatment, List<Double> baseline) {
        if (treatment.size() != baseline.size()) {
            throw new IllegalArgumentException("treatment and baseline must have as many values, had "
                    + treatment.size() + " and " + baseline.size());
        }
        List<Double> differences = new ArrayList<>(treatment.size());
        int better = 0;
        int worse = 0;
        for (int i = 0; i < treatment.size(); i++) {
            double difference = treatment.get(i) - baseline.get(i);
            differences.add(difference);
            if (difference > 0) {
                better++;
            } else if (difference < 0) {
                worse++;
            }
        }
        return new PairedDifference(Summary.of(differences), better, worse);
    }

    /** Seeds compared. */
    public int count() {
        return differences.count();
    }

    /** The mean difference with its interval, over seeds. */
    public Interval interval() {
        return Interval.of(differences);
    }

    /** What the interval decides, for a quantity of which more is better; with one seed nothing. */
    public Verdict verdict() {
        return interval().verdict(true);
    }

    /**
     * A difference of fractions as text in percentage points, "+12.1 [+9.9, +14.3]": mean and interval, with two decimals where it
     * is narrower than a point.
     */
    public String inPoints() {
        Interval points = interval().times(100);
        return points.decidingText(points.high() - points.low() < 1 ? 2 : 1);
    }
}
