package resonance.language.tracking;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * An event file that TensorBoard reads, also while it grows.
 *
 * <p>A file is a row of TFRecords: length (8 bytes), masked CRC-32C of these, data, masked CRC-32C of the data, all
 * little-endian; a mask is {@code rotate(crc, 15 right) + 0xa282ead8}. The data is a Protocol Buffers message {@code Event} with
 * fields 1 wall time (double, s), 2 step (int64), 3 file version, 5 summary, 7 session log (status 1: start, from which step on
 * earlier files no longer count). A {@code Summary} has values (1) of tag (1) and number (2, float). Numbers of fields are those of
 * TensorFlow's event.proto and summary.proto.
 */
public final class TensorBoardFile implements RunTracker {
    private static final int MASK = 0xa282ead8;
    private static final int LENGTH_DELIMITED = 2;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int FIXED32 = 5;

    private final Path file;
    private final OutputStream out;
    private final Consumer<String> notes;
    private boolean failed;

    private TensorBoardFile(Path file, OutputStream out, Consumer<String> notes) {
        this.file = file;
        this.out = out;
        this.notes = notes;
    }

    /**
     * Begins a new file in a folder, which is made if it is missing.
     *
     * @param firstStep steps done before: what earlier files of the folder say of later ones no longer counts
     * @param notes told once if writing fails later
     * @throws IOException if the file can't be made
     */
    public static TensorBoardFile in(Path folder, long firstStep, Consumer<String> notes) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(
                "events.out.tfevents." + System.currentTimeMillis() / 1000 + ".resonance." + System.nanoTime());
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        TensorBoardFile events = new TensorBoardFile(file, out, notes);
        Message version = events.event(0);
        version.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        events.write(version);
        Message start = events.event(firstStep + 1);
        start.bytes(7, new Message().varint(1, 1).toByteArray());
        events.write(start);
        return events;
    }

    @Override
    public void scalar(long step, String tag, double value) {
        Message one =
                new Message().bytes(1, tag.getBytes(StandardCharsets.UTF_8)).float32(2, (float) value);
        Message event = event(step);
        event.bytes(5, new Message().bytes(1, one.toByteArray()).toByteArray());
        write(event);
    }

    @Override
    public void finished() {
        // The file is whole after every event.
    }

    private Message event(long step) {
        Message event = new Message().float64(1, System.currentTimeMillis() * 1e-3);
        return step == 0 ? event : event.varint(2, step); // 0 is what a field that is left out means
    }

    private void write(Message event) {
        if (failed) {
            return;
        }
        byte[] data = event.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length)
                .putInt(maskedCrc(record.array(), 8))
                .put(data)
                .putInt(maskedCrc(data, data.length));
        try {
            out.write(record.array());
            out.flush();
        } catch (IOException e) {
            failed = true;
            notes.accept(file + " can't be written any more (" + e.getMessage() + "); training goes on without it");
        }
    }

    private static int maskedCrc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException everyEventIsFlushed) {
            // Nothing is left to be written.
        }
    }

    /** A Protocol Buffers message in the making. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            key(field, VARINT);
            number(value);
            return this;
        }

        Message float64(int field, double value) {
            key(field, FIXED64);
            out.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            return this;
        }

        Message float32(int field, float value) {
            key(field, FIXED32);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
            return this;
        }

        Message bytes(int field, byte[] value) {
            key(field, LENGTH_DELIMITED);
            number(value.length);
            out.writeBytes(value);
            return this;
        }

        private void key(int field, int type) {
            number(((long) field << 3) | type);
        }

        /** Seven bits a byte, the lowest first. */
        private void number(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
