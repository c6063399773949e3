package resonance.transformer.inference;

import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.TensorArena;

/**
 * A text being read and continued: the keys and values of its tokens are kept, so a further token costs one row.
 *
 * <p>The encoding is fixed when the session starts; one that depends on the length of the text is taken at the length
 * that the caller foresees, so cached keys never disagree with later ones. Owns native memory; close it before the
 * decoder.
 */
public final class DecodingSession implements AutoCloseable {
    private final FrozenDecoder decoder;
    private final PositionEncoding encoding;
    private final int capacity;
    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final KeyValueStore store;
    private int length;

    DecodingSession(FrozenDecoder decoder, PositionEncoding encoding, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1 token, was " + capacity);
        }
        this.decoder = decoder;
        this.encoding = encoding;
        this.capacity = capacity;
        this.store = decoder.store(encoding, capacity, arena);
    }

    /**
     * Reads tokens and gives the logits after the last of them, (V).
     *
     * @param listener hears how far a long prompt has come
     * @throws IllegalArgumentException if there are none, one is not in the vocabulary, or they exceed the capacity
     */
    public float[] append(int[] tokens, PassListener listener) {
        if (length + (long) tokens.length > capacity) {
            throw new IllegalArgumentException("tokens must fit the session's capacity of " + capacity + ", were "
                    + tokens.length + " after " + length);
        }
        float[] logits = decoder.append(encoding, store, length, tokens, listener);
        length += tokens.length;
        return logits;
    }

    /** Tokens read so far. */
    public int length() {
        return length;
    }

    /**
     * Forgets what was read after the first {@code newLength} tokens.
     *
     * @throws IllegalArgumentException unless it is from 0 to the present length
     */
    public void rewind(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("newLength must be from 0 to " + length + ", was " + newLength);
        }
        if (newLength < length) {
            store.forgetNormsFrom(newLength);
        }
        length = newLength;
    }

    @Override
    public void close() {
        arena.close();
    }
}
