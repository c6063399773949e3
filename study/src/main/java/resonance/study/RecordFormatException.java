package resonance.study;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that is not the record it should be. The message names the file, the field and what was wrong with it. */
public final class RecordFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean damaged;

    RecordFormatException(String message) {
        this(message, false, null);
    }

    RecordFormatException(String message, Throwable cause) {
        this(message, false, cause);
    }

    private RecordFormatException(String message, boolean damaged, @Nullable Throwable cause) {
        super(message, cause);
        this.damaged = damaged;
    }

    /** What was written there is not what is there now; no other version would read it either. */
    static RecordFormatException damaged(String message) {
        return new RecordFormatException(message, true, null);
    }

    /** Whether the file was damaged after it was written. */
    public boolean damaged() {
        return damaged;
    }
}
