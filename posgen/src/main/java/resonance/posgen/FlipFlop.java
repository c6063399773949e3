package resonance.posgen;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The flip-flop language: instructions to write, read or ignore a bit, each followed by it; a read gives the bit last written.
 *
 * <pre>  i_1 b_1 i_2 b_2 ... i_n b_n        FFL(T, p), T = 2 n tokens
 *   i_1 = write, i_n = read, all between independent: ignore with p, write and read with (1 - p) / 2 each
 *   b_t is random behind write and ignore, and the bit of the last write behind read </pre>
 *
 * <p>Only the bits behind reads count. A read between holds the bit too, so the nearest bit that tells it stands behind the last
 * instruction that is no ignore, in the mean 1 / (1 - p) instructions back, and the write itself 2 / (1 - p). Both are
 * geometrically distributed at any position but for the start of a sequence: they do not grow with it, which is what PosGen wants.
 * What grows is the number of writes and ignores that could be mistaken for the last write. p sets the distance: sequences with
 * many ignores are called sparse, those with few dense, and a test may have another p than training.
 *
 * <p>Liu, Ash, Goel, Krishnamurthy, Zhang, "Exposing Attention Glitches with Flip-Flop Language Modeling", 2023, arXiv:2306.00946,
 * whose models are trained on p = 0.8 and tested on 0.98 and 0.1. Differs from it: a sequence that begins with the trained length's
 * tokens of another is drawn again.
 *
 * @param ignored p of training sequences, at least 0 and below 1
 * @param testIgnored p of validation and test sequences
 */
public record FlipFlop(double ignored, double testIgnored) implements RecallTask {

    /** The task's name. */
    public static final String NAME = "flip-flop";

    /** p = 0.8 in training and test. */
    public static final FlipFlop DEFAULT = new FlipFlop(0.8, 0.8);

    /** The token of a write; 0 and 1 are the bits. */
    public static final int WRITE = 2;

    /** The token of a read. */
    public static final int READ = 3;

    /** The token of an ignore. */
    public static final int IGNORE = 4;

    /** A write and a read, each with its bit. */
    private static final int SHORTEST = 4;

    public FlipFlop {
        requireShare("ignored", ignored);
        requireShare("testIgnored", testIgnored);
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new PosgenRefusal(
                    "{" + name + "} must be at least 0 and below 1", ", was " + value + "; 0.98 is sparse, 0.1 dense");
        }
    }

    @Override
    public String commandName() {
        return NAME;
    }

    @Override
    public int vocabulary() {
        return IGNORE + 1;
    }

    /** The bit of a read right after the first write. */
    @Override
    public int firstScored() {
        return SHORTEST - 1;
    }

    /** The bit behind a read counts. */
    @Override
    public boolean scores(int[] tokens, int start, int position) {
        return position >= firstScored() && tokens[start + position - 1] == READ;
    }

    /** The bit behind the last instruction that is no ignore. */
    @Override
    public int answerOf(int[] tokens, int start, int position) {
        int bit = position - 2;
        while (tokens[start + bit - 1] == IGNORE) {
            bit -= 2;
        }
        return bit;
    }

    /** One of two bits. */
    @Override
    public double chance() {
        return 0.5;
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("ignored", ignored);
        settings.put("testIgnored", testIgnored);
        return settings;
    }

    /**
     * Refuses as many rows as might make most draws a sequence that was there before: no instruction with its bit is likelier
     * than 1/2, so no beginning of L tokens is likelier than 2^-(L/2 - 1).
     */
    @Override
    public void requireDrawable(long rows, int trainLength, int testLength) {
        requireWholeInstructions("trainLength", trainLength);
        requireWholeInstructions("testLength", testLength);
        int doublings = Math.min(62, trainLength / 2 - 2);
        if (rows > 1L << doublings) {
            throw new PosgenRefusal(
                    "{trainRows} + {validationRows} + {testRows} must be at most 2^({trainLength} / 2 - 2) = "
                            + (1L << doublings),
                    ", was " + rows + "; take longer sequences or fewer rows");
        }
    }

    private static void requireWholeInstructions(String name, int length) {
        if (length < SHORTEST || length % 2 != 0) {
            throw new PosgenRefusal(
                    "{" + name + "} must be even and at least " + SHORTEST,
                    ", was " + length + "; an instruction of flip-flop has a bit behind it");
        }
    }

    /** No two sequences begin with the same L tokens. */
    @Override
    public SequenceSource source(long rows, int trainLength, long seed) {
        return new Draw(ignored, testIgnored, new SplitMix64(seed), new DistinctStretches(), trainLength);
    }

    private record Draw(double ignored, double testIgnored, SplitMix64 random, DistinctStretches drawn, int trainLength)
            implements SequenceSource {

        @Override
        public void next(int[] tokens, int start, int end) {
            do {
                draw(tokens, start, end);
            } while (!drawn.add(tokens, start, start + trainLength));
        }

        private void draw(int[] tokens, int start, int end) {
            int written = 0;
            for (int index = start; index < end; index += 2) {
                int instruction = index == start ? WRITE : index + 2 == end ? READ : instruction(random.unit());
                int bit = instruction == READ ? written : (int) random.below(2);
                if (instruction == WRITE) {
                    written = bit;
                }
                tokens[index] = instruction;
                tokens[index + 1] = bit;
            }
        }

        private int instruction(double unit) {
            if (unit < ignored) {
                return IGNORE;
            }
            return unit < ignored + (1 - ignored) / 2 ? WRITE : READ;
        }

        @Override
        public SequenceSource ofTests() {
            return new Draw(testIgnored, testIgnored, random, drawn, trainLength);
        }
    }
}
