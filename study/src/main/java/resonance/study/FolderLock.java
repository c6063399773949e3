package resonance.study;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a process the only one that writes into a folder, or to a place in a folder. On this machine's file systems it is a lock of
 * the operating system's on a small file, in a {@linkplain StudyPlace store} a {@linkplain Lease lease}: so a dead owner's lock is no
 * obstacle, though in a store only after a while. Its file is taken over; whoever lets go removes it.
 */
public final class FolderLock implements AutoCloseable {
    /** In a locked folder. */
    static final String NAME = ".resonance-lock";

    /** What this process holds. A second channel to a locked file must not even be closed: that would free the first. */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path file;
    private final Hold hold;

    /** What keeps others off. */
    interface Hold {
        /**
         * Refuses to go on where others were let in meanwhile.
         *
         * @throws FolderInUseException saying who was
         */
        void requireHeld() throws IOException;

        /** The same, looked at anew, however short ago it was certain. */
        void requireHeldNow() throws IOException;

        /** Lets others in. */
        void release() throws IOException;
    }

    private FolderLock(Path file, Hold hold) {
        this.file = file;
        this.hold = hold;
    }

    /**
     * Takes a folder, which must exist.
     *
     * @throws FolderInUseException if another process has it, or somebody else in this one
     */
    public static FolderLock take(Path folder) throws IOException {
        return take(folder, line -> {});
    }

    /**
     * The same where somebody wants to know why it takes a while.
     *
     * @param waiting told in a line before it is waited for an owner that may be dead
     */
    public static FolderLock take(Path folder, Consumer<String> waiting) throws IOException {
        return take(folder.toRealPath().resolve(NAME), folder, waiting);
    }

    /**
     * Takes a place for a file or folder that is there or not; the folder that it is in must exist.
     *
     * @throws FolderInUseException if another process has it, or somebody else in this one
     */
    public static FolderLock takePlace(Path place) throws IOException {
        Path folder = Objects.requireNonNull(place.toAbsolutePath().getParent(), "a place must be in a folder");
        return take(folder.toRealPath().resolve("." + place.getFileName() + NAME), place, line -> {});
    }

    /**
     * Who is at work in a folder, which must exist; empty if nobody is. The folder is not changed, and held for a moment at
     * most. In a store a file is written there for a moment, and an owner that died counts for the time of its lease.
     */
    public static Optional<String> owner(Path folder) throws IOException {
        Path file = folder.toRealPath().resolve(NAME);
        @Nullable String own = HELD.get(file);
        if (own != null) {
            return Optional.of(own);
        }
        return StudyPlace.isHere(file) ? SystemLock.owner(file) : Lease.owner(file, Lease.USUAL);
    }

    /** Whether a name is that of a lock's file. */
    static boolean isLock(String name) {
        return name.endsWith(NAME);
    }

    private static FolderLock take(Path file, Path place, Consumer<String> waiting) throws IOException {
        String since = " since " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String process = "process " + ProcessHandle.current().pid();
        boolean here = StudyPlace.isHere(file);
        String owner = process + (here ? "" : " on " + HostName.get()) + since;
        @Nullable String holder = HELD.putIfAbsent(file, owner);
        if (holder != null) {
            throw new FolderInUseException(place, holder);
        }
        boolean taken = false;
        try {
            Hold hold =
                    here ? SystemLock.take(file, place, owner) : Lease.take(file, place, owner, Lease.USUAL, waiting);
            taken = true;
            return new FolderLock(file, hold);
        } finally {
            if (!taken) {
                HELD.remove(file);
            }
        }
    }

    /**
     * Refuses to go on where others were let in meanwhile: in a store, if this process showed no sign of life for the time of its
     * lease, or if somebody replaced the folder.
     *
     * @throws FolderInUseException saying who was
     */
    void requireHeld() throws IOException {
        hold.requireHeld();
    }

    /** The same, looked at anew: for somebody who failed and wants to know why. */
    void requireHeldNow() throws IOException {
        hold.requireHeldNow();
    }

    /** Lets others in. */
    @Override
    public void close() throws IOException {
        try {
            hold.release();
        } finally {
            HELD.remove(file);
        }
    }
}
