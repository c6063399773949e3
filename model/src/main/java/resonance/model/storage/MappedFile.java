package resonance.model.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;

/**
 * A file mapped for reading, of any size: a buffer holds at most 2 GiB, so there is one for every window of 1 GiB, and a
 * read may cross from one to the next. Numbers are little-endian. Thread safe.
 *
 * <p>The file must stay as it is: where another program has cut it, reading ends in the JVM's {@link InternalError}. The
 * memory goes back when the garbage collector finds the windows unused, some time after {@link #close}.
 */
public final class MappedFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private static final int WINDOW_BITS = 30;

    private final Path path;
    private final long size;
    private final int windowBits;
    private volatile ByteBuffer @Nullable [] windows;

    private MappedFile(Path path, long size, int windowBits, ByteBuffer[] windows) {
        this.path = path;
        this.size = size;
        this.windowBits = windowBits;
        this.windows = windows;
    }

    /**
     * Maps the whole file.
     *
     * @throws ModelFormatException if it is not a regular file or can't be read
     */
    public static MappedFile open(Path path) {
        return open(path, WINDOW_BITS);
    }

    /**
     * Bytes in memory in place of a file's, for tests.
     *
     * @param path what messages call it
     */
    public static MappedFile of(Path path, byte[] bytes) {
        ByteBuffer window = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        return new MappedFile(path, bytes.length, WINDOW_BITS, new ByteBuffer[] {window});
    }

    static MappedFile open(Path path, int windowBits) {
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(path + " must be a file, was "
                    + (Files.isDirectory(path) ? "a folder" : Files.exists(path) ? "something else" : "absent"));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            long window = 1L << windowBits;
            ByteBuffer[] windows = new ByteBuffer[Math.toIntExact((size + window - 1) / window)];
            for (int i = 0; i < windows.length; i++) {
                long from = i * window;
                windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(window, size - from))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            return new MappedFile(path, size, windowBits, windows);
        } catch (IOException failure) {
            throw new ModelFormatException(path + " must be readable, was not: " + failure.getMessage(), failure);
        }
    }

    public Path path() {
        return path;
    }

    /** Bytes of the file when it was opened. */
    public long size() {
        return size;
    }

    /** The unsigned byte at a position. */
    public int readUnsignedByte(long position) {
        check(position, 1);
        return windows()[window(position)].get(within(position)) & 0xff;
    }

    /** The four bytes from a position on. */
    public int readInt(long position) {
        check(position, Integer.BYTES);
        int within = within(position);
        ByteBuffer window = windows()[window(position)];
        return within <= window.limit() - Integer.BYTES
                ? window.getInt(within)
                : scattered(position).getInt(0);
    }

    /** The eight bytes from a position on. */
    public long readLong(long position) {
        check(position, Long.BYTES);
        int within = within(position);
        ByteBuffer window = windows()[window(position)];
        return within <= window.limit() - Long.BYTES
                ? window.getLong(within)
                : scattered(position).getLong(0);
    }

    /** Writes all bytes to a stream. */
    public void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, size())];
        for (long position = 0; position < size(); position += buffer.length) {
            int count = (int) Math.min(buffer.length, size() - position);
            read(position, buffer, 0, count);
            out.write(buffer, 0, count);
        }
    }

    /**
     * Copies bytes into an array.
     *
     * @throws IndexOutOfBoundsException if they are not all inside the file and the array
     */
    public void read(long position, byte[] target, int offset, int count) {
        check(position, count);
        ByteBuffer[] mapped = windows();
        int done = 0;
        while (done < count) {
            ByteBuffer window = mapped[window(position + done)];
            int within = within(position + done);
            int now = Math.min(count - done, window.limit() - within);
            window.get(within, target, offset + done, now);
            done += now;
        }
    }

    /** Ends reading: any later read is an {@link IllegalStateException}. */
    @Override
    public void close() {
        windows = null;
    }

    /** Up to eight bytes that do not lie in one window. */
    private ByteBuffer scattered(long position) {
        byte[] bytes = new byte[Long.BYTES];
        read(position, bytes, 0, (int) Math.min(bytes.length, size - position));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer[] windows() {
        ByteBuffer @Nullable [] mapped = windows;
        if (mapped == null) {
            throw new IllegalStateException(path + " must be open to be read, was closed");
        }
        return mapped;
    }

    private int window(long position) {
        return (int) (position >>> windowBits);
    }

    private int within(long position) {
        return (int) (position & ((1L << windowBits) - 1));
    }

    private void check(long position, int count) {
        if (position < 0 || count < 0 || position > size - count) {
            throw new IndexOutOfBoundsException(path + ": bytes " + position + " to " + (position + count)
                    + " must be inside the file of " + size + " bytes");
        }
    }
}
