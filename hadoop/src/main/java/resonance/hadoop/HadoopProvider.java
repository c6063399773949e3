package resonance.hadoop;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.hdfs.DistributedFileSystem.HdfsDataOutputStreamBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Files in Hadoop's stores of one scheme. A file is written once, from its beginning to its end, and is on the disks of those that
 * store it once it is closed; made new or renamed, it is so at once where the store does that, which HDFS does. There are neither
 * channels of files nor permissions to set; links are followed.
 */
final class HadoopProvider extends FileSystemProvider {
    private final String scheme;
    private final Map<String, HadoopFileSystem> stores = new HashMap<>();

    HadoopProvider(String scheme) {
        this.scheme = scheme;
    }

    /** The store that a place is in, opened once. */
    synchronized HadoopFileSystem open(URI place) throws IOException {
        String authority = authority(place);
        @Nullable HadoopFileSystem known = stores.get(authority);
        if (known == null) {
            known = HadoopFileSystem.open(this, place);
            stores.put(authority, known);
        }
        return known;
    }

    private static String authority(URI place) {
        return Objects.requireNonNullElse(place.getRawAuthority(), "");
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public synchronized FileSystem newFileSystem(URI place, Map<String, ?> settings) throws IOException {
        if (stores.containsKey(authority(place))) {
            throw new FileSystemAlreadyExistsException(place.toString());
        }
        return open(place);
    }

    @Override
    public synchronized FileSystem getFileSystem(URI place) {
        @Nullable HadoopFileSystem known = stores.get(authority(place));
        if (known == null) {
            throw new FileSystemNotFoundException(place.toString());
        }
        return known;
    }

    @Override
    public Path getPath(URI place) {
        return getFileSystem(place).getPath(place.getPath());
    }

    private static HadoopPath ours(Path path) {
        if (path instanceof HadoopPath ours) {
            return ours;
        }
        throw new ProviderMismatchException();
    }

    private static org.apache.hadoop.fs.FileSystem files(HadoopPath path) {
        return path.getFileSystem().files();
    }

    private static FileStatus status(HadoopPath path) throws IOException {
        return HadoopFailure.of(path, () -> files(path).getFileStatus(path.hadoop()));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        HadoopPath file = ours(path);
        if (options.contains(StandardOpenOption.APPEND)
                || (options.contains(StandardOpenOption.WRITE) && options.contains(StandardOpenOption.READ))) {
            throw new UnsupportedOperationException("a file of a store's must be read or written anew, not " + options);
        }
        if (options.contains(StandardOpenOption.WRITE)) {
            return HadoopChannel.writing(file, written(file, options));
        }
        long size = status(file).getLen();
        return HadoopChannel.reading(
                file, HadoopFailure.of(file, () -> files(file).open(file.hadoop())), size);
    }

    /** Makes a file, in a folder that is there. */
    private static FSDataOutputStream written(HadoopPath file, Set<? extends OpenOption> options) throws IOException {
        boolean fresh = options.contains(StandardOpenOption.CREATE_NEW);
        boolean replace = !fresh && options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        if (!fresh && !options.contains(StandardOpenOption.CREATE)) {
            status(file); // must be there
        }
        try {
            return HadoopFailure.of(file, () -> {
                FSDataOutputStreamBuilder<?, ?> made = files(file).createFile(file.hadoop());
                if (made instanceof HdfsDataOutputStreamBuilder inHdfs) {
                    inHdfs.syncBlock(); // those before the last, which closing would not put on the disks
                }
                return made.overwrite(replace).build();
            });
        } catch (FileAlreadyExistsException there) {
            if (fresh || replace) {
                throw there;
            }
            throw new UnsupportedOperationException("a file of a store's must be written anew, not " + options, there);
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        HadoopPath folder = ours(path);
        if (!status(folder).isDirectory()) {
            throw new NotDirectoryException(folder.toString());
        }
        return new HadoopFolder(
                folder, HadoopFailure.of(folder, () -> files(folder).listStatusIterator(folder.hadoop())), filter);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        HadoopPath folder = ours(path);
        if (exists(folder)) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null && !status(ours(parent)).isDirectory()) {
            throw new NotDirectoryException(parent.toString());
        }
        HadoopFailure.of(folder, () -> files(folder).mkdirs(folder.hadoop()));
    }

    private static boolean exists(HadoopPath path) throws IOException {
        try {
            status(path);
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        HadoopPath removed = ours(path);
        if (!HadoopFailure.of(removed, () -> files(removed).delete(removed.hadoop(), false))) {
            throw new NoSuchFileException(removed.toString());
        }
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        HadoopPath source = ours(from);
        Set<OpenOption> how = new HashSet<>(Set.of(StandardOpenOption.WRITE));
        how.addAll(
                List.of(options).contains(StandardCopyOption.REPLACE_EXISTING)
                        ? List.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)
                        : List.of(StandardOpenOption.CREATE_NEW));
        try (var in = newInputStream(source);
                var out = newOutputStream(to, how.toArray(OpenOption[]::new))) {
            in.transferTo(out);
        }
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        HadoopPath source = ours(from);
        HadoopPath target = ours(to);
        List<CopyOption> asked = Arrays.asList(options);
        boolean atOnce = asked.contains(StandardCopyOption.ATOMIC_MOVE);
        HadoopFileSystem store = source.getFileSystem();
        if (!store.equals(target.getFileSystem()) || (atOnce && !store.renamesAtOnce())) {
            throw new AtomicMoveNotSupportedException(source.toString(), target.toString(), "not within one store");
        }
        boolean replace = atOnce || asked.contains(StandardCopyOption.REPLACE_EXISTING);
        try {
            HadoopFailure.of(source, () -> {
                store.rename(source, target, replace);
                return target;
            });
        } catch (FileAlreadyExistsException there) {
            FileAlreadyExistsException ofTarget = new FileAlreadyExistsException(target.toString());
            ofTarget.initCause(there);
            throw ofTarget;
        }
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        boolean same =
                path.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        if (!path.equals(other)) {
            checkAccess(path);
        }
        return same;
    }

    @Override
    public boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("the room in a store is not told");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        HadoopPath asked = ours(path);
        FsAction action = FsAction.NONE;
        for (AccessMode mode : modes) {
            action = action.or(
                    switch (mode) {
                        case READ -> FsAction.READ;
                        case WRITE -> FsAction.WRITE;
                        case EXECUTE -> FsAction.EXECUTE;
                    });
        }
        if (action == FsAction.NONE) {
            status(asked);
            return;
        }
        FsAction needed = action;
        HadoopFailure.of(asked, () -> {
            files(asked).access(asked.hadoop(), needed);
            return asked;
        });
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return type == BasicFileAttributeView.class ? type.cast(new View(ours(path))) : null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException("attributes must be basic ones, were " + type.getSimpleName());
        }
        return type.cast(new HadoopAttributes(status(ours(path))));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        HadoopAttributes found = new HadoopAttributes(status(ours(path)));
        Map<String, Object> all = Map.of(
                "lastModifiedTime", found.lastModifiedTime(),
                "lastAccessTime", found.lastAccessTime(),
                "creationTime", found.creationTime(),
                "size", found.size(),
                "isRegularFile", found.isRegularFile(),
                "isDirectory", found.isDirectory(),
                "isSymbolicLink", found.isSymbolicLink(),
                "isOther", found.isOther());
        Map<String, Object> asked = new HashMap<>();
        for (String name : withoutView(names).split(",", -1)) {
            if (name.equals("*")) {
                asked.putAll(all);
            } else {
                asked.put(name, Objects.requireNonNull(all.get(requireKnown(name, all.keySet()))));
            }
        }
        return asked;
    }

    private static String withoutView(String names) {
        return names.startsWith("basic:") ? names.substring("basic:".length()) : names;
    }

    private static String requireKnown(String name, Set<String> known) {
        if (!known.contains(name)) {
            throw new UnsupportedOperationException("an attribute must be one of " + known + ", was '" + name + "'");
        }
        return name;
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) throws IOException {
        requireKnown(withoutView(name), Set.of("lastModifiedTime"));
        new View(ours(path)).setTimes((FileTime) value, null, null);
    }

    private record View(HadoopPath path) implements BasicFileAttributeView {
        @Override
        public String name() {
            return "basic";
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return new HadoopAttributes(status(path));
        }

        /** The time that a file was made is not kept. */
        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime made)
                throws IOException {
            long unchanged = -1;
            HadoopFailure.of(path, () -> {
                files(path)
                        .setTimes(
                                path.hadoop(),
                                modified == null ? unchanged : modified.toMillis(),
                                accessed == null ? unchanged : accessed.toMillis());
                return path;
            });
        }
    }
}
