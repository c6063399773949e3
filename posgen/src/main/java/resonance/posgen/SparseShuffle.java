package resonance.posgen;

/**
 * The first numbers of a uniformly random order of 0 ... size-1, in memory that grows with the draws only.
 *
 * <p>Fisher and Yates' shuffle (Knuth, The Art of Computer Programming, volume 2, algorithm P) from the front: draw i swaps
 * entry i with an entry in i ... size-1 chosen uniformly, and gives what then stands at i. Only entries that were swapped
 * are kept, in a hash table with linear probing; all others still hold their own index.
 */
final class SparseShuffle {

    /** The table then has 2^30 entries, as many as an array can. */
    static final int MOST_DRAWS = (1 << 29) - 1;

    private final SplitMix64 random;
    private final long size;
    private final long[] keysPlusOne;
    private final long[] values;
    private long drawn;

    /** A shuffle of 0 ... size-1 from which at most {@code draws} numbers are drawn, at most {@code size} and
     * {@link #MOST_DRAWS}. */
    SparseShuffle(SplitMix64 random, long size, int draws) {
        this.random = random;
        this.size = size;
        int capacity = Integer.highestOneBit(Math.max(8, draws)) * 4;
        keysPlusOne = new long[capacity];
        values = new long[capacity];
    }

    long next() {
        long chosen = drawn + random.below(size - drawn);
        int chosenSlot = slot(chosen);
        long number = keysPlusOne[chosenSlot] == 0 ? chosen : values[chosenSlot];
        int drawnSlot = slot(drawn);
        long moved = keysPlusOne[drawnSlot] == 0 ? drawn : values[drawnSlot];
        keysPlusOne[chosenSlot] = chosen + 1;
        values[chosenSlot] = moved;
        drawn++;
        return number;
    }

    /** Where the key is, or the empty slot where it would go. */
    private int slot(long key) {
        int mask = keysPlusOne.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (keysPlusOne[slot] != 0 && keysPlusOne[slot] != key + 1) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
