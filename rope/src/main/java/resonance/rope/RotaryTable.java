package resonance.rope;

import static java.util.Objects.requireNonNull;

/**
 * Cosines and sines of every pair at any position, the attention scale included. Immutable.
 *
 * <p>Two forms give bit for bit the same numbers: {@link #of} computes them when asked and holds none;
 * {@link #compact} holds one period of every pair whose wavelength is a whole number, so that its memory does not
 * grow with the context.
 *
 * <p><b>Exactness.</b> A pair with a whole period takes its angle from (position mod period): position 10^12 is as
 * exact as position 10, and values repeat bit for bit. Any other pair takes position * frequency, held as a
 * double-double (the product's rounding error is kept) and reduced by 2*pi in the same way, so that for the frequency
 * as the double it is, the angle is within 10^-15 at every position up to 2^53 (10^-12 for a pair that turns more than
 * once a token). What remains is that a double is not
 * the mathematical frequency b^(-2j/d): at position n that shifts the angle by about n * frequency * 10^-16, the same
 * for everyone who uses this frequency, such as 10^-4 radians for the fastest pair at n = 10^12.
 */
public final class RotaryTable {
    /** Periods longer than this (about a million tokens, 8 MB a pair) are computed, not held, by {@link #compact}. */
    public static final long DEFAULT_LONGEST_HELD_PERIOD = 1L << 20;

    private static final long LONGEST_ARRAY = 1L << 30;

    private final RopeFrequencies frequencies;

    /** One period of each pair, cosines and sines; empty for a pair that is computed when asked. (pairs, period) */
    private final float[][] heldCosines;

    private final float[][] heldSines;

    private RotaryTable(RopeFrequencies frequencies, long longestHeldPeriod) {
        this.frequencies = requireNonNull(frequencies, "frequencies must not be null");
        Require.atLeast("longestHeldPeriod", longestHeldPeriod, 0);
        if (longestHeldPeriod > LONGEST_ARRAY) {
            throw new IllegalArgumentException("longestHeldPeriod must be at most 2^30, was " + longestHeldPeriod
                    + "; pairs with a longer period are computed");
        }
        int pairs = frequencies.pairs();
        heldCosines = new float[pairs][];
        heldSines = new float[pairs][];
        for (int pair = 0; pair < pairs; pair++) {
            long period = frequencies.periodTokens(pair);
            int held = period <= longestHeldPeriod ? (int) period : 0;
            heldCosines[pair] = new float[held];
            heldSines[pair] = new float[held];
            for (int row = 0; row < held; row++) {
                compute(pair, row, heldCosines[pair], heldSines[pair], row);
            }
        }
    }

    /** A table that holds nothing and computes each value when asked; rows that repeat within one call are copied. */
    public static RotaryTable of(RopeFrequencies frequencies) {
        return new RotaryTable(frequencies, 0);
    }

    /** {@link #compact(RopeFrequencies, long)} with {@link #DEFAULT_LONGEST_HELD_PERIOD}. */
    public static RotaryTable compact(RopeFrequencies frequencies) {
        return compact(frequencies, DEFAULT_LONGEST_HELD_PERIOD);
    }

    /**
     * A table that holds one period of every pair, the sum of the periods in rows of two floats.
     *
     * @param longestHeldPeriod pairs with a longer period, or with none, are computed when asked; from 0 to 2^30
     * @throws IllegalArgumentException if it is out of range
     */
    public static RotaryTable compact(RopeFrequencies frequencies, long longestHeldPeriod) {
        return new RotaryTable(frequencies, longestHeldPeriod);
    }

    /** What the table was made from. */
    public RopeFrequencies frequencies() {
        return frequencies;
    }

