package resonance.language;

/**
 * A text that a model wrote.
 *
 * @param text what followed the prompt, special tokens left out
 * @param promptTokens tokens of the prompt, BOS included
 * @param tokens tokens of the text, the one that ended it not counted
 * @param end why it ended
 * @param promptSeconds time to read the prompt
 * @param seconds time to write the text after that
 */
public record Generation(String text, int promptTokens, int tokens, End end, double promptSeconds, double seconds) {
    /** Why a text ended. */
    public enum End {
        /** The model chose a token that ends texts. */
        END_OF_SEQUENCE,
        /** It had as many tokens as were asked for. */
        MAXIMUM_TOKENS,
        /** It was asked to stop. */
        STOPPED
    }
}
