package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;

/**
 * The losses of one window added up in stretches of {@value #STRETCH} scored tokens, in the order of the text: what it takes
 * to hold two encodings against each other piece by piece.
 *
 * @param scored scored tokens of the window, at least 1
 * @param sums sum of the losses of each stretch, nats; the last stretch may be shorter
 */
public record WindowLosses(int scored, List<Double> sums) {

    /** Scored tokens in a stretch. */
    static final int STRETCH = 64;

    public WindowLosses {
        sums = List.copyOf(sums);
        int stretches = scored / STRETCH + (scored % STRETCH == 0 ? 0 : 1);
        if (scored < 1 || sums.size() != stretches) {
            throw new IllegalArgumentException("sums must be one for each stretch of " + STRETCH
                    + " of at least one scored token, were " + sums.size() + " for " + scored);
        }
    }

    /** The losses of a window's scored tokens in order, nats. */
    static WindowLosses of(float[] losses) {
        List<Double> sums = new ArrayList<>();
        for (int from = 0; from < losses.length; from += STRETCH) {
            double sum = 0;
            for (int i = from; i < Math.min(losses.length, from + STRETCH); i++) {
                sum += losses[i];
            }
            sums.add(sum);
        }
        return new WindowLosses(losses.length, sums);
    }

    /**
     * The mean of several measurements of the same windows, stretch by stretch.
     *
     * @param measurements at least one, each of the same windows
     */
    public static List<WindowLosses> mean(List<List<WindowLosses>> measurements) {
        List<WindowLosses> mean = new ArrayList<>();
        for (int window = 0; window < measurements.get(0).size(); window++) {
            List<Double> sums = new ArrayList<>();
            WindowLosses first = measurements.get(0).get(window);
            for (int stretch = 0; stretch < first.sums.size(); stretch++) {
                double sum = 0;
                for (List<WindowLosses> measurement : measurements) {
                    sum += measurement.get(window).sums.get(stretch);
                }
                sums.add(sum / measurements.size());
            }
            mean.add(new WindowLosses(first.scored, sums));
        }
        return List.copyOf(mean);
    }

    /** Mean loss of its scored tokens, nats. */
    public double mean() {
        return sums.stream().mapToDouble(Double::doubleValue).sum() / scored;
    }

    /** Scored tokens of a stretch. */
    int scored(int stretch) {
        return Math.min(STRETCH, scored - stretch * STRETCH);
    }
}
