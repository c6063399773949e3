package resonance.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/** Says what Hadoop says of a path in the JDK's exceptions, which the program knows. */
final class HadoopFailure {
    private HadoopFailure() {}

    /** Something that Hadoop is asked. */
    interface Question<T> {
        T ask() throws IOException;
    }

    /** Asks, and lets failures be about a path. */
    static <T> T of(HadoopPath path, Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (FileSystemException | InterruptedIOException already) {
            throw already;
        } catch (IOException failure) {
            throw translated(path, failure instanceof RemoteException far ? far.unwrapRemoteException() : failure);
        }
    }

    private static FileSystemException translated(HadoopPath path, IOException failure) {
        String file = path.toString();
        FileSystemException ofJdk;
        if (failure instanceof FileNotFoundException) {
            ofJdk = new NoSuchFileException(file);
        } else if (failure instanceof org.apache.hadoop.fs.FileAlreadyExistsException) {
            ofJdk = new FileAlreadyExistsException(file);
        } else if (failure instanceof AccessControlException) {
            ofJdk = new AccessDeniedException(file);
        } else if (failure instanceof PathIsNotEmptyDirectoryException) {
            ofJdk = new DirectoryNotEmptyException(file);
        } else {
            String reason =
                    String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
            ofJdk = new FileSystemException(
                    file, null, reason.isEmpty() ? failure.getClass().getSimpleName() : reason);
        }
        ofJdk.initCause(failure);
        return ofJdk;
    }
}
