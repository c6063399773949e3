package resonance.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of this user's in which native libraries are kept, a folder each: {@code $RESONANCE_CACHE}, else {@code
 * resonance} in {@code $XDG_CACHE_HOME} or in the system's place for caches ({@code ~/.cache}, {@code ~/Library/Caches},
 * {@code %LOCALAPPDATA%}). It can be removed at any time at which nothing runs; what is missing is made again.
 */
public final class NativeCache {
    /** Environment variable that names the cache folder. */
    public static final String VARIABLE = "RESONANCE_CACHE";

    static final String CURE = "name another folder with " + VARIABLE;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 20;

    /** Bytes; with less room left what failed is writing, whatever is said of it. */
    private static final long FULL = 32_000_000;

    private static final String UNFINISHED = ".partial-";
    private static final String DAMAGED = ".damaged-";

    private final Path root;
    private final Duration patience;

    private NativeCache(Path root, Duration patience) {
        this.root = root;
        this.patience = patience;
    }

    /** Puts the files of a library into an empty folder. */
    public interface Unpacking {
        /**
         * Unpacks and checks. Links that hold the folder's whole path are changed to its later place afterwards.
         *
         * @throws IOException with a message for people
         */
        void into(Path folder) throws IOException;
    }

    /** The cache folder as environment and system have it. */
    public static NativeCache ofUser() {
        return at(rootOfUser());
    }

    /**
     * Where {@link #ofUser} is, whether it is there or not; other files of the user's that can be made again lie there too.
     *
     * @throws NativeLibraryException if there is no such place: no home folder, or a path that is none
     */
    public static Path rootOfUser() {
        try {
            return root(System.getenv(), System.getProperty("os.name", "").toLowerCase(Locale.ROOT));
        } catch (InvalidPathException e) {
            throw new NativeLibraryException(
                    "cache folder must be a path in the locale's characters, was '" + e.getInput() + "'; " + CURE, e);
        }
    }

    /** The cache folder at this path. */
    public static NativeCache at(Path root) {
        return new NativeCache(root, PATIENCE);
    }

    /** The same, that waits for another process so long only. */
    NativeCache waiting(Duration atMost) {
        return new NativeCache(root, atMost);
    }

    static Path root(Map<String, String> environment, String system) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        @Nullable Path caches = absolute(environment.get("XDG_CACHE_HOME"));
        if (caches == null && system.startsWith("windows")) {
            caches = absolute(environment.get("LOCALAPPDATA"));
        }
        if (caches == null) {
            Path home = home(environment);
            caches = system.startsWith("mac") ? home.resolve("Library").resolve("Caches") : home.resolve(".cache");
        }
        return caches.resolve("resonance");
    }

    /** {@code $HOME}, but not another user's, which it is under sudo. */
    private static Path home(Map<String, String> environment) {
        @Nullable Path home = absolute(environment.get("HOME"));
        @Nullable Path known = absolute(System.getProperty("user.home"));
        if (home != null && (known == null || UserFolder.isOurs(home))) {
            return home;
        }
        if (known == null) {
            throw new NativeLibraryException("a home folder must be known for the cache folder, was not; " + CURE);
        }
        return known;
    }

    private static @Nullable Path absolute(@Nullable String path) {
        return path == null || path.isEmpty() || !Path.of(path).isAbsolute() ? null : Path.of(path);
    }

    /**
     * The folder of a library, unpacked if it is not there or no longer whole.
     *
     * @param name of the folder: the library, its version and the platform
     * @return the folder without symbolic links in its path
     * @throws NativeLibraryException if it can't be made or is not safe
     */
    public Path folder(String name, Unpacking unpacking) {
        try {
            UserFolder cache = UserFolder.at(root);
            Path place = cache.path().resolve(name);
            return Contents.areWhole(cache, place) ? place : unpacked(cache, place, unpacking);
        } catch (IOException e) {
            throw new NativeLibraryException(
                    "cache folder must take the native libraries (up to 450 MB), " + root + " does not: "
                            + reason(e, root) + "; make room, or " + CURE,
                    e);
        }
    }

    private Path unpacked(UserFolder cache, Path place, Unpacking unpacking) throws IOException {
        Path file = place.resolveSibling(place.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel, file);
            if (!Contents.areWhole(cache, place)) {
                removeRemains(place);
                make(place, unpacking);
                if (!Contents.areWhole(cache, place)) {
                    throw new IOException("what was written is not what is there");
                }
            }
            return place;
        }
    }

    /** The lock goes when the channel is closed, or the process ends. */
    private void lock(FileChannel channel, Path file) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (!tryLock(channel)) {
            if (System.nanoTime() > end) {
                throw new NativeLibraryException("another process must finish unpacking within " + patience.toSeconds()
                        + " seconds, still holds " + file + "; end it, or " + CURE);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException anotherThreadOfThisProcess) {
            return false;
        }
    }

    private static void make(Path place, Unpacking unpacking) throws IOException {
        Path cache = place.resolveSibling(".");
        try {
            Path folder = Files.createTempDirectory(cache.toRealPath(), place.getFileName() + UNFINISHED);
            UserFolder.withhold(folder, true);
            unpacking.into(folder);
            Contents.seal(folder, place);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Path damaged = Files.createTempDirectory(cache, place.getFileName() + DAMAGED);
                Files.move(place, damaged.resolve("former"));
            }
            Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
            Contents.force(cache, false);
        } finally {
            removeRemains(place);
        }
    }

    /**
     * Removes what killed processes left beside the place; only the holder of the lock may. What can't be removed is left:
     * nothing is loaded from it.
     */
    private static void removeRemains(Path place) {
        String unfinished = place.getFileName() + UNFINISHED;
        String damaged = place.getFileName() + DAMAGED;
        try (Stream<Path> beside = Files.list(place.resolveSibling("."))) {
            for (Path path : beside.toList()) {
                String name = path.getFileName().toString();
                if (name.startsWith(unfinished) || name.startsWith(damaged)) {
                    remove(path);
                }
            }
        } catch (IOException | UncheckedIOException left) {
            return;
        }
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /**
     * A failure in words: Java's own exceptions often hold a path only, and where the disk is full JavaCPP leaves half a
     * library and says what the linker thinks of it.
     */
    private static String reason(IOException e, Path root) {
        long free = root.toFile().getUsableSpace();
        if (Files.exists(root) && free < FULL) {
            return "its disk has " + free / 1_000_000 + " MB left";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "a file is in its place";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no " + e.getMessage();
        }
        if (e instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getReason().toLowerCase(Locale.ROOT);
        }
        return String.valueOf(e.getMessage());
    }
}
