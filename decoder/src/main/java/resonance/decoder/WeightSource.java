package resonance.decoder;

/**
 * Where a decoder's parameters come from: a file, or another decoder.
 *
 * <p>Rotary pairs are interleaved (features 2i and 2i+1 of a head): rows of queries and keys, their biases and their norms
 * come in this order whatever the file has. Norm weights are the whole factor, Gemma's "1 + w".
 */
@FunctionalInterface
public interface WeightSource {
    /**
     * Reads consecutive elements of a parameter, row-major float32.
     *
     * @param firstElement index of the first, a multiple of the row length for matrices
     * @param count how many; whole rows for matrices
     * @param offset where the first goes in {@code target}
     * @throws IllegalArgumentException if the source has no such parameter
     */
    void read(Parameter parameter, long firstElement, int count, float[] target, int offset);
}
