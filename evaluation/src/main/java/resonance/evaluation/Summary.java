package resonance.evaluation;

import java.util.List;
import java.util.Locale;

/**
 * What a handful of measurements of one quantity say: how many, their mean, their spread.
 *
 * <pre>  mean = (1/n) sum x_i          variance = (1/(n-1)) sum (x_i - mean)^2      (sample variance) </pre>
 *
 * <p>The paper's table 1 prints mean ± variance and leaves open whether the variance is of fractions or of percents. We
 * print mean ± standard deviation in percent, whose unit is the unit of the mean.
 *
 * @param count measurements, at least 1
 * @param mean their arithmetic mean
 * @param variance sample variance; NaN for a single measurement, which has none
 * @param min smallest measurement
 * @param max largest measurement
 */
public record Summary(int count, double mean, double variance, double min, double max) {

    /** Summarises the values. Any NaN among them makes every figure NaN. */
    public static Summary of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values must not be empty");
        }
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        double mean = sum / values.size();
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double variance = values.size() == 1 ? Double.NaN : squares / (values.size() - 1);
        return new Summary(values.size(), mean, variance, min, max);
    }

    /** Square root of the sample variance; NaN for a single measurement. */
    public double standardDeviation() {
        return Math.sqrt(variance);
    }

    /** Standard error of the mean; NaN for a single measurement. */
    public double standardError() {
        return Math.sqrt(variance / count);
    }

    /** A summary of fractions as text in percent, "54.1 ± 2.3": mean and standard deviation, or the mean alone. */
    public String inPercent() {
        if (count == 1) {
            return String.format(Locale.ROOT, "%.1f", 100 * mean);
        }
        return String.format(Locale.ROOT, "%.1f ± %.1f", 100 * mean, 100 * standardDeviation());
    }
}
