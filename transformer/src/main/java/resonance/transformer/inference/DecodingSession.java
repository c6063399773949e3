package resonance.transformer.inference;

import java.util.ArrayList;
import java.util.List;
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
    /** Texts whose next tokens are read together in fact: more are taken in turns. */
    public static final int MOST_TOGETHER = TokenStep.MOST_TEXTS;

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
        requireRoom(tokens.length);
        float[] logits = decoder.append(encoding, store, length, tokens, listener);
        length += tokens.length;
        return logits;
    }

    /**
     * Reads tokens together and gives −ln p of a target after each of them, nats.
     *
     * @param targets as many as tokens
     * @throws IllegalArgumentException if they are not, there are none, one is not in the vocabulary, or tokens exceed the capacity
     */
    public float[] negativeLogLikelihoods(int[] tokens, int[] targets) {
        if (targets.length != tokens.length) {
            throw new IllegalArgumentException(
                    "targets must be as many as tokens (" + tokens.length + "), were " + targets.length);
        }
        requireRoom(tokens.length);
        float[] losses = decoder.negativeLogLikelihoods(encoding, store, length, tokens, targets);
        length += tokens.length;
        return losses;
    }

    /**
     * Reads the next token of each of several texts together and gives the logits after each, (texts, V). Weights are read once for
     * all of them. A text's logits are the same to the bit as if it were alone.
     *
     * @param sessions of one decoder and with one encoding, each once
     * @param tokens the next of each
     * @throws IllegalArgumentException if sessions differ in decoder or encoding, one stands twice or is full, there are not as many tokens as
     *     sessions, or one is not in the vocabulary
     */
    public static float[][] appendEach(List<DecodingSession> sessions, int[] tokens) {
        if (sessions.size() != tokens.length) {
            throw new IllegalArgumentException(
                    "tokens must be as many as sessions (" + sessions.size() + "), were " + tokens.length);
        }
        if (sessions.isEmpty()) {
            return new float[0][];
        }
        DecodingSession first = sessions.get(0);
        List<TokenStep.Next> texts = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            DecodingSession session = sessions.get(i);
            if (session.decoder != first.decoder || !session.encoding.equals(first.encoding)) {
                throw new IllegalArgumentException(
                        "sessions must have one decoder and one encoding, session " + i + " has another");
            }
            if (sessions.indexOf(session) != i) {
                throw new IllegalArgumentException("sessions must stand once each, session " + i + " stands twice");
            }
            session.requireRoom(1);
            texts.add(new TokenStep.Next(session.store, session.length, tokens[i]));
        }
        float[][] logits = first.decoder.appendEach(first.encoding, texts);
        sessions.forEach(session -> session.length++);
        return logits;
    }

    private void requireRoom(int tokens) {
        if (length + (long) tokens > capacity) {
            throw new IllegalArgumentException(
                    "tokens must fit the session's capacity of " + capacity + ", were " + tokens + " after " + length);
        }
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
