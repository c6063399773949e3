package resonance.posgen;

import java.util.List;
import java.util.OptionalLong;

/**
 * The training, validation and test sequences of one experiment.
 *
 * <p>Training sequences have the trained length L, validation and test sequences the length L' the model is asked for.
 *
 * @param task what all sequences are of
 * @param seed the number that determined the draw; empty in compatibility mode, which draws nothing
 * @param train sequences of length L
 * @param validation sequences of length L'
 * @param test sequences of length L'
 */
public record PosgenSplits(
        BenchmarkTask task, OptionalLong seed, SequenceSet train, SequenceSet validation, SequenceSet test) {

    /** Every row of the authors' generator is this long before it is cut. */
    private static final int AUTHORS_LENGTH = 512;

    /**
     * Draws sequences of which no two are alike, in one split or across them: of a {@link PosgenSpec} no seeds occur twice.
     *
     * <p>The data are determined by the arguments alone, on every machine and JVM. The rows of train are drawn first, then
     * validation, then test, so a longer list of test rows begins with the shorter one. The same seed gives the same seed
     * tokens in all three subtasks of the paper. A test sequence's seeds may still occur as a later stretch of a training
     * sequence, as in the paper.
     *
     * @param trainRows at least 1
     * @param validationRows at least 0
     * @param testRows at least 0
     * @param trainLength L in tokens, so that there is a token that counts
     * @param testLength L' in tokens, at least L
     * @param seed any number
     * @throws IllegalArgumentException if an argument is out of range, or there are fewer different sequences than rows asked for
     */
    public static PosgenSplits draw(
            BenchmarkTask task,
            int trainRows,
            int validationRows,
            int testRows,
            int trainLength,
            int testLength,
            long seed) {
        requireDrawable(task, trainRows, validationRows, testRows, trainLength, testLength);
        SequenceSource source = task.source((long) trainRows + validationRows + testRows, trainLength, seed);
        SequenceSet train = SequenceSet.draw(source, "train", trainRows, trainLength);
        SequenceSource others = source.ofTests();
        return new PosgenSplits(
                task,
                OptionalLong.of(seed),
                train,
                SequenceSet.draw(others, "validation", validationRows, testLength),
                SequenceSet.draw(others, "test", testRows, testLength));
    }

    /**
     * Refuses what {@link #draw} refuses, without drawing.
     *
     * @throws IllegalArgumentException if an argument is out of range, or there are fewer different sequences than rows asked for
     */
    public static void requireDrawable(
            BenchmarkTask task, int trainRows, int validationRows, int testRows, int trainLength, int testLength) {
        requireSizes(trainRows, validationRows, testRows);
        requireLonger(trainLength, testLength);
        task.requireDrawable((long) trainRows + validationRows + testRows, trainLength, testLength);
        SequenceSet.requireArray("train", trainRows, trainLength);
        SequenceSet.requireArray("validation", validationRows, testLength);
        SequenceSet.requireArray("test", testRows, testLength);
    }

    /**
     * The splits of the authors' generator, byte for byte, with its defects, to compare results with theirs.
     *
     * <p>Seeds are all ascending choices of j + k different tokens in lexicographic order, and from the first again after the
     * last. Train is the first {@code trainRows} of them, validation the first {@code validationRows}, test the
     * {@code testRows} after those. So <b>validation and test rows are training rows</b> cut later, as long as there are
     * enough of those, and there are at most C(m, j+k) different rows: 2,380 for the paper's m = 17, j + k = 4, however
     * many are asked for.
     *
     * <p>Where {@link #draw} differs: it has none of this. Tests of length generalisation should use it.
     *
     * @param trainRows at least 1
     * @param validationRows at least 0
     * @param testRows at least 0
     * @param trainLength L in tokens, more than j + k
     * @param testLength L' in tokens, at least L, at most 512, where the authors' generator stops
     * @throws IllegalArgumentException if an argument is out of range, k is 0, or m is less than j + k
     */
    public static PosgenSplits authors(
            PosgenSpec spec, int trainRows, int validationRows, int testRows, int trainLength, int testLength) {
        requireSizes(trainRows, validationRows, testRows);
        requireLonger(trainLength, testLength);
        spec.requireRowsToPredict(trainLength);
        if (testLength > AUTHORS_LENGTH) {
            throw new PosgenRefusal(
                    "{testLength} must be at most " + AUTHORS_LENGTH
                            + " in compatibility mode, where the authors' generator stops",
                    ", was " + testLength + "; ask for shorter rows or leave compatibility mode");
        }
        if (spec.near() < 1) {
            throw new PosgenRefusal(
                    "{near} must be at least 1 in compatibility mode, where the authors'"
                            + " generator takes all earlier tokens for no near ones",
                    ", was " + spec.near() + "; ask for a near token or leave compatibility mode");
        }
        SequenceSource training = spec.grown(new SeedCombinations(spec));
        SequenceSource others = spec.grown(new SeedCombinations(spec));
        return new PosgenSplits(
                spec,
                OptionalLong.empty(),
                SequenceSet.draw(training, "train", trainRows, trainLength),
                SequenceSet.draw(others, "validation", validationRows, testLength),
                SequenceSet.draw(others, "test", testRows, testLength));
    }

    /** Train, validation and test, in this order. */
    public List<SequenceSet> sets() {
        return List.of(train, validation, test);
    }

    private static void requireSizes(int trainRows, int validationRows, int testRows) {
        PosgenRefusal.requireAtLeast("trainRows", trainRows, 1);
        PosgenRefusal.requireAtLeast("validationRows", validationRows, 0);
        PosgenRefusal.requireAtLeast("testRows", testRows, 0);
    }

    private static void requireLonger(int trainLength, int testLength) {
        if (testLength < trainLength) {
            throw new PosgenRefusal(
                    "{testLength} must be at least the {trainLength}, " + trainLength,
                    ", was " + testLength + "; swap them or ask for a longer test");
        }
    }
}
