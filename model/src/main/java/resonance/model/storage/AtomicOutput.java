package resonance.model.storage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file as a whole or not at all. */
public final class AtomicOutput {
    private static final int BUFFER_BYTES = 1 << 16;

    private AtomicOutput() {}

    /** Bytes as they shall stand in a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of them, and leaves the stream open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes the file beside its place and moves it there once it is complete and on the disk. Whatever ends the writing
     * early leaves nothing behind, and an earlier file as it was.
     */
    public static void write(Path file, Content content) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), BUFFER_BYTES)) {
                content.writeTo(out);
            }
            try (FileChannel written = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
