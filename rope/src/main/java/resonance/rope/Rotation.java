package resonance.rope;

/**
 * Applies cosines and sines to rows of floats, in place.
 *
 * <pre>  first'  = first * cos - second * sin
 *   second' = first * sin + second * cos       for every pair (RoFormer, eq. 34) </pre>
 *
 * <p>Rows are (positions, heads, headSize), row-major; every head of a position turns by the same angles. Dimensions
 * from {@code 2 * pairs} on (partial rotary) stay as they are. {@link #reference} says what is meant, one pair at a
 * time; {@link #fast} gives bit for bit the same numbers.
 */
public interface Rotation {
    /**
     * The plain version.
     *
     * @param headSize dimensions of a head, rotating or not
     * @param pairs pairs that rotate; at most headSize/2
     */
    static Rotation reference(PairLayout layout, int headSize, int pairs) {
        return new ReferenceRotation(layout, headSize, pairs);
    }

    /** The fast version; parameters as for {@link #reference}. */
    static Rotation fast(PairLayout layout, int headSize, int pairs) {
        return new FastRotation(layout, headSize, pairs);
    }

    /** Which dimensions form a pair. */
    PairLayout layout();

    /** Dimensions of a head, rotating or not. */
    int headSize();

    /** Pairs that rotate. */
    int pairs();

    /**
     * Rotates every row by its position's angles.
     *
     * @param rows (positions, heads, headSize); changed in place
     * @param heads rows per position
     * @param cosines (positions, pairs) as {@link RotaryTable#fill} writes them; may be longer
     * @param sines (positions, pairs); may be longer
     */
    void rotate(float[] rows, int heads, float[] cosines, float[] sines);

    /**
     * Undoes {@link #rotate}, up to rounding; an attention scale in the table is divided out. Parameters as there.
     */
    default void rotateBack(float[] rows, int heads, float[] cosines, float[] sines) {
        int positions = Require.wholePositions(rows, heads, headSize());
        Require.room(positions, pairs(), cosines, sines);
        float[] inverseCosines = new float[positions * pairs()];
        float[] inverseSines = new float[positions * pairs()];
        for (int i = 0; i < inverseCosines.length; i++) {
            float squaredScale = cosines[i] * cosines[i] + sines[i] * sines[i];
            inverseCosines[i] = cosines[i] / squaredScale;
            inverseSines[i] = -sines[i] / squaredScale;
        }
        rotate(rows, heads, inverseCosines, inverseSines);
    }

    /** {@link #rotate} for consecutive positions from {@code firstPosition} on; the table has {@link #pairs} pairs. */
    default void rotateAt(float[] rows, int heads, long firstPosition, RotaryTable table) {
        int positions = Require.wholePositions(rows, heads, headSize());
        float[] cosines = roomFor(positions, table);
        float[] sines = cosines.clone();
        table.fill(firstPosition, positions, cosines, sines);
        rotate(rows, heads, cosines, sines);
    }

    /** {@link #rotate} for any positions, one per {@code heads} rows; the table has {@link #pairs} pairs. */
    default void rotateAt(float[] rows, int heads, long[] positions, RotaryTable table) {
        int expected = Require.wholePositions(rows, heads, headSize());
        if (positions.length != expected) {
            throw new IllegalArgumentException(
                    "positions must be one per " + heads + " rows (" + expected + "), were " + positions.length);
        }
        float[] cosines = roomFor(expected, table);
        float[] sines = cosines.clone();
        table.fillAt(positions, cosines, sines);
        rotate(rows, heads, cosines, sines);
    }

    private float[] roomFor(int positions, RotaryTable table) {
        int pairs = table.frequencies().pairs();
        if (pairs != pairs()) {
            throw new IllegalArgumentException(
                    "table must have as many pairs as the rotation (" + pairs() + "), had " + pairs);
        }
        return new float[positions * pairs];
    }
}
