package resonance.posgen;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Multi-query associative recall: pairs of a key and its value stand first, later each key is asked for once, and its value
 * must follow.
 *
 * <pre>  k_1 v_1 ... k_D v_D | S slots of two tokens: k_i v_i in D of them, 0 0 in all others, S = floor((n - 2 D) / 2)
 *   keys     D different ones of 1 ... floor(V/2) - 1
 *   values   D different ones of floor(V/2) ... V - 1
 *   slots    drawn for k_1, then k_2 ... without replacement, P(slot s) proportional to s^(a - 1), s = 1 ... S </pre>
 *
 * <p>Only the values behind queries count: value i is determined by query and pairs. So the token at l has the same D candidates
 * wherever it stands, and what grows with l is the distance of its pair, which stands l - (2 i - 1) tokens before. For a given D
 * this is what PosGen wants: nothing but positions becomes harder. More pairs are more candidates, in training as in the test.
 * With the default a most queries stand near the pairs and few far away; with a = 1 they are spread evenly.
 *
 * <p>Arora et al., "Zoology: Measuring and Improving Recall in Efficient Language Models", 2023, arXiv:2312.04927; the default a
 * is that of its published data. Differs from it: a value follows its query and is predicted as the next token, where there it is
 * a label of the query itself; what is no query is 0, where there it is a random token, which may be a key that nobody answers.
 *
 * @param vocabulary V, tokens are 0 ... V-1, at least 4
 * @param pairs D, from 1 to the number of keys, floor(V/2) - 1
 * @param gapExponent a, from 0 to 1, the power law of a query's distance from the end of the pairs
 */
public record AssociativeRecall(int vocabulary, int pairs, double gapExponent) implements RecallTask {

    /** The task's name. */
    public static final String NAME = "mqar";

    /** 64 tokens, eight pairs, a = 0.01. */
    public static final AssociativeRecall DEFAULT = new AssociativeRecall(64, 8, 0.01);

    private static final int FILLER = 0;

    public AssociativeRecall {
        PosgenRefusal.requireAtLeast("vocabulary", vocabulary, 4);
        int keys = vocabulary / 2 - 1;
        if (pairs < 1 || pairs > keys) {
            throw new PosgenRefusal(
                    "{pairs} must be from 1 to the keys of the {vocabulary}, " + vocabulary + " / 2 - 1 = " + keys,
                    ", was " + pairs + "; take fewer pairs or a larger vocabulary");
        }
        if (!(gapExponent >= 0 && gapExponent <= 1)) {
            throw new PosgenRefusal(
                    "{gapExponent} must be from 0 to 1",
                    ", was " + gapExponent + "; 1 spreads queries evenly, 0.01 is the usual power law");
        }
    }

    @Override
    public String commandName() {
        return NAME;
    }

    /** The value in the first slot. */
    @Override
    public int firstScored() {
        return 2 * pairs + 1;
    }

    /** The token behind a query counts. */
    @Override
    public boolean scores(int[] tokens, int start, int position) {
        return position >= firstScored() && isKey(tokens[start + position - 1]);
    }

    /** The value behind the query's key in the pairs. */
    @Override
    public int answerOf(int[] tokens, int start, int position) {
        int key = 0;
        while (tokens[start + key] != tokens[start + position - 1]) {
            key += 2;
        }
        return key + 1;
    }

    /** One of the values. */
    @Override
    public double chance() {
        return 1.0 / (vocabulary - firstValue());
    }

    private boolean isKey(int token) {
        return token != FILLER && token < firstValue();
    }

    private int firstValue() {
        return vocabulary / 2;
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("vocabulary", vocabulary);
        settings.put("pairs", pairs);
        settings.put("gapExponent", gapExponent);
        return settings;
    }

    /** How many lists of pairs there are, which may be infinite as a double. */
    private double lists() {
        double lists = 1;
        for (int pair = 0; pair < pairs; pair++) {
            lists *= (double) (firstValue() - 1 - pair) * (vocabulary - firstValue() - pair);
        }
        return lists;
    }

    /** Refuses as many rows as would make most draws a list of pairs that was there before. */
    @Override
    public void requireDrawable(long rows, int trainLength, int testLength) {
        if (trainLength < 4L * pairs) {
            throw new PosgenRefusal(
                    "{trainLength} must be at least 4 x {pairs} = " + 4L * pairs,
                    ", was " + trainLength + "; a pair and its query take two tokens each");
        }
        if (rows > lists() / 2) {
            throw new PosgenRefusal(
                    "{trainRows} + {validationRows} + {testRows} must be at most "
                            + String.format(Locale.ROOT, "%.0f", Math.floor(lists() / 2))
                            + ", half of the different lists of pairs",
                    ", was " + rows + "; take a larger vocabulary or fewer rows");
        }
    }

    /** No two sequences have the same pairs. */
    @Override
    public SequenceSource source(long rows, int trainLength, long seed) {
        return new Draw(this, seed);
    }

    private static final class Draw implements SequenceSource {
        private final AssociativeRecall task;
        private final SplitMix64 random;
        private final DistinctStretches drawn = new DistinctStretches();
        private double[] patience = {};

        Draw(AssociativeRecall task, long seed) {
            this.task = task;
            this.random = new SplitMix64(seed);
        }

        @Override
        public void next(int[] tokens, int start, int end) {
            int slots = start + 2 * task.pairs;
            do {
                drawEveryOther(tokens, start, slots, 1, task.firstValue());
                drawEveryOther(tokens, start + 1, slots, task.firstValue(), task.vocabulary);
            } while (!drawn.add(tokens, start, slots));
            Arrays.fill(tokens, slots, end, FILLER);
            List<Integer> slotOfPair = slots((end - slots) / 2);
            for (int pair = 0; pair < task.pairs; pair++) {
                System.arraycopy(tokens, start + 2 * pair, tokens, slots + 2 * slotOfPair.get(pair), 2);
            }
        }

        /** Fills every other place with different tokens of a range. */
        private void drawEveryOther(int[] tokens, int from, int to, int first, int end) {
            SparseShuffle shuffle = new SparseShuffle(random, end - first, task.pairs);
            for (int index = from; index < to; index += 2) {
                tokens[index] = first + (int) shuffle.next();
            }
        }

        /**
         * The slot of each pair, from 0. If every slot waits for an exponential time of rate s^(a-1), those that come first, in
         * their order, are a draw without replacement in these proportions.
         */
        private List<Integer> slots(int slots) {
            if (patience.length != slots) {
                patience = IntStream.rangeClosed(1, slots)
                        .mapToDouble(slot -> StrictMath.pow(slot, 1 - task.gapExponent))
                        .toArray();
            }
            double[] arrival = new double[slots];
            for (int slot = 0; slot < slots; slot++) {
                arrival[slot] = -StrictMath.log(1 - random.unit()) * patience[slot];
            }
            return IntStream.range(0, slots)
                    .boxed()
                    .sorted(Comparator.comparingDouble(slot -> arrival[slot]))
                    .limit(task.pairs)
                    .toList();
        }
    }
}
