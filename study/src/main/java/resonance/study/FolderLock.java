package resonance.study;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a process the only one that writes into a folder, or to a place in a folder, by a lock of the operating system's on
 * a small file. A process that dies loses it, whatever the way, so a dead owner's lock is no obstacle; its file is taken
 * over. Whoever lets go removes the file.
 */
public final class FolderLock implements AutoCloseable {
    /** In a locked folder. */
    static final String NAME = ".resonance-lock";

    /** How often a lock that another has is tried again, since it may be somebody who only looks whether it is held. */
    private static final int TRIES = 5;

    private static final long MILLIS_BETWEEN_TRIES = 10;

    /** What this process holds. A second channel to a locked file must not even be closed: that would free the first. */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes a folder, which must exist.
     *
     * @throws FolderInUseException if another process has it, or somebody else in this one
     */
    public static FolderLock take(Path folder) throws IOException {
        return take(folder.toRealPath().resolve(NAME), folder);
    }

    /**
     * Takes a place for a file or folder that is there or not; the folder that it is in must exist.
     *
     * @throws FolderInUseException if another process has it, or somebody else in this one
     */
    public static FolderLock takePlace(Path place) throws IOException {
        Path folder = Objects.requireNonNull(place.toAbsolutePath().getParent(), "a place must be in a folder");
        return take(folder.toRealPath().resolve("." + place.getFileName() + NAME), place);
    }

    /**
     * Who is at work in a folder, which must exist; empty if nobody is. The folder is not changed, and held for a moment at
     * most.
     */
    public static Optional<String> owner(Path folder) throws IOException {
        Path file = folder.toRealPath().resolve(NAME);
        @Nullable String own = HELD.get(file);
        if (own != null) {
            return Optional.of(own);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            // Shared, since that takes no more than reading; whoever has the lock has it alone.
            @Nullable FileLock nobodys = channel.tryLock(0, Long.MAX_VALUE, true);
            return nobodys == null ? Optional.of(holder(file)) : Optional.empty();
        } catch (NoSuchFileException nobodyEverOrNoMore) {
            return Optional.empty();
        }
    }

    /** Whether a name is that of a lock's file. */
    static boolean isLock(String name) {
        return name.endsWith(NAME);
    }

    private static FolderLock take(Path file, Path place) throws IOException {
        String owner = "process " + ProcessHandle.current().pid() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        @Nullable String holder = HELD.putIfAbsent(file, owner);
        if (holder != null) {
            throw new FolderInUseException(place, holder);
        }
        boolean taken = false;
        try {
            Optional<FolderLock> lock = Optional.empty();
            while (lock.isEmpty()) { // ends: every further turn needs another process that let go just then
                lock = tryToTake(file, place, owner);
            }
            taken = true;
            return lock.get();
        } finally {
            if (!taken) {
                HELD.remove(file);
            }
        }
    }

    /** Empty if the file was another's and is gone now. */
    private static Optional<FolderLock> tryToTake(Path file, Path place, String owner) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException someoneHasOrHadIt) {
            // Whether its owner is alive is for the lock to say.
        }
        @Nullable Object before = key(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException goneJustNow) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            @Nullable FileLock lock = channel.tryLock();
            for (int tried = 1; lock == null && tried < TRIES; tried++) {
                pause();
                lock = channel.tryLock();
            }
            if (lock == null) {
                throw new FolderInUseException(place, holder(file));
            }
            if (before == null || !before.equals(key(file))) {
                return Optional.empty(); // a lock on a file that its owner removed holds nobody off
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)));
            taken = true;
            return Optional.of(new FolderLock(file, channel));
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(MILLIS_BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What tells a file from another of its name. */
    private static @Nullable Object key(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.fileKey() == null ? file : attributes.fileKey();
        } catch (NoSuchFileException goneJustNow) {
            return null;
        }
    }

    private static String holder(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException goneJustNow) {
            return "";
        }
    }

    /** Lets others in. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            try {
                channel.close();
            } finally {
                HELD.remove(file);
            }
        }
    }
}
