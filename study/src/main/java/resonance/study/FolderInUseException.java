package resonance.study;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody else is at work where something is to be written. The message says who, and since when. */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    FolderInUseException(Path place, String owner) {
        super("output " + place + " must be free, " + (owner.isEmpty() ? "another process" : owner)
                + " is at work there; wait for its end or choose another output");
    }
}
