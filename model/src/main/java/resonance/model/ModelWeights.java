package resonance.model;

import java.util.Set;

/**
 * A model's parameters by name, read as float32 whatever format they are stored in.
 *
 * <p>Names: {@code embedding} (V, D); for each block {@code layer.0.attention.norm} (D), {@code .query} (H S, D),
 * {@code .key} and {@code .value} (K S, D), {@code .queryBias}, {@code .keyBias}, {@code .valueBias},
 * {@code .queryNorm} and {@code .keyNorm} (S), {@code .output} (D, H S), {@code .postNorm} (D);
 * {@code layer.0.feedForward.norm} (D), {@code .gate} and {@code .up} (F, D), {@code .down} (D, F), {@code .postNorm}
 * (D); {@code finalNorm} (D); {@code head} (V, D) unless tied.
 *
 * <p>Rotary pairs are interleaved (features 2i and 2i+1 of a head): rows of queries and keys, their biases and their
 * norms are put into this order here if the file has halves. Norm weights are the whole factor: Gemma's "1 + w" is
 * added here where the file leaves it out.
 */
public interface ModelWeights {
    /** Every parameter of the model. */
    Set<String> names();

    /** Number of elements of a parameter. */
    long size(String name);

    /**
     * Reads consecutive elements, row-major.
     *
     * @param firstElement index of the first, a multiple of the row length for matrices
     * @param count how many; whole rows for matrices
     * @throws ModelFormatException if the file does not hold what its header promised
     */
    void read(String name, long firstElement, int count, float[] target, int offset);
}
