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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lock of the operating system's on a small file, which a process loses when it dies, whatever the way. */
final class SystemLock implements FolderLock.Hold {
    /** How often a lock that another has is tried again, since it may be somebody who only looks whether it is held. */
    private static final int TRIES = 5;

    private static final long MILLIS_BETWEEN_TRIES = 10;

    private final Path file;
    private final FileChannel channel;

    private SystemLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes a file.
     *
     * @param place that it stands for
     * @throws FolderInUseException if another process has it
     */
    static SystemLock take(Path file, Path place, String owner) throws IOException {
        Optional<SystemLock> lock = Optional.empty();
        while (lock.isEmpty()) { // ends: every further turn needs another process that let go just then
            lock = tryToTake(file, place, owner);
        }
        return lock.get();
    }

    /** Who has a file; empty if nobody has. */
    static Optional<String> owner(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            // Shared, since that takes no more than reading; whoever has the lock has it alone.
            @Nullable FileLock nobodys = channel.tryLock(0, Long.MAX_VALUE, true);
            return nobodys == null ? Optional.of(holder(file)) : Optional.empty();
        } catch (NoSuchFileException nobodyEverOrNoMore) {
            return Optional.empty();
        }
    }

    /** Empty if the file was another's and is gone now. */
    private static Optional<SystemLock> tryToTake(Path file, Path place, String owner) throws IOException {
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
            return Optional.of(new SystemLock(file, channel));
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

    /** Nothing takes it from a process that lives. */
    @Override
    public void requireHeld() {}

    @Override
    public void requireHeldNow() {}

    @Override
    public void release() throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            channel.close();
        }
    }
}
