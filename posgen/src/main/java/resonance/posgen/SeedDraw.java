package resonance.posgen;

/**
 * Draws seeds uniformly and without replacement from all m^(j+k), determined by one number.
 *
 * <p>Seeds are numbered by reading them as a number in base m, first token first, and {@link SparseShuffle} draws the
 * numbers. Where m^(j+k) is over 2^62, as many leading tokens as stay within 2^62 are drawn so, and the rest of the tokens
 * one by one: every row is then still uniform, and no two rows share even those leading tokens.
 */
final class SeedDraw implements SeedSource {

    /** Largest number of leading seeds that are told apart by a number. */
    private static final long LARGEST_SPACE = 1L << 62;

    private final SplitMix64 random;
    private final SparseShuffle shuffle;
    private final int modulus;
    private final int seedTokens;
    private final int numberedTokens;

    /** @throws IllegalArgumentException if there are fewer than {@code rows} different seeds, or over 2^29 rows */
    SeedDraw(PosgenSpec spec, long rows, long seed) {
        modulus = spec.modulus();
        seedTokens = spec.seedTokens();
        long space = 1;
        int numbered = 0;
        while (numbered < seedTokens && space <= LARGEST_SPACE / modulus) {
            space *= modulus;
            numbered++;
        }
        numberedTokens = numbered;
        if (rows > space) {
            throw new PosgenRefusal(
                    "{trainRows} + {validationRows} + {testRows} must be at most modulus^(far + near) = " + modulus
                            + "^" + seedTokens + " = " + space,
                    ", was " + rows + "; take a larger modulus, far or near, or fewer rows");
        }
        if (rows > SparseShuffle.MOST_DRAWS) {
            throw new PosgenRefusal(
                    "{trainRows} + {validationRows} + {testRows} must be at most " + SparseShuffle.MOST_DRAWS,
                    ", was " + rows + "; ask for fewer rows");
        }
        random = new SplitMix64(seed);
        shuffle = new SparseShuffle(random, space, (int) rows);
    }

    @Override
    public void next(int[] tokens, int start) {
        long number = shuffle.next();
        for (int position = numberedTokens - 1; position >= 0; position--) {
            tokens[start + position] = (int) (number % modulus);
            number /= modulus;
        }
        for (int position = numberedTokens; position < seedTokens; position++) {
            tokens[start + position] = (int) random.below(modulus);
        }
    }
}
