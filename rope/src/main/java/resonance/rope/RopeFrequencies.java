package resonance.rope;

import java.util.Arrays;

/**
 * The frequency of every pair and the factor on cosine and sine: all that a table or an exporter needs to know of an
 * encoding.
 *
 * <p>A pair that makes a whole number of turns in a whole number of tokens says so ({@link #periodTokens} above 0, {@link
 * #turns}): angles are then computed from (position * turns mod period), exactly, and the pair repeats bit for bit after
 * that many tokens. One turn is a whole wavelength, as the paper's Resonance makes them. Immutable; arrays are copied in and
 * out.
 */
public final class RopeFrequencies {
    /** Radians per token; a wavelength of one token is 2*pi. Beyond, angles at far positions would not be exact. */
    public static final double LARGEST_FREQUENCY = 1000;

    /** Largest position, 2^53: every smaller whole number is a double of its own. */
    public static final long LARGEST_POSITION = 1L << 53;

    private static final double TWO_PI = 2 * Math.PI;

    /** Below it the product of two residues is a long. */
    private static final long FRACTION_LIMIT = 1L << 31;

    private final double[] radiansPerToken;
    private final long[] periodTokens;
    private final long[] turns;
    private final double attentionScale;

    private RopeFrequencies(double[] radiansPerToken, long[] periodTokens, long[] turns, double attentionScale) {
        if (radiansPerToken.length == 0) {
            throw new IllegalArgumentException("radiansPerToken must hold at least one pair, was empty");
        }
        for (int pair = 0; pair < radiansPerToken.length; pair++) {
            String name = "radiansPerToken[" + pair + "]";
            if (Require.atLeast(name, radiansPerToken[pair], 0) > LARGEST_FREQUENCY) {
                throw Refusal.was(name, "must be at most " + PlainNumber.text(LARGEST_FREQUENCY), radiansPerToken[pair])
                        .cure("a pair that turns more than once a token says nothing more by turning faster");
            }
        }
        this.radiansPerToken = radiansPerToken;
        this.periodTokens = periodTokens;
        this.turns = turns;
        this.attentionScale = Require.above("attentionScale", attentionScale, 0);
    }

    /**
     * Frequencies whose wavelengths need not be whole numbers.
     *
     * @param radiansPerToken one per pair, from 0 to {@link #LARGEST_FREQUENCY}; 0 is a pair that does not rotate
     *     ("NoPE")
     * @param attentionScale factor on cosine and sine, above 0; attention logits grow by its square
     * @throws IllegalArgumentException if a value is out of range, or there is no pair
     */
    public static RopeFrequencies of(double[] radiansPerToken, double attentionScale) {
        long[] none = new long[radiansPerToken.length];
        return new RopeFrequencies(radiansPerToken.clone(), none, none, attentionScale);
    }

    /**
     * Frequencies some of whose wavelengths are whole numbers: {@link #withPeriods(double[], long[], long[], double)} with one
     * turn in every period.
     */
    public static RopeFrequencies withPeriods(double[] radiansPerToken, long[] periodTokens, double attentionScale) {
        long[] turns = new long[periodTokens.length];
        for (int pair = 0; pair < turns.length; pair++) {
            turns[pair] = periodTokens[pair] > 0 ? 1 : 0;
        }
        return withPeriods(radiansPerToken, periodTokens, turns, attentionScale);
    }

    /**
     * Frequencies some of which repeat after a whole number of tokens.
     *
     * @param radiansPerToken one per pair, from 0 to {@link #LARGEST_FREQUENCY}; not read where a period is given
     * @param periodTokens one per pair: p, the tokens after which the pair repeats, or 0 where it never does exactly. Where it
     *     is above 0 the frequency is {@code 2*pi * q / p}. At most 2^53 for one turn, below 2^31 for more
     * @param turns one per pair: q, the turns in a period, at least 1 and without a common divisor with p; 0 where p is 0
     * @param attentionScale factor on cosine and sine, above 0
     * @throws IllegalArgumentException if a value is out of range, there is no pair, or the lengths differ
     */
    public static RopeFrequencies withPeriods(
            double[] radiansPerToken, long[] periodTokens, long[] turns, double attentionScale) {
        requireOnePerPair("periodTokens", periodTokens, radiansPerToken);
        requireOnePerPair("turns", turns, radiansPerToken);
        double[] radians = radiansPerToken.clone();
        for (int pair = 0; pair < radians.length; pair++) {
            requirePeriod(pair, periodTokens[pair], turns[pair]);
            if (periodTokens[pair] > 0) {
                radians[pair] = TWO_PI * turns[pair] / periodTokens[pair];
            }
        }
        return new RopeFrequencies(radians, periodTokens.clone(), turns.clone(), attentionScale);
    }

