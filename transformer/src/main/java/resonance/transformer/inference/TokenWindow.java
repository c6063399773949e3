package resonance.transformer.inference;

/**
 * A run of tokens of which the last ones are scored: token i is predicted from tokens 0 to i − 1.
 *
 * @param tokens ids, at least two
 * @param firstScored index of the first token to score, from 1 to {@code tokens.length}
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of large vectors that is handed on, never compared
public record TokenWindow(int[] tokens, int firstScored) {
    public TokenWindow {
        if (tokens.length < 2) {
            throw new IllegalArgumentException("tokens must be at least 2, were " + tokens.length);
        }
        if (firstScored < 1 || firstScored > tokens.length) {
            throw new IllegalArgumentException(
                    "firstScored must be from 1 to " + tokens.length + ", was " + firstScored);
        }
    }

    /** Number of scored tokens. */
    public int scored() {
        return tokens.length - firstScored;
    }
}
