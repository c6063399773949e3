package resonance.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output, which unlike {@link System#out} says when it can't be written, in the same words in every language. */
final class StandardOutput extends FileOutputStream {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    StandardOutput() {
        super(FileDescriptor.out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            super.write(bytes, from, length);
        } catch (IOException failure) {
            throw isPipe() ? new IOException(OutputFailure.BROKEN_PIPE, failure) : failure;
        }
    }

    /** A pipe has no other way to fail than that its reader is gone. */
    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(DESCRIPTOR).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }
}
