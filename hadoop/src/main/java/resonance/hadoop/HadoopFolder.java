package resonance.hadoop;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/** What is in a folder, asked of the store part by part. */
final class HadoopFolder implements DirectoryStream<Path> {
    private final HadoopPath folder;
    private final Filter<? super Path> filter;
    private @Nullable RemoteIterator<FileStatus> entries;

    HadoopFolder(HadoopPath folder, RemoteIterator<FileStatus> entries, Filter<? super Path> filter) {
        this.folder = folder;
        this.entries = entries;
        this.filter = filter;
    }

    @Override
    public Iterator<Path> iterator() {
        RemoteIterator<FileStatus> all = entries;
        if (all == null) {
            throw new IllegalStateException("a folder's stream must be open and gone through once");
        }
        entries = null;
        return new Iterator<>() {
            private @Nullable Path next;

            @Override
            public boolean hasNext() {
                try {
                    while (next == null && HadoopFailure.of(folder, all::hasNext)) {
                        FileStatus status = HadoopFailure.of(folder, all::next);
                        Path entry = folder.resolve(status.getPath().getName());
                        next = filter.accept(entry) ? entry : null;
                    }
                } catch (IOException e) {
                    throw new DirectoryIteratorException(e);
                }
                return next != null;
            }

            @Override
            public Path next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Path given = next;
                next = null;
                if (given == null) {
                    throw new NoSuchElementException();
                }
                return given;
            }
        };
    }

    @Override
    public void close() {
        entries = null;
    }
}
