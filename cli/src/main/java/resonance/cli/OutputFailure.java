package resonance.cli;

import java.io.IOException;

/** Standard output takes no more: its reader is gone, or what it goes to is full. It ends the command. */
final class OutputFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Exit code of a process whose reader is gone: 128 and SIGPIPE, as the shell says it. */
    static final int READER_GONE = 141;

    /** What the system says of a pipe without a reader, in English. */
    static final String BROKEN_PIPE = "Broken pipe";

    OutputFailure(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether the reader of a pipe or socket ended first, as {@code head} does: no fault of anybody's. */
    boolean readerGone() {
        return BROKEN_PIPE.equals(getMessage());
    }
}
