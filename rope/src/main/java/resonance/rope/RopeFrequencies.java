package resonance.rope;

import java.util.Arrays;

/**
 * The frequency of every pair and the factor on cosine and sine: all that a table or an exporter needs to know of an
 * encoding.
 *
 * <p>A pair whose wavelength is a whole number of tokens says so ({@link #periodTokens} above 0): angles are then
 * computed from (position mod period), and the pair repeats bit for bit. Immutable; arrays are copied in and out.
 */
public final class RopeFrequencies {
    /** Radians per token; a wavelength of one token is 2*pi. Beyond, angles at far positions would not be exact. */
    public static final double LARGEST_FREQUENCY = 1000;

    /** Largest position, 2^53: every smaller whole number is a double of its own. */
    public static final long LARGEST_POSITION = 1L << 53;

    private static final double TWO_PI = 2 * Math.PI;

    private final double[] radiansPerToken;
    private final long[] periodTokens;
    private final double attentionScale;

    private RopeFrequencies(double[] radiansPerToken, long[] periodTokens, double attentionScale) {
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
        return new RopeFrequencies(radiansPerToken.clone(), new long[radiansPerToken.length], attentionScale);
    }

    /**
     * Frequencies some of whose wavelengths are whole numbers.
     *
     * @param radiansPerToken one per pair, from 0 to {@link #LARGEST_FREQUENCY}; not read where a period is given
     * @param periodTokens one per pair: the wavelength in tokens, at most 2^53, or 0 where it is not a whole number.
     *     Where it is above 0 the frequency is {@code 2*pi / period}
     * @param attentionScale factor on cosine and sine, above 0
     * @throws IllegalArgumentException if a value is out of range, there is no pair, or the lengths differ
     */
    public static RopeFrequencies withPeriods(double[] radiansPerToken, long[] periodTokens, double attentionScale) {
        if (periodTokens.length != radiansPerToken.length) {
            throw new IllegalArgumentException("periodTokens must hold one value per pair (" + radiansPerToken.length
                    + "), was " + periodTokens.length);
        }
        double[] radians = radiansPerToken.clone();
        for (int pair = 0; pair < radians.length; pair++) {
            long period = Require.atLeast("periodTokens[" + pair + "]", periodTokens[pair], 0);
            if (period > LARGEST_POSITION) {
                throw new IllegalArgumentException(
                        "periodTokens[" + pair + "] must be at most 2^53, was " + period + "; use 0 for no period");
            }
            if (period > 0) {
                radians[pair] = TWO_PI / period;
            }
        }
        return new RopeFrequencies(radians, periodTokens.clone(), attentionScale);
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

    /** Wavelength in tokens if it is a whole number, else 0. */
    public long periodTokens(int pair) {
        return periodTokens[pair];
    }

    /** Wavelength of one pair in tokens, {@code 2*pi / frequency}; infinite if the pair does not rotate. */
    public double wavelength(int pair) {
        if (periodTokens[pair] > 0) {
            return periodTokens[pair];
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
                && Double.compare(attentionScale, that.attentionScale) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(radiansPerToken) + Arrays.hashCode(periodTokens))
                + Double.hashCode(attentionScale);
    }

    @Override
    public String toString() {
        return "RopeFrequencies[radiansPerToken=" + Arrays.toString(radiansPerToken) + ", periodTokens="
                + Arrays.toString(periodTokens) + ", attentionScale=" + attentionScale + "]";
    }
}
