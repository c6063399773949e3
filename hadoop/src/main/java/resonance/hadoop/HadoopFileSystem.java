package resonance.hadoop;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.jspecify.annotations.Nullable;

/** One store, open as long as the process lives: {@code SCHEME://AUTHORITY}. */
final class HadoopFileSystem extends FileSystem {
    private final HadoopProvider provider;
    private final String root;
    private final @Nullable String authority;
    private final org.apache.hadoop.fs.FileSystem files;
    private final @Nullable FileContext context;

    private HadoopFileSystem(
            HadoopProvider provider,
            @Nullable String authority,
            org.apache.hadoop.fs.FileSystem files,
            @Nullable FileContext context) {
        this.provider = provider;
        this.authority = authority;
        this.root = provider.getScheme() + "://" + Objects.requireNonNullElse(authority, "");
        this.files = files;
        this.context = context;
    }

    /**
     * Opens a store; of most, nothing is asked yet.
     *
     * @throws IOException if Hadoop has no such store, or its settings are wrong
     */
    static HadoopFileSystem open(HadoopProvider provider, URI place) throws IOException {
        Configuration settings = HadoopStores.configuration();
        @Nullable String authority = place.getRawAuthority();
        URI root = URI.create(provider.getScheme() + "://" + Objects.requireNonNullElse(authority, "") + "/");
        try {
            // Not one that others of this process use, and may close.
            org.apache.hadoop.fs.FileSystem files = org.apache.hadoop.fs.FileSystem.newInstance(root, settings);
            return new HadoopFileSystem(provider, authority, files, context(files.getUri(), settings));
        } catch (RuntimeException refusal) {
            for (@Nullable Throwable cause = refusal; cause != null; cause = cause.getCause()) {
                if (cause instanceof ClassNotFoundException) {
                    throw new IOException(
                            "Hadoop's class for it is missing (" + cause.getMessage()
                                    + "), whose jar belongs in RESONANCE_CLASSPATH",
                            refusal);
                }
            }
            throw new IOException(String.valueOf(refusal.getMessage()), refusal);
        }
    }

    /** What renames at once; null where Hadoop has it not for the scheme. */
    private static @Nullable FileContext context(URI root, Configuration settings) throws IOException {
        try {
            return FileContext.getFileContext(root, settings);
        } catch (UnsupportedFileSystemException noneForTheScheme) {
            return null;
        }
    }

    /** Hadoop's own view of it. */
    org.apache.hadoop.fs.FileSystem files() {
        return files;
    }

    /** Without a slash at its end. */
    String root() {
        return root;
    }

    @Nullable
    String authority() {
        return authority;
    }

    HadoopPath path(String text) {
        return new HadoopPath(this, text);
    }

    /** Whether a file can be renamed onto another at once. */
    boolean renamesAtOnce() {
        return context != null;
    }

    /** Renames; at once where that is known of the store. */
    void rename(HadoopPath from, HadoopPath to, boolean replace) throws IOException {
        if (context != null) {
            context.rename(from.hadoop(), to.hadoop(), replace ? Rename.OVERWRITE : Rename.NONE);
            return;
        }
        if (files.exists(to.hadoop())) {
            if (!replace) {
                throw new org.apache.hadoop.fs.FileAlreadyExistsException(to.toString());
            }
            files.delete(to.hadoop(), false);
        }
        files.getFileStatus(from.hadoop());
        if (!files.rename(from.hadoop(), to.hadoop())) {
            throw new IOException("the store did not rename " + from + " to " + to);
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    /** It is open for all of the process, and stays. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("a store must stay open as long as the process lives");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(path("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    /** Joins names; a text that begins as this store's paths do is absolute. */
    @Override
    public Path getPath(String first, String... more) {
        StringBuilder text = new StringBuilder(first.startsWith(root + "/") ? first.substring(root.length()) : first);
        for (String name : more) {
            text.append(text.isEmpty() || name.isEmpty() ? "" : "/").append(name);
        }
        return path(text.toString());
    }

    /** Patterns are those of this machine's file system. */
    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> path instanceof HadoopPath ours && matcher.matches(Path.of(ours.text()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("owners of files are not shown");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("a store can't be watched");
    }
}
