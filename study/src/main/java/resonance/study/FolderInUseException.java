package resonance.study;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody else is at work where something is to be written. The message says who, and since when. */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    FolderInUseException(Path place, String owner) {
        super("output " + place + " must be free, " + named(owner)
                + " is at work there; wait for its end or choose another output");
    }

    private FolderInUseException(String message) {
        super(message);
    }

    /** For a process that held the place and finds that it holds it no more. */
    static FolderInUseException taken(Path place, String owner, long leaseSeconds) {
        return new FolderInUseException("output " + place + " must stay this process's while it works there, "
                + named(owner) + " took it after " + leaseSeconds + " s without a sign of life from here;"
                + " what was finished before is kept, run again to go on once the other has ended");
    }

    /** The same where nobody has it now. */
    static FolderInUseException gone(Path place) {
        return new FolderInUseException("output " + place + " must stay this process's while it works there, its lock"
                + " is gone, so somebody removed or replaced the folder; leave it alone and run again");
    }

    private static String named(String owner) {
        return owner.isEmpty() ? "another process" : owner;
    }
}
