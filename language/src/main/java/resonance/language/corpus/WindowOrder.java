package resonance.language.corpus;

import java.util.Random;

/**
 * Cuts one long row of tokens into windows of one length, anew in every epoch: where the first begins, and in which order they
 * are visited, is drawn from a seed and the epoch. So what a step trains on depends on nothing that came before it.
 *
 * <p>Keeps the order of the epoch asked for last. Not thread safe.
 */
public final class WindowOrder {
    private final int tokens;
    private final int length;
    private final long seed;

    private long orderedEpoch = -1;
    private int offset;
    private int[] order = {};

    /**
     * @param tokens in the row
     * @param length of a window, at least 1
     */
    public WindowOrder(int tokens, int length, long seed) {
        this.tokens = tokens;
        this.length = length;
        this.seed = seed;
    }

    /** Windows of an epoch, whatever its offset; each has a token after it. */
    public int windows() {
        return Math.max(0, (tokens - length) / length);
    }

    /**
     * Where a window begins.
     *
     * @param index how many windows of the epoch are visited before it, below {@link #windows}
     */
    public int start(long epoch, int index) {
        draw(epoch);
        return offset + order[index] * length;
    }

    /** Fisher–Yates with {@link Random}, whose algorithm the Java specification fixes. */
    private void draw(long epoch) {
        if (epoch == orderedEpoch) {
            return;
        }
        Random random = random(seed, epoch);
        offset = random.nextInt(length);
        order = new int[windows()];
        for (int i = 0; i < order.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        orderedEpoch = epoch;
    }

    /**
     * Random numbers of a place in a training. The place goes through SplitMix64's finaliser: {@link Random} draws alike from
     * seeds that are close together.
     */
    public static Random random(long seed, long place) {
        long mixed = (place ^ (place >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return new Random(seed * 0x9E3779B97F4A7C15L + (mixed ^ (mixed >>> 31)));
    }
}
