package resonance.model;

import java.util.OptionalInt;
import java.util.Set;

/** Text to token ids and back, as the model was trained. Thread safe. */
public interface Tokenizer {
    /** One more than the largest id. */
    int vocabularySize();

    /**
     * Ids of a text, without the special tokens that a template would put around it. A special token spelled out in the
     * text becomes its id, as in the libraries this must agree with.
     */
    int[] encode(String text);

    /** Text of these ids, special tokens left out. */
    String decode(int[] ids);

    /** The beginning-of-sequence token that the model expects before a text; empty if it was trained without one. */
    OptionalInt beginningOfSequence();

    /** Tokens that end a text or a turn: generation stops at them. */
    Set<Integer> endOfSequence();
}
