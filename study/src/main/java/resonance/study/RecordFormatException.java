package resonance.study;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that is not the record it should be. The message names the file, the field and what was wrong with it. */
public final class RecordFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean damaged;
    private final String problem;

    RecordFormatException(String message) {
        this(message, "", false, null);
    }

    RecordFormatException(String message, Throwable cause) {
        this(message, "", false, cause);
    }

    private RecordFormatException(String problem, String cure, boolean damaged, @Nullable Throwable cause) {
        super(problem + cure, cause);
        this.problem = problem;
        this.damaged = damaged;
    }

    /** A record of another version or program, which are those to read it with. */
    static RecordFormatException ofAnother(String problem, @Nullable Throwable cause) {
        return new RecordFormatException(problem, "; use the version or program that made it", false, cause);
    }

    /** What was written there is not what is there now; no other version would read it either. */
    static RecordFormatException damaged(String message) {
        return new RecordFormatException(message, "", true, null);
    }

    /** The message without what to do, for those who do something themselves. */
    String problem() {
        return problem;
    }

    /** Whether the file was damaged after it was written. */
    public boolean damaged() {
        return damaged;
    }
}
