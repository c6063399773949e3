package resonance.study;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody else is at work in a study's folder. The message says who, and since when. */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    FolderInUseException(Path folder, String owner) {
        super("output folder " + folder + " must be free, " + (owner.isEmpty() ? "another process" : owner)
                + " is at work in it; wait for its end or choose another output folder");
    }
}
