package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Losses by their position in the window, in buckets of equal width: it shows where a model breaks.
 *
 * <pre>  width   = ceil(length / 64) positions      buckets = ceil(length / width), the last possibly narrower
 *   position p of a window, from 0 and BOS included, belongs to bucket floor(p / width) </pre>
 *
 * @param length positions in a whole window, at least 1
 * @param sums sum of the losses in each bucket, nats
 * @param counts scored tokens in each bucket
 */
public record LossByPosition(int length, List<Double> sums, List<Long> counts) {

    /** Most buckets there are. */
    public static final int MOST_BUCKETS = 64;

    public LossByPosition {
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1, was " + length);
        }
        sums = List.copyOf(sums);
        counts = List.copyOf(counts);
        int buckets = buckets(length);
        if (sums.size() != buckets || counts.size() != buckets) {
            throw new IllegalArgumentException("sums and counts must have " + buckets + " buckets for length " + length
                    + ", had " + sums.size() + " and " + counts.size());
        }
    }

    /** No losses of windows of a length. */
    public static LossByPosition none(int length) {
        int buckets = buckets(length);
        return new LossByPosition(length, Collections.nCopies(buckets, 0.0), Collections.nCopies(buckets, 0L));
    }

    /** Positions in a bucket for windows of a length. */
    static int width(int length) {
        return (length + MOST_BUCKETS - 1) / MOST_BUCKETS;
    }

    /** Buckets for windows of a length. */
    static int buckets(int length) {
        return (length + width(length) - 1) / width(length);
    }

    /** Positions in every bucket but perhaps the last. */
    public int width() {
        return width(length);
    }

    /** Number of buckets. */
    public int buckets() {
        return counts.size();
    }

    /** First position of a bucket. */
    public int from(int bucket) {
        return bucket * width();
    }

    /** Position after the last of a bucket. */
    public int to(int bucket) {
        return Math.min(length, from(bucket) + width());
    }

    /** Mean loss in a bucket, nats; NaN where no token was scored. */
    public double mean(int bucket) {
        return sums.get(bucket) / counts.get(bucket);
    }

    /** Middles of the buckets, positions: the abscissae of a chart. */
    public List<Double> middles() {
        return IntStream.range(0, buckets())
                .mapToObj(bucket -> (from(bucket) + to(bucket) - 1) / 2.0)
                .toList();
    }

    /** Mean loss bucket by bucket, nats. */
    public List<Double> means() {
        return IntStream.range(0, buckets()).mapToObj(this::mean).toList();
    }

    /** These losses and the others', of windows of the same length. */
    public LossByPosition plus(LossByPosition other) {
        if (other.length != length) {
            throw new IllegalArgumentException(
                    "losses added up must be of one length, were of " + length + " and " + other.length);
        }
        List<Double> allSums = new ArrayList<>();
        List<Long> allCounts = new ArrayList<>();
        for (int bucket = 0; bucket < buckets(); bucket++) {
            allSums.add(sums.get(bucket) + other.sums.get(bucket));
            allCounts.add(counts.get(bucket) + other.counts.get(bucket));
        }
        return new LossByPosition(length, allSums, allCounts);
    }
}
