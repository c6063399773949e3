package resonance.rope.huggingface;

/**
 * A configuration whose position encoding is not known here, although it may be a good one: a model type, a type of scaling or
 * code of its own that was not read. The message says what is not known.
 */
public final class UnknownPositionsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownPositionsException(String message) {
        super(message);
    }
}
