package resonance.study;

import java.io.IOException;

/** A file that is not the record it should be. The message names the file, the field and what was wrong with it. */
public final class RecordFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    RecordFormatException(String message) {
        super(message);
    }

    RecordFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
