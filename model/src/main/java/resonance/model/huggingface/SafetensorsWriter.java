package resonance.model.huggingface;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import resonance.study.AtomicFile;

/** Writes tensors to a safetensors file, as a whole or not at all. */
public final class SafetensorsWriter {
    /** Data begins at a multiple of this, so that it can be mapped as float32; other writers do the same. */
    private static final int ALIGNMENT = 8;

    private static final int ELEMENTS_AT_ONCE = 1 << 16;

    private SafetensorsWriter() {}

    /**
     * One tensor to write.
     *
     * @param name its name in the file
     * @param shape its sizes, outermost first
     * @param type how its elements are stored
     * @param values called once, when this tensor is written: all elements, row-major
     */
    public record Entry(String name, List<Integer> shape, SafetensorsType type, Supplier<float[]> values) {
        public Entry {
            shape = List.copyOf(shape);
            if (name.equals(SafetensorsFile.METADATA)) {
                throw new IllegalArgumentException("name must not be " + SafetensorsFile.METADATA
                        + ", the key of the file's metadata; was given for a tensor of shape " + shape);
            }
            for (int size : shape) {
                if (size < 0) {
                    throw new IllegalArgumentException(name + ": shape must not be negative, was " + shape);
                }
            }
        }

        long elements() {
            long elements = 1;
            for (int size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
            return elements;
        }
    }

    /**
     * Writes the file beside its final place and moves it there once it is complete.
     *
     * @param metadata free text under {@code __metadata__}; Hugging Face wants {"format": "pt"}
     * @param entries in the order of the file; only one tensor's values are held at a time
     * @throws IllegalArgumentException if two entries have one name, or values don't fit their shape
     */
    public static void write(Path file, Map<String, String> metadata, List<Entry> entries) throws IOException {
        AtomicFile.write(file, content(metadata, entries));
    }

    /** The same as what a file is to hold; {@link Entry#values} are asked for when it is written. */
    public static AtomicFile.Content content(Map<String, String> metadata, List<Entry> entries) throws IOException {
        byte[] header = header(metadata, entries);
        return out -> {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Entry entry : entries) {
                write(entry, out);
            }
        };
    }

    private static byte[] header(Map<String, String> metadata, List<Entry> entries) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject(SafetensorsFile.METADATA);
            metadata.forEach(texts::put);
        }
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (Entry entry : entries) {
            if (!names.add(entry.name())) {
                throw new IllegalArgumentException(
                        "entries must have names of their own, '" + entry.name() + "' was given twice");
            }
            ObjectNode tensor = root.putObject(entry.name());
            tensor.put("dtype", entry.type().name());
            ArrayNode shape = tensor.putArray("shape");
            entry.shape().forEach(shape::add);
            long end = Math.addExact(
                    offset, Math.multiplyExact(entry.elements(), entry.type().bytes()));
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = json.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void write(Entry entry, OutputStream out) throws IOException {
        float[] values = entry.values().get();
        if (values.length != entry.elements()) {
            throw new IllegalArgumentException(entry.name() + " must have " + entry.elements() + " values for shape "
                    + entry.shape() + ", had " + values.length);
        }
        for (int from = 0; from < values.length; from += ELEMENTS_AT_ONCE) {
            int count = Math.min(ELEMENTS_AT_ONCE, values.length - from);
            out.write(entry.type().encode(values, from, count));
        }
    }
}
