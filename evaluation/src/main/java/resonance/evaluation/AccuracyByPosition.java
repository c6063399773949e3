package resonance.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Teacher-forced next-token accuracy, counted separately at each position of a set of equally long sequences.
 *
 * <pre>  accuracy(l) = rows whose token l counts and was predicted correctly from the true tokens 0 .. l-1
 *                 / rows whose token l counts
 *   ID          = the same over all l with seedTokens &lt;= l &lt; trainedLength
 *   OOD         = the same over all l with trainedLength &lt;= l &lt; length                positions l count from 0 </pre>
 *
 * <p>Where every token of every row counts, ID and OOD are the means of accuracy(l). A position where no row has a token that
 * counts has no accuracy, which is NaN.
 *
 * <p>This is the accuracy of table 1 in Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 6.1. The authors'
 * code calls it "generation"; nothing is generated, since every prediction is made from the true tokens, and an error at
 * one position therefore cannot spoil the next. Seed tokens are random by construction, so they are left out of both
 * means, but they are counted, and a model that learnt well is at chance level there.
 *
 * <p>Immutable.
 */
public final class AccuracyByPosition {

    /** Says which tokens of a sequence count. */
    @FunctionalInterface
    public interface Counted {
        /** Every token of every sequence. */
        Counted ALL = (sequence, position) -> true;

        /** Whether the token at a position, from 0, counts. */
        boolean counts(int[] sequence, int position);
    }

    private final long[] correct;
    private final long[] counted;
    private final long sequences;

    private AccuracyByPosition(long[] correct, long[] counted, long sequences) {
        this.correct = correct;
        this.counted = counted;
        this.sequences = sequences;
    }

    /**
     * Counts of no sequences at all, the neutral element of {@link #merge}.
     *
     * @param length positions in a sequence, at least 1
     */
    public static AccuracyByPosition empty(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1, was " + length);
        }
        return new AccuracyByPosition(new long[length], new long[length], 0);
    }

    /**
     * Asks the predictor about the sequences, a batch at a time, and counts its hits on the tokens that count.
     *
     * @param sequences {@code [row][position]}, at least one row, all of one length
     * @param counted which of their tokens count
     * @param rowsPerBatch most rows handed to the predictor in one call, at least 1; the result does not depend on it
     */
    public static AccuracyByPosition measure(
            NextTokenPredictor predictor, int[][] sequences, Counted counted, int rowsPerBatch) {
        if (rowsPerBatch < 1) {
            throw new IllegalArgumentException("rowsPerBatch must be at least 1, was " + rowsPerBatch);
        }
        if (sequences.length == 0) {
            throw new IllegalArgumentException("sequences must have at least one row, had none");
        }
        AccuracyByPosition total = empty(sequences[0].length);
        for (int start = 0; start < sequences.length; start += rowsPerBatch) {
            int end = Math.min(sequences.length, start + rowsPerBatch);
            int[][] batch = Arrays.copyOfRange(sequences, start, end);
            total = total.merge(count(batch, predictor.predictions(batch), counted));
        }
        return total;
    }

    /**
     * Counts where the predictions equal the true tokens that count.
     *
     * @param truth {@code [row][position]}, at least one row, all of one length
     * @param predictions the same shape
     * @param counted which of the true tokens count
     */
    public static AccuracyByPosition count(int[][] truth, int[][] predictions, Counted counted) {
        if (truth.length == 0) {
            throw new IllegalArgumentException("sequences must have at least one row, had none");
        }
        if (predictions.length != truth.length) {
            throw new IllegalArgumentException("predictions must have one row for each sequence, expected "
                    + truth.length + " rows, found " + predictions.length);
        }
        long[] correct = new long[truth[0].length];
        long[] asked = new long[correct.length];
        for (int row = 0; row < truth.length; row++) {
            requireLength("sequence", row, truth[row].length, correct.length);
            requireLength("prediction", row, predictions[row].length, correct.length);
            for (int position = 0; position < correct.length; position++) {
                if (counted.counts(truth[row], position)) {
                    asked[position]++;
                    correct[position] += truth[row][position] == predictions[row][position] ? 1 : 0;
                }
            }
        }
        return new AccuracyByPosition(correct, asked, truth.length);
    }

    /** These counts and the other's together, as if all sequences had been measured at once. */
    public AccuracyByPosition merge(AccuracyByPosition other) {
        if (other.length() != length()) {
            throw new IllegalArgumentException(
                    "merged counts must have the same length, were " + length() + " and " + other.length());
        }
        return new AccuracyByPosition(
                sum(correct, other.correct), sum(counted, other.counted), sequences + other.sequences);
    }

    private static long[] sum(long[] these, long[] others) {
        long[] sum = these.clone();
        for (int position = 0; position < sum.length; position++) {
            sum[position] += others[position];
        }
        return sum;
    }

    /** Positions in a sequence. */
    public int length() {
        return correct.length;
    }

    /** Sequences counted. */
    public long sequences() {
        return sequences;
    }

    /** Fraction, 0 to 1, of the tokens that count at this position (from 0) that was predicted correctly; NaN if none counts. */
    public double at(int position) {
        return mean(position, position + 1);
    }

    /** The fractions at all positions, seed tokens included; NaN where no token counts. */
    public List<Double> fractions() {
        List<Double> fractions = new ArrayList<>(length());
        for (int position = 0; position < length(); position++) {
            fractions.add(at(position));
        }
        return List.copyOf(fractions);
    }

    /**
     * Accuracy within the trained length: the fraction of the tokens that count at l with seedTokens &lt;= l &lt; trainedLength.
     *
     * @param trainedLength tokens seen in training, more than {@code seedTokens} and at most {@link #length()}
     * @param seedTokens random tokens at the start of every sequence, at least 0
     */
    public double idAccuracy(int trainedLength, int seedTokens) {
        if (seedTokens < 0) {
            throw new IllegalArgumentException("seedTokens must be at least 0, was " + seedTokens);
        }
        if (trainedLength <= seedTokens || trainedLength > length()) {
            throw new IllegalArgumentException("trainedLength must be more than the " + seedTokens
                    + " seed tokens and at most the " + length() + " measured positions, was " + trainedLength);
        }
        return mean(seedTokens, trainedLength);
    }

    /**
     * Accuracy beyond the trained length: the fraction of the tokens that count at l with trainedLength &lt;= l &lt; length.
     *
     * @param trainedLength tokens seen in training, at least 1 and less than {@link #length()}
     */
    public double oodAccuracy(int trainedLength) {
        if (trainedLength < 1 || trainedLength >= length()) {
            throw new IllegalArgumentException("trainedLength must be at least 1 and less than the " + length()
                    + " measured positions, was " + trainedLength);
        }
        return mean(trainedLength, length());
    }

    private double mean(int from, int to) {
        if (sequences == 0) {
            throw new IllegalStateException("accuracy must be asked after at least one sequence was counted, was none");
        }
        long hits = 0;
        long all = 0;
        for (int position = from; position < to; position++) {
            hits += correct[position];
            all += counted[position];
        }
        return (double) hits / all;
    }

    private static void requireLength(String what, int row, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    what + " in row " + row + " must have " + expected + " tokens like the first row, had " + length);
        }
    }
}