    private static void requireOnePerPair(String name, long[] values, double[] radiansPerToken) {
        if (values.length != radiansPerToken.length) {
            throw new IllegalArgumentException(
                    name + " must hold one value per pair (" + radiansPerToken.length + "), was " + values.length);
        }
    }

    private static void requirePeriod(int pair, long period, long turns) {
        Require.atLeast("periodTokens[" + pair + "]", period, 0);
        if (period > LARGEST_POSITION) {
            throw new IllegalArgumentException(
                    "periodTokens[" + pair + "] must be at most 2^53, was " + period + "; use 0 for no period");
        }
        boolean fits = period == 0
                ? turns == 0
                : turns == 1
                        || (turns > 1
                                && period < FRACTION_LIMIT
                                && turns < FRACTION_LIMIT
                                && greatestCommonDivisor(period, turns) == 1);
        if (!fits) {
            throw new IllegalArgumentException("turns[" + pair + "] must be "
                    + (period == 0
                            ? "0 without a period"
                            : "1, or below 2^31 like the period and without a common divisor with it (" + period + ")")
                    + ", was " + turns);
        }
    }

    private static long greatestCommonDivisor(long first, long second) {
        return second == 0 ? first : greatestCommonDivisor(second, first % second);
    }

    /** Number of pairs, d/2. */
    public int pairs() {
        return radiansPerToken.length;
    }

    /** Frequency of one pair, radians per token; 0 if the pair does not rotate. */
    public double radiansPerToken(int pair) {
        return radiansPerToken[pair];
    }

    /** All frequencies, radians per token; a copy. */
    public double[] radiansPerToken() {
        return radiansPerToken.clone();
    }

    /** Tokens p after which one pair repeats exactly; 0 if it never does. */
    public long periodTokens(int pair) {
        return periodTokens[pair];
    }

    /** Turns q that one pair makes in its period; 1 for a whole wavelength, 0 if it has no period. */
    public long turns(int pair) {
        return turns[pair];
    }

    /** Wavelength of one pair in tokens, {@code 2*pi / frequency}; infinite if the pair does not rotate. */
    public double wavelength(int pair) {
        if (periodTokens[pair] > 0) {
            return periodTokens[pair] / (double) turns[pair];
        }
        return TWO_PI / radiansPerToken[pair];
    }

    /** Angle of one pair at a position from 0 to 2^53, radians, reduced to about -pi .. pi. */
    public double angle(int pair, long position) {
        return PairAngle.of(this, pair, position);
    }

    /** Factor on cosine and sine (of queries and keys alike, so attention logits grow by its square). */
    public double attentionScale() {
        return attentionScale;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RopeFrequencies that
                && Arrays.equals(radiansPerToken, that.radiansPerToken)
                && Arrays.equals(periodTokens, that.periodTokens)
                && Arrays.equals(turns, that.turns)
                && Double.compare(attentionScale, that.attentionScale) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {
            Arrays.hashCode(radiansPerToken),
            Arrays.hashCode(periodTokens),
            Arrays.hashCode(turns),
            Double.hashCode(attentionScale)
        });
    }

    @Override
    public String toString() {
        return "RopeFrequencies[radiansPerToken=" + Arrays.toString(radiansPerToken) + ", periodTokens="
                + Arrays.toString(periodTokens) + ", turns=" + Arrays.toString(turns) + ", attentionScale="
                + attentionScale + "]";
    }
}