    /**
     * Writes consecutive positions, row-major: the values of position {@code firstPosition + i} and pair j go to index
     * {@code i * pairs + j}.
     *
     * @param firstPosition 0 or more; {@code firstPosition + positions} at most 2^53
     * @param positions number of rows
     * @param cosines receives cosine times attention scale; at least positions * pairs long
     * @param sines receives sine times attention scale; at least positions * pairs long
     * @throws IllegalArgumentException if a position is out of range or an array too short
     */
    public void fill(long firstPosition, int positions, float[] cosines, float[] sines) {
        Require.fillable(firstPosition, positions, frequencies.pairs(), cosines, sines);
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            if (heldCosines[pair].length == 0) {
                fillComputed(pair, firstPosition, positions, cosines, sines);
            } else {
                fillHeld(pair, firstPosition, positions, cosines, sines);
            }
        }
    }

    /**
     * Writes consecutive positions as pairs of a cosine and a sine, row-major: those of position {@code firstPosition + i} and pair
     * j go to indices {@code 2 * (i * pairs + j)} and the one after it; otherwise as {@link #fill}.
     *
     * @param values receives them; at least positions * pairs * 2 long
     */
    public void fillPairs(long firstPosition, int positions, float[] values) {
        int pairs = frequencies.pairs();
        float[] cosines = new float[pairs];
        float[] sines = new float[pairs];
        Require.atLeast("positions", positions, 0);
        long needed = 2L * positions * pairs;
        if (values.length < needed) {
            throw new IllegalArgumentException(
                    "values must hold positions * pairs * 2 = " + needed + " values, held " + values.length);
        }
        for (int row = 0; row < positions; row++) {
            fill(firstPosition + row, 1, cosines, sines);
            for (int pair = 0; pair < pairs; pair++) {
                values[2 * (row * pairs + pair)] = cosines[pair];
                values[2 * (row * pairs + pair) + 1] = sines[pair];
            }
        }
    }

    private void fillHeld(int pair, long firstPosition, int positions, float[] cosines, float[] sines) {
        int pairs = frequencies.pairs();
        int period = heldCosines[pair].length;
        int held = (int) (firstPosition % period);
        for (int row = 0; row < positions; row++) {
            cosines[row * pairs + pair] = heldCosines[pair][held];
            sines[row * pairs + pair] = heldSines[pair][held];
            held = held + 1 == period ? 0 : held + 1;
        }
    }

    private void fillComputed(int pair, long firstPosition, int positions, float[] cosines, float[] sines) {
        int pairs = frequencies.pairs();
        long period = frequencies.periodTokens(pair);
        int distinct = period > 0 ? (int) Math.min(period, positions) : positions;
        for (int row = 0; row < distinct; row++) {
            compute(pair, firstPosition + row, cosines, sines, row * pairs + pair);
        }
        for (int row = distinct; row < positions; row++) {
            cosines[row * pairs + pair] = cosines[(row - distinct) * pairs + pair];
            sines[row * pairs + pair] = sines[(row - distinct) * pairs + pair];
        }
    }

    private void compute(int pair, long position, float[] cosines, float[] sines, int index) {
        double angle = frequencies.angle(pair, position);
        cosines[index] = (float) (frequencies.attentionScale() * Math.cos(angle));
        sines[index] = (float) (frequencies.attentionScale() * Math.sin(angle));
    }

    /**
     * Writes the rows of any positions, in the given order; otherwise as {@link #fill}.
     *
     * @param positions each from 0 to 2^53 - 1
     * @throws IllegalArgumentException if a position is out of range or an array too short; nothing is written then
     */
    public void fillAt(long[] positions, float[] cosines, float[] sines) {
        int pairs = frequencies.pairs();
        Require.positions(positions);
        Require.room(positions.length, pairs, cosines, sines);
        float[] cosineRow = new float[pairs];
        float[] sineRow = new float[pairs];
        for (int row = 0; row < positions.length; row++) {
            fill(positions[row], 1, cosineRow, sineRow);
            System.arraycopy(cosineRow, 0, cosines, row * pairs, pairs);
            System.arraycopy(sineRow, 0, sines, row * pairs, pairs);
        }
    }

    /** Rows of two floats this table holds; 0 if it computes everything when asked. */
    public long heldRows() {
        long rows = 0;
        for (float[] held : heldCosines) {
            rows += held.length;
        }
        return rows;
    }
}
