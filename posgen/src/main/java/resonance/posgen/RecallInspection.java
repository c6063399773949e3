package resonance.posgen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * How far back a task's answers stand, counted in drawn sequences: what grows beyond the trained length and what does not.
 *
 * <p>Where tokens that count are copies of earlier ones, a longer sequence changes how far back they are looked for. A distance
 * that no training sequence has says that a model must find the answer at a distance it never saw; where all distances are
 * known, only the positions are new.
 *
 * @param task the task
 * @param trainLength L in tokens
 * @param testLength L' in tokens
 * @param rows sequences drawn of each length
 * @param training the tokens that count in training sequences
 * @param test those of test sequences, by doubling stretches of positions: up to L, then up to 2 L, 4 L ... and L'
 * @param near share of all test tokens that count whose answer stands among the nearest tokens, 1, 2, 4 ... of them
 */
public record RecallInspection(
        RecallTask task,
        int trainLength,
        int testLength,
        int rows,
        Stretch training,
        List<Stretch> test,
        List<Near> near) {

    private static final int MOST_TOKENS = 1 << 24;

    /**
     * The tokens that count at some positions.
     *
     * @param from first position
     * @param to position after the last
     * @param tokens that count, of all sequences
     * @param meanDistance of the answer in tokens, 1 for the one just before; NaN if there are none
     * @param mostDistance of the answer in tokens; 0 if there are none
     * @param newDistances share, 0 to 1, whose distance no training sequence has; NaN if there are none
     */
    public record Stretch(int from, int to, long tokens, double meanDistance, int mostDistance, double newDistances) {}

    /**
     * What the nearest tokens hold.
     *
     * @param tokens how many
     * @param share of answers that stand among them, 0 to 1
     */
    public record Near(int tokens, double share) {}

    public RecallInspection {
        test = List.copyOf(test);
        near = List.copyOf(near);
    }

    /**
     * Inspects a task.
     *
     * @param trainLength L in tokens
     * @param testLength L' in tokens, at least L
     * @param rows sequences to draw of each length, at least 1; up to 2^24 tokens in all
     * @param seed of the draw
     * @throws IllegalArgumentException if an argument is out of range, or nothing can be drawn
     */
    public static RecallInspection of(RecallTask task, int trainLength, int testLength, int rows, long seed) {
        if (rows >= 1 && (long) rows * testLength > MOST_TOKENS) {
            throw new PosgenRefusal(
                    "{rows} must be at most " + MOST_TOKENS / testLength + " for sequences of " + testLength
                            + " tokens",
                    ", was " + rows);
        }
        PosgenRefusal.requireAtLeast("rows", rows, 1);
        PosgenSplits splits = PosgenSplits.draw(task, rows, 0, rows, trainLength, testLength, seed);
        BitSet known = new BitSet();
        int[][] trained = distances(task, splits.train());
        for (int[] row : trained) {
            Arrays.stream(row).filter(distance -> distance > 0).forEach(known::set);
        }
        int[][] tested = distances(task, splits.test());
        List<Stretch> stretches = new ArrayList<>();
        int from = 0;
        for (long to = trainLength; from < testLength; to *= 2) {
            int end = (int) Math.min(to, testLength);
            stretches.add(stretch(tested, from, end, known));
            from = end;
        }
        return new RecallInspection(
                task,
                trainLength,
                testLength,
                rows,
                stretch(trained, 0, trainLength, known),
                stretches,
                near(tested, testLength));
    }

    /** How far back the answer of each token stands; 0 where the token does not count. */
    private static int[][] distances(RecallTask task, SequenceSet set) {
        int[][] distances = new int[set.rows()][set.length()];
        for (int row = 0; row < set.rows(); row++) {
            int start = row * set.length();
            for (int position = 0; position < set.length(); position++) {
                if (task.scores(set.tokens(), start, position)) {
                    distances[row][position] = position - task.answerOf(set.tokens(), start, position);
                }
            }
        }
        return distances;
    }

    private static Stretch stretch(int[][] distances, int from, int to, BitSet known) {
        long tokens = 0;
        long sum = 0;
        int most = 0;
        long unknown = 0;
        for (int[] row : distances) {
            for (int position = from; position < to; position++) {
                int distance = row[position];
                if (distance > 0) {
                    tokens++;
                    sum += distance;
                    most = Math.max(most, distance);
                    unknown += known.get(distance) ? 0 : 1;
                }
            }
        }
        return new Stretch(from, to, tokens, (double) sum / tokens, most, (double) unknown / tokens);
    }

    private static List<Near> near(int[][] distances, int length) {
        List<Near> near = new ArrayList<>();
        for (int window = 1; window < length; window *= 2) {
            long within = 0;
            long all = 0;
            for (int[] row : distances) {
                for (int distance : row) {
                    all += distance > 0 ? 1 : 0;
                    within += distance > 0 && distance <= window ? 1 : 0;
                }
            }
            near.add(new Near(window, (double) within / all));
        }
        return near;
    }
}
