package resonance.experiment;

/**
 * In which order an epoch visits the training rows: a permutation determined by seed and epoch.
 *
 * <p>Fisher–Yates with SplitMix64 draws; an index from a range of n is the high half of the product of a 32-bit draw and n,
 * whose bias, below n/2^32, is of no account here.
 */
final class EpochOrder {
    private EpochOrder() {}

    /** The rows 0 … rows−1 in the order of an epoch, counted from 0. */
    static int[] of(int rows, long seed, int epoch) {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = i;
        }
        long state = mix(seed) ^ mix(epoch + 0x632BE59BD9B4E019L);
        for (int i = rows - 1; i > 0; i--) {
            state += 0x9E3779B97F4A7C15L;
            int other = (int) (((mix(state) >>> 32) * (i + 1)) >>> 32);
            int row = order[i];
            order[i] = order[other];
            order[other] = row;
        }
        return order;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
