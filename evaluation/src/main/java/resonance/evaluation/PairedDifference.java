package resonance.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How much one treatment changes a quantity against another, measured pair by pair over the same seeds.
 *
 * <p>A seed fixes the data and the initial weights, so the difference within a seed is free of what the seed itself makes
 * easy or hard, and is the sharper answer to "does it help?" than two means side by side.
 *
 * @param differences treatment minus baseline, one for each seed; the standard error is that of their mean
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

    /** A difference of fractions as text in percentage points, "+12.1 ± 1.0": mean and standard error. */
    public String inPoints() {
        if (count() == 1) {
            return String.format(Locale.ROOT, "%+.1f", meanInPoints());
        }
        return String.format(Locale.ROOT, "%+.1f ± %.1f", meanInPoints(), 100 * differences.standardError());
    }

    /** The mean difference of fractions in percentage points, to one decimal and never a negative zero. */
    public double meanInPoints() {
        return Math.round(1000 * differences.mean()) / 10.0;
    }
}
