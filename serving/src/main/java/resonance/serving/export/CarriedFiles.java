package resonance.serving.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How files that an export leaves as they are get from the model's folder into the new one. */
public enum CarriedFiles {
    /** The new folder stands on its own. */
    COPY,

    /**
     * Both folders name the same bytes, which stay until both names are gone. Takes no room and needs one file system.
     * Who writes into one file changes both.
     */
    HARD_LINK,

    /** The new folder points to the old one, which must stay where it is. */
    SYMBOLIC_LINK;

    /** Brings one file over; symbolic links in the source are followed. */
    void carry(Path source, Path target, FileCopy copy) throws IOException {
        switch (this) {
            case COPY -> copy.copy(source, target);
            case HARD_LINK -> Files.createLink(target, source.toRealPath());
            case SYMBOLIC_LINK -> Files.createSymbolicLink(target, source.toRealPath());
        }
    }
}
