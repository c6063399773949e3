package resonance.hadoop;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A path in a store: absolute, and shown as {@code SCHEME://AUTHORITY/NAME/NAME}, or names alone. */
final class HadoopPath implements Path {
    private static final String SLASH = "/";

    private final HadoopFileSystem store;
    private final boolean absolute;
    private final List<String> names;

    /** @param text names between slashes, with one before them if it is absolute */
    HadoopPath(HadoopFileSystem store, String text) {
        this(
                store,
                text.startsWith(SLASH),
                Stream.of(text.split(SLASH, -1)).filter(name -> !name.isEmpty()).toList());
    }

    private HadoopPath(HadoopFileSystem store, boolean absolute, List<String> names) {
        this.store = store;
        this.absolute = absolute;
        this.names = List.copyOf(names);
    }

    private HadoopPath with(boolean isAbsolute, List<String> others) {
        return new HadoopPath(store, isAbsolute, others);
    }

    private static HadoopPath ours(Path path) {
        if (path instanceof HadoopPath ours) {
            return ours;
        }
        throw new ProviderMismatchException();
    }

    /** The names, as they stand after the authority. */
    String text() {
        return (absolute ? SLASH : "") + String.join(SLASH, names);
    }

    /** The same for Hadoop; a path that is not absolute is below the store's root. */
    org.apache.hadoop.fs.Path hadoop() {
        URI root = store.files().getUri();
        return new org.apache.hadoop.fs.Path(root.getScheme(), root.getAuthority(), SLASH + String.join(SLASH, names));
    }

    @Override
    public HadoopFileSystem getFileSystem() {
        return store;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : with(false, names.subList(names.size() - 1, names.size()));
    }

    @Override
    public @Nullable Path getParent() {
        boolean none = names.isEmpty() || (names.size() == 1 && !absolute);
        return none ? null : with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int begin, int end) {
        if (begin < 0 || end > names.size() || begin >= end) {
            throw new IllegalArgumentException(
                    "names must be some of " + names.size() + ", were those from " + begin + " to before " + end);
        }
        return with(false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof HadoopPath ours
                && ours.store.equals(store)
                && ours.absolute == absolute
                && ours.names.size() <= names.size()
                && names.subList(0, ours.names.size()).equals(ours.names);
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof HadoopPath ours) || !ours.store.equals(store)) {
            return false;
        }
        if (ours.absolute) {
            return equals(ours);
        }
        int from = names.size() - ours.names.size();
        return from >= 0 && names.subList(from, names.size()).equals(ours.names);
    }

    @Override
    public Path normalize() {
        Deque<String> kept = new ArrayDeque<>();
        for (String name : names) {
            boolean up = name.equals("..");
            if (up && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".") && !(up && absolute)) {
                kept.addLast(name);
            }
        }
        return with(absolute, List.copyOf(kept));
    }

    @Override
    public Path resolve(Path other) {
        HadoopPath ours = ours(other);
        if (ours.absolute) {
            return ours;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(ours.names);
        return with(absolute, all);
    }

    @Override
    public Path relativize(Path other) {
        HadoopPath ours = ours(other);
        if (ours.absolute != absolute || !ours.store.equals(store)) {
            throw new IllegalArgumentException(
                    "paths must both be absolute in one store, or neither, were " + this + " and " + other);
        }
        int common = 0;
        while (common < Math.min(names.size(), ours.names.size())
                && names.get(common).equals(ours.names.get(common))) {
            common++;
        }
        List<String> way = new ArrayList<>(Collections.nCopies(names.size() - common, ".."));
        way.addAll(ours.names.subList(common, ours.names.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        try {
            return new URI(
                    store.provider().getScheme(), store.authority(), SLASH + String.join(SLASH, names), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("names after a slash must make a URI, " + this + " does not", e);
        }
    }

    @Override
    public Path toAbsolutePath() {
        return with(true, names);
    }

    /** Without {@code .} and {@code ..}; links are not looked for. */
    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        Path real = toAbsolutePath().normalize();
        store.provider().checkAccess(real);
        return real;
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("a store can't be watched");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(ours(other).toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HadoopPath ours
                && ours.store.equals(store)
                && ours.absolute == absolute
                && ours.names.equals(names);
    }

    @Override
    public int hashCode() {
        return Objects.hash(store, absolute, names);
    }

    @Override
    public String toString() {
        return absolute ? store.root() + text() : text();
    }
}
