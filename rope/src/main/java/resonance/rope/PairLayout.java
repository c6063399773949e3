package resonance.rope;

/**
 * Which two dimensions of a head form a pair.
 *
 * <p>Models trained with one layout give nonsense with the other, though their weights have the same shape.
 * {@link #sourceRows} reorders projection weights from one to the other; frequencies are the same for both.
 */
public enum PairLayout {
    /** Pair j is dimensions 2j and 2j + 1 (RoFormer; llama.cpp's NORM, GGUF files of architecture llama). */
    INTERLEAVED {
        @Override
        public int first(int pair, int rotarySize) {
            return 2 * pair;
        }

        @Override
        public int second(int pair, int rotarySize) {
            return 2 * pair + 1;
        }
    },

    /** Pair j is dimensions j and j + rotarySize/2 (Hugging Face's rotate_half; GPT-NeoX). */
    HALF_SPLIT {
        @Override
        public int first(int pair, int rotarySize) {
            return pair;
        }

        @Override
        public int second(int pair, int rotarySize) {
            return pair + rotarySize / 2;
        }
    };

    /** Index within the head of a pair's first dimension, the one that is the cosine's at angle 0. */
    public abstract int first(int pair, int rotarySize);

    /** Index within the head of a pair's second dimension. */
    public abstract int second(int pair, int rotarySize);

    /**
     * The order of rows that turns a query or key projection of layout {@code from} into this layout.
     *
     * <p>New row i is old row {@code sourceRows[i]}. Whole rows move, so rows of quantised weights can be moved as
     * bytes; a bias moves the same way. For keys give the number of key heads.
     *
     * @param heads heads in the projection; its rows are (heads, headSize)
     * @param headSize rows of one head
     * @param rotarySize rows of one head that rotate, even; the rows after them keep their place
     */
    public int[] sourceRows(PairLayout from, int heads, int headSize, int rotarySize) {
        Require.atLeast("heads", heads, 1);
        requireRotarySize(headSize, rotarySize);
        int[] rows = new int[Math.multiplyExact(heads, headSize)];
        for (int head = 0; head < heads; head++) {
            int start = head * headSize;
            for (int pair = 0; pair < rotarySize / 2; pair++) {
                rows[start + first(pair, rotarySize)] = start + from.first(pair, rotarySize);
                rows[start + second(pair, rotarySize)] = start + from.second(pair, rotarySize);
            }
            for (int row = rotarySize; row < headSize; row++) {
                rows[start + row] = start + row;
            }
        }
        return rows;
    }

    /**
     * The rows of a matrix in another order.
     *
     * @param matrix row-major, (sourceRows.length, columns); left as it is
     * @param columns values per row, 1 for a bias
     * @param sourceRows as {@link #sourceRows} gives them
     */
    public static float[] reorderRows(float[] matrix, int columns, int[] sourceRows) {
        if (matrix.length != (long) sourceRows.length * columns) {
            throw new IllegalArgumentException("matrix must hold rows * columns = " + sourceRows.length + " * "
                    + columns + " values, held " + matrix.length);
        }
        float[] reordered = new float[matrix.length];
        for (int row = 0; row < sourceRows.length; row++) {
            System.arraycopy(matrix, sourceRows[row] * columns, reordered, row * columns, columns);
        }
        return reordered;
    }

    static void requireRotarySize(int headSize, int rotarySize) {
        if (rotarySize < 2 || rotarySize % 2 != 0 || rotarySize > headSize) {
            throw new IllegalArgumentException(
                    "rotarySize must be even, at least 2 and at most headSize (" + headSize + "), was " + rotarySize);
        }
    }
}
