package resonance.evaluation.ruler;

/**
 * Draws what NumPy's legacy {@code np.random.randint} draws after {@code np.random.seed(seed)}, one number at a time.
 *
 * <p>Checked against NumPy; its legacy generator is frozen (NEP 19).
 */
final class NumpyRandom {
    private final MersenneTwister bits;

    /** As {@code np.random.seed(seed)}, which takes 32 bits. */
    NumpyRandom(int seed) {
        bits = MersenneTwister.ofNumber(seed);
    }

    /** {@code randint(least, bound)}: the bound does not come; less than 2^31 numbers. */
    int between(int least, int bound) {
        int greatest = bound - 1 - least;
        if (greatest == 0) {
            return least;
        }
        int mask = -1 >>> Integer.numberOfLeadingZeros(greatest);
        int drawn;
        do {
            drawn = bits.next() & mask;
        } while (drawn > greatest);
        return least + drawn;
    }
}
