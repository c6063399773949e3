package resonance.evaluation.ruler;

/**
 * The generator of 32-bit numbers under CPython's {@code random} and NumPy's legacy {@code RandomState}: MT19937.
 *
 * <p>Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998, with the two seedings of their reference code of 2002:
 * by one number, as NumPy seeds, and by an array, as CPython does.
 */
final class MersenneTwister {
    private static final int WORDS = 624;
    private static final int MIDDLE = 397;
    private static final int MATRIX = 0x9908b0df;
    private static final int UPPER_BIT = 0x80000000;
    private static final int LOWER_BITS = 0x7fffffff;

    private final int[] state = new int[WORDS];
    private int next = WORDS;

    private MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** Seeded by one number of 32 bits. */
    static MersenneTwister ofNumber(int seed) {
        return new MersenneTwister(seed);
    }

    /** Seeded by several numbers of 32 bits, at least one. */
    static MersenneTwister ofKey(int... key) {
        MersenneTwister twister = new MersenneTwister(19_650_218);
        twister.mix(key);
        return twister;
    }

    private void mix(int[] key) {
        int i = 1;
        for (int round = 0; round < Math.max(WORDS, key.length); round++) {
            int j = round % key.length;
            state[i] = (state[i] ^ (scrambled(i) * 1_664_525)) + key[j] + j;
            i = after(i);
        }
        for (int round = 0; round < WORDS - 1; round++) {
            state[i] = (state[i] ^ (scrambled(i) * 1_566_083_941)) - i;
            i = after(i);
        }
        state[0] = UPPER_BIT;
    }

    private int scrambled(int i) {
        return state[i - 1] ^ (state[i - 1] >>> 30);
    }

    /** The next place to mix; behind the last one the first is written over and skipped. */
    private int after(int i) {
        if (i + 1 < WORDS) {
            return i + 1;
        }
        state[0] = state[WORDS - 1];
        return 1;
    }

    /** The next 32 bits. */
    int next() {
        if (next == WORDS) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int y = (state[i] & UPPER_BIT) | (state[(i + 1) % WORDS] & LOWER_BITS);
            state[i] = state[(i + MIDDLE) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX);
        }
        next = 0;
    }
}
