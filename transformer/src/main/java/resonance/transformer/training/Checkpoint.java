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
 * <p>Written by {@link AtomicFile}, so a killed run leaves the last whole checkpoint.
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
        header.put("parameters", state.parameters().length);
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
            if (!step.canConvertToLong() || !parameters.canConvertToInt() || !header.has("progress")) {
                throw new CheckpointFormatException(file, "header", "must have step, parameters and progress");
            }
            int count = parameters.asInt();
            long expected = MAGIC.length + 4L + headerLength + 12L * count + digest.getDigestLength();
            if (count < 0 || size != expected) {
                throw new CheckpointFormatException(
                        file, "size", "must be " + expected + " bytes for " + count + " parameters, was " + size);
            }
            TrainerState state = new TrainerState(
                    step.asLong(), readFloats(data, count), readFloats(data, count), readFloats(data, count));
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

    private static int readInt(Path file, DataInputStream data) throws IOException {
        byte[] bytes = data.readNBytes(4);
        if (bytes.length < 4) {
            throw new CheckpointFormatException(file, "header length", "must have 4 bytes, had " + bytes.length);
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    private static void writeFloats(OutputStream out, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += buffer.capacity() / 4) {
            int count = Math.min(buffer.capacity() / 4, values.length - from);
            buffer.asFloatBuffer().put(values, from, count);
            out.write(buffer.array(), 0, 4 * count);
        }
    }

    private static float[] readFloats(DataInputStream in, int count) throws IOException {
        float[] values = new float[count];
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < count; from += buffer.capacity() / 4) {
            int size = Math.min(buffer.capacity() / 4, count - from);
            in.readFully(buffer.array(), 0, 4 * size);
            buffer.asFloatBuffer().get(values, from, size);
        }
        return values;
    }
}
