package resonance.transformer.training;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import resonance.study.AtomicFile;
import resonance.study.Sha256;

/**
 * A trainer's state and the caller's own progress in one file, written whole or not at all.
 *
 * <pre>
 *   8 bytes   "RSNCKPT2"
 *   int32     length of the header in bytes, big-endian
 *   header    UTF-8 JSON: "step", "parameters" (count), "progress" (the caller's)
 *   float32   parameters, first moments, second moments, little-endian, "parameters" values each
 *   32 bytes  SHA-256 of everything before
 * </pre>
 *
 * <p>Written by {@link AtomicFile}, so a killed run leaves the last whole checkpoint. Vectors go through in parts, both ways: a
 * state that was read is in its file still, which must not be replaced before it is restored.
 *
 * @param state the trainer's state
 * @param progress what the caller wants back: position in the data, losses so far, settings to compare
 */
public record Checkpoint(TrainerState state, JsonNode progress) {
    private static final byte[] MAGIC = "RSNCKPT2".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_HEADER = 1 << 28;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Writes the checkpoint to a file, in an existing folder, replacing an older one only once this one is complete. */
    public void write(Path file) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.put("step", state.step());
        header.put("parameters", state.parameters().size());
        header.set("progress", progress);
        byte[] headerBytes = JSON.writeValueAsBytes(header);
        AtomicFile.write(file, out -> {
            MessageDigest digest = Sha256.digest();
            DataOutputStream data = new DataOutputStream(new DigestOutputStream(out, digest));
            data.write(MAGIC);
            data.writeInt(headerBytes.length);
            data.write(headerBytes);
            writeFloats(data, state.parameters());
            writeFloats(data, state.firstMoments());
            writeFloats(data, state.secondMoments());
            data.flush();
            out.write(digest.digest());
        });
    }

    /**
     * Reads a checkpoint.
     *
     * @throws CheckpointFormatException if the file is no checkpoint of this version or is damaged
     */
    public static Checkpoint read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointFormatException(file, "checkpoint", "must be a file, is none");
        }
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(new DigestInputStream(in, digest))) {
            byte[] magic = data.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new CheckpointFormatException(
                        file,
                        "magic",
                        "must be 'RSNCKPT2', was '" + new String(magic, StandardCharsets.ISO_8859_1) + "'");
            }
            long size = Files.size(file);
            int headerLength = readInt(file, data);
            if (headerLength < 2 || headerLength > LONGEST_HEADER || headerLength > size) {
                throw new CheckpointFormatException(file, "header length", "must fit the file, was " + headerLength);
            }
            JsonNode header;
            try {
                header = JSON.readTree(data.readNBytes(headerLength));
            } catch (IOException e) {
                throw new CheckpointFormatException(file, "header", "must be JSON, is damaged");
            }
            JsonNode step = header.path("step");
            JsonNode parameters = header.path("parameters");
            if (!step.canConvertToLong() || !parameters.canConvertToLong() || !header.has("progress")) {
                throw new CheckpointFormatException(file, "header", "must have step, parameters and progress");
            }
            long count = parameters.asLong();
            long expected = MAGIC.length + 4L + headerLength + 12L * count + digest.getDigestLength();
            if (count < 0 || size != expected) {
                throw new CheckpointFormatException(
                        file, "size", "must be " + expected + " bytes for " + count + " parameters, was " + size);
            }
            readThrough(data, 12 * count);
            long first = MAGIC.length + 4L + headerLength;
            TrainerState state = new TrainerState(
                    step.asLong(),
                    new FileVector(file, first, count),
                    new FileVector(file, first + 4 * count, count),
                    new FileVector(file, first + 8 * count, count));
            byte[] computed = digest.digest();
            if (!Arrays.equals(computed, in.readNBytes(computed.length))) {
                throw new CheckpointFormatException(file, "SHA-256", "must match the content; the file is damaged");
            }
            return new Checkpoint(state, header.get("progress"));
        }
    }

    /**
     * What the caller's progress says, without the state: of a file that nobody vouches for, since only the whole of it can be
     * held against its hash. Missing if there is no such file or it is not readable as a checkpoint.
     */
    static JsonNode progressOf(Path file) {
        if (!Files.isRegularFile(file)) {
            return JSON.missingNode();
        }
        try (DataInputStream data = new DataInputStream(Files.newInputStream(file))) {
            boolean ours = Arrays.equals(data.readNBytes(MAGIC.length), MAGIC);
            int length = ours ? data.readInt() : 0;
            return length < 2 || length > LONGEST_HEADER || length > Files.size(file)
                    ? JSON.missingNode()
                    : JSON.readTree(data.readNBytes(length)).path("progress");
        } catch (IOException damaged) {
            return JSON.missingNode();
        }
    }

    /** Lets bytes pass by the digest. */
    private static void readThrough(DataInputStream in, long bytes) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = bytes; left > 0; left -= buffer.length) {
            in.readFully(buffer, 0, (int) Math.min(left, buffer.length));
        }
    }

    private static int readInt(Path file, DataInputStream data) throws IOException {
        byte[] bytes = data.readNBytes(4);
        if (bytes.length < 4) {
            throw new CheckpointFormatException(file, "header length", "must have 4 bytes, had " + bytes.length);
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    private static void writeFloats(OutputStream out, FloatVector values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        float[] chunk = new float[buffer.capacity() / 4];
        for (long from = 0; from < values.size(); from += chunk.length) {
            int count = (int) Math.min(chunk.length, values.size() - from);
            values.copy(from, count, chunk);
            buffer.asFloatBuffer().put(chunk, 0, count);
            out.write(buffer.array(), 0, 4 * count);
        }
    }

    /**
     * Numbers in a file.
     *
     * @param offset byte of the first
     */
    private record FileVector(Path file, long offset, long size) implements FloatVector {
        @Override
        public void copy(long first, int count, float[] target) throws IOException {
            try (SeekableByteChannel channel = Files.newByteChannel(file)) {
                ByteBuffer buffer = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
                channel.position(offset + 4 * first);
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer) < 0) {
                        throw new CheckpointFormatException(
                                file, "size", "must be as it was, is less; it was replaced");
                    }
                }
                buffer.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(target, 0, count);
            }
        }
    }
}
