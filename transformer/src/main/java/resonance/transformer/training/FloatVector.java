package resonance.transformer.training;

import java.io.IOException;

/** A long run of float32 numbers that is read in parts: an array, a trainer's own memory or a file. */
public interface FloatVector {
    /** Number of elements. */
    long size();

    /**
     * Copies consecutive elements to the beginning of an array.
     *
     * @param first index of the first of them
     * @param count how many, at most the array's length
     * @throws IOException if they are in a file that can't be read
     */
    void copy(long first, int count, float[] target) throws IOException;

    /** All elements; for vectors that are no longer than an array. */
    default float[] toArray() throws IOException {
        float[] values = new float[Math.toIntExact(size())];
        copy(0, values.length, values);
        return values;
    }

    /** The elements of an array, which is not copied. */
    static FloatVector of(float[] values) {
        return new FloatVector() {
            @Override
            public long size() {
                return values.length;
            }

            @Override
            public void copy(long first, int count, float[] target) {
                System.arraycopy(values, Math.toIntExact(first), target, 0, count);
            }
        };
    }
}
