package resonance.study;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a file so that a reader, or a run that was killed, finds the old file or the new one, never a part.
 *
 * <p>The bytes go to a temporary file in the same folder, which must exist, are forced to the disk, and only then is the
 * file moved into place; the folder is forced last. In a {@linkplain StoreProvider store} closing and moving do what forcing does
 * elsewhere. Temporary names are drawn, so that processes of one number in two
 * containers don't meet. A process that is killed leaves its temporary file, {@code .NAME.RANDOM.tmp}, to
 * {@link #removeLeftovers}.
 */
public final class AtomicFile {
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.[0-9a-f]{16}\\.tmp");

    private AtomicFile() {}

    /** What a file is to hold. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes UTF-8 text. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, out -> out.write(bytes));
    }

    /** Writes what is handed to a stream; if that fails, the old file stays and nothing else. */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary = temporary(target);
        boolean moved = false;
        try {
            writeNew(temporary, content);
            move(temporary, target);
            moved = true;
            forceFolder(Objects.requireNonNull(target.getParent(), "a file must be in a folder"));
        } finally {
            if (!moved) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** Writes a file that is not there yet, and is on the disk when this returns. */
    private static void writeNew(Path file, Content content) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (UnsupportedOperationException inAStore) { // where a file is safe once it is closed
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                content.writeTo(out);
            }
            return;
        }
        try (channel;
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** A name beside a file's that nobody else has, now or after a kill. */
    static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + randomName() + ".tmp");
    }

    /** Sixteen hexadecimal digits that nobody else draws. */
    public static String randomName() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Moves a file that is on the disk already over another. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException plainMoveIsAllThereIs) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Forces a file's bytes to the disk. */
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Forces the names in a folder to the disk, where the system can and does not anyway. */
    public static void forceFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException | UnsupportedOperationException noChannelOfAFolderHere) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    /**
     * Removes temporary files that killed processes left in a folder. For the folder's owner: nobody else may be writing
     * there.
     *
     * @param names the files that are ours there
     */
    public static void removeLeftovers(Path folder, Predicate<String> names) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (isLeftover(String.valueOf(entry.getFileName()), names)
                        && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    /** Whether it is the name of a temporary file for one of these; a temporary file may itself have been written so. */
    static boolean isLeftover(String name, Predicate<String> names) {
        Matcher matcher = TEMPORARY.matcher(name);
        return matcher.matches() && (names.test(matcher.group(1)) || isLeftover(matcher.group(1), names));
    }
}
