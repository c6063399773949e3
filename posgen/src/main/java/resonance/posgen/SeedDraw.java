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
        requireEnough(spec, rows);
        modulus = spec.modulus();
        seedTokens = spec.seedTokens();
        numberedTokens = numberedTokens(spec);
        random = new SplitMix64(seed);
        shuffle = new SparseShuffle(random, space(spec), (int) rows);
    }

    /** How many leading seeds are told apart by a number. */
    private static int numberedTokens(PosgenSpec spec) {
        int numbered = 0;
        for (long space = 1; numbered < spec.seedTokens() && space <= LARGEST_SPACE / spec.modulus(); numbered++) {
            space *= spec.modulus();
        }
        return numbered;
    }

    /** How many numbers those seeds have. */
    private static long space(PosgenSpec spec) {
        long space = 1;
        for (int token = numberedTokens(spec); token > 0; token--) {
            space *= spec.modulus();
        }
        return space;
    }

    /** @throws IllegalArgumentException if there are fewer than {@code rows} different seeds, or over 2^29 rows */
    static void requireEnough(PosgenSpec spec, long rows) {
        long space = space(spec);
        if (rows > space) {
            throw new PosgenRefusal(
                    "{trainRows} + {validationRows} + {testRows} must be at most modulus^(far + near) = "
                            + spec.modulus() + "^" + spec.seedTokens() + " = " + space,
                    ", was " + rows + "; take a larger modulus, far or near, or fewer rows");
        }
        if (rows > SparseShuffle.MOST_DRAWS) {
            throw new PosgenRefusal(
                    "{trainRows} + {validationRows} + {testRows} must be at most " + SparseShuffle.MOST_DRAWS,
                    ", was " + rows + "; ask for fewer rows");
        }
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
