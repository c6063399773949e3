package resonance.model.gguf;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import resonance.study.AtomicFile;

/**
 * Writes a GGUF file of version 3, as a whole or not at all.
 *
 * <p>Keys and tensors come out in the order in which they were first put in; a key put in again gets the newer value. A
 * file can be edited by copying all of another's keys and tensors but some. Data is asked for when it is written, so a
 * file may be larger than the heap. Not thread safe.
 */
public final class GgufWriter {
    private static final int COPY_BYTES = 1 << 16;

    private final Map<String, byte[]> keys = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int alignment = GgufFile.DEFAULT_ALIGNMENT;

    private record Tensor(List<Long> sizes, GgmlType type, long bytes, AtomicFile.Content data) {}

    public GgufWriter putString(String key, String value) {
        return put(key, GgufValueType.STRING, out -> out.string(value));
    }

    public GgufWriter putTruth(String key, boolean value) {
        return put(key, GgufValueType.BOOL, out -> out.uint8(value ? 1 : 0));
    }

    /** Most of llama.cpp's keys are of this type. */
    public GgufWriter putUint32(String key, int value) {
        return put(key, GgufValueType.UINT32, out -> out.int32(value));
    }

    public GgufWriter putFloat32(String key, float value) {
        return put(key, GgufValueType.FLOAT32, out -> out.int32(Float.floatToRawIntBits(value)));
    }

    public GgufWriter putStrings(String key, List<String> values) {
        return putArray(key, GgufValueType.STRING, values.size(), out -> values.forEach(out::string));
    }

    public GgufWriter putInt32s(String key, int... values) {
        return putArray(key, GgufValueType.INT32, values.length, out -> {
            for (int value : values) {
                out.int32(value);
            }
        });
    }

    public GgufWriter putFloat32s(String key, float... values) {
        return putArray(key, GgufValueType.FLOAT32, values.length, out -> {
            for (float value : values) {
                out.int32(Float.floatToRawIntBits(value));
            }
        });
    }

    /**
     * Every tensor begins at a multiple of so many bytes; 32 if this is not called.
     *
     * @throws IllegalArgumentException if it is no power of 2
     */
    public GgufWriter alignment(int bytes) {
        if (bytes < 1 || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("alignment must be a power of 2, was " + bytes);
        }
        alignment = bytes;
        return put(GgufFile.ALIGNMENT_KEY, GgufValueType.UINT32, out -> out.int32(bytes));
    }

    /** Takes over a key with its value, whatever its type. */
    public GgufWriter copyKey(GgufFile source, String key) {
        return copyKey(source, key, key);
    }

    /** Takes over a key's value, whatever its type, under another name. */
    public GgufWriter copyKey(GgufFile source, String key, String newKey) {
        GgufMetadata metadata = source.metadata();
        byte[] value = metadata.raw(key);
        if (newKey.equals(GgufFile.ALIGNMENT_KEY)) {
            return alignment(metadata.requireInt(key));
        }
        return put(newKey, metadata.type(key).orElseThrow(() -> metadata.absent(key)), out -> out.bytes(value));
    }

    /**
     * Adds a tensor.
     *
     * @param sizes row length first
     * @param data asked once, in {@link #write}
     * @throws IllegalArgumentException if there is one of this name already, or rows are no whole blocks of the type
     */
    public GgufWriter addTensor(String name, List<Long> sizes, GgmlType type, AtomicFile.Content data) {
        if (sizes.isEmpty() || sizes.size() > GgufTensor.MOST_SIZES) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + GgufTensor.MOST_SIZES + " sizes, had " + sizes.size());
        }
        long elements = 1;
        for (long size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException(name + " must have sizes of at least 1, had " + sizes);
            }
            elements = Math.multiplyExact(elements, size);
        }
        if (sizes.get(0) % type.blockElements() != 0) {
            throw new IllegalArgumentException(name + " must have rows of a multiple of " + type.blockElements()
                    + " elements for " + type + ", had " + sizes.get(0));
        }
        long bytes = Math.multiplyExact(elements / type.blockElements(), type.blockBytes());
        if (tensors.putIfAbsent(name, new Tensor(List.copyOf(sizes), type, bytes, data)) != null) {
            throw new IllegalArgumentException("tensors must have names of their own, '" + name + "' was given twice");
        }
        return this;
    }

    /** Adds a tensor of float32 values, row-major. */
    public GgufWriter addFloats(String name, List<Long> sizes, float[] values) {
        return addValues(name, sizes, GgmlType.F32, () -> values);
    }

    /**
     * Adds a tensor of values, row-major, that are rounded to a plain type.
     *
     * @param values asked once, in {@link #write}
     */
    public GgufWriter addValues(String name, List<Long> sizes, GgmlType type, Supplier<float[]> values) {
        return addTensor(name, sizes, type, out -> {
            float[] all = values.get();
            for (int from = 0; from < all.length; from += COPY_BYTES) {
                out.write(type.encode(all, from, Math.min(COPY_BYTES, all.length - from)));
            }
        });
    }

    /** Takes over a tensor as it is stored. The other file must stay open until this one is written. */
    public GgufWriter copyTensor(GgufFile source, GgufTensor tensor) {
        return addTensor(tensor.name(), tensor.sizes(), tensor.type(), out -> {
            byte[] buffer = new byte[(int) Math.min(COPY_BYTES, tensor.bytes())];
            for (long done = 0; done < tensor.bytes(); done += buffer.length) {
                int now = (int) Math.min(buffer.length, tensor.bytes() - done);
                source.readStored(tensor, done, buffer, now);
                out.write(buffer, 0, now);
            }
        });
    }

    /**
     * Takes over a tensor with its rows in another order; whole rows move, so quantised ones stay byte for byte as they
     * are. The rows of a vector are its elements. The other file must stay open until this one is written.
     *
     * @param sourceRows new row i is the tensor's row {@code sourceRows[i]}
     * @throws IllegalArgumentException if there are not as many as rows, or a vector is quantised
     */
    public GgufWriter copyRows(GgufFile source, GgufTensor tensor, int[] sourceRows) {
        boolean vector = tensor.elements() == tensor.rowLength();
        long rows = vector ? tensor.elements() : tensor.elements() / tensor.rowLength();
        if (sourceRows.length != rows) {
            throw new IllegalArgumentException("sourceRows must be one per row of " + tensor.name() + " (" + rows
                    + "), were " + sourceRows.length);
        }
        if (vector && !tensor.type().isPlain()) {
            throw new IllegalArgumentException(
                    tensor.name() + " must be F32, F16 or BF16, being a vector, was " + tensor.type());
        }
        int rowBytes = Math.toIntExact(tensor.bytes() / rows);
        return addTensor(tensor.name(), tensor.sizes(), tensor.type(), out -> {
            byte[] row = new byte[rowBytes];
            for (int sourceRow : sourceRows) {
                source.readStored(tensor, (long) sourceRow * rowBytes, row, rowBytes);
                out.write(row);
            }
        });
    }

    /** Bytes of all tensors' data, without padding and header. */
    public long tensorBytes() {
        return tensors.values().stream().mapToLong(Tensor::bytes).sum();
    }

    /**
     * Writes the file beside its final place and moves it there once it is complete.
     *
     * @throws IllegalArgumentException if a tensor's data has not as many bytes as its sizes and type need
     */
    public void write(Path file) throws IOException {
        write(file, bytes -> {});
    }

    /**
     * The same, and tells how far it is.
     *
     * @param written told now and then how many bytes of tensors are written; an exception that it throws ends the
     *     writing, and nothing is left behind
     */
    public void write(Path file, LongConsumer written) throws IOException {
        AtomicFile.write(file, out -> writeTo(out, written));
    }

    /** The file as what is to be written somewhere. */
    public AtomicFile.Content content() {
        return out -> writeTo(out, bytes -> {});
    }

    private void writeTo(OutputStream out, LongConsumer written) throws IOException {
        GgufBytes header = header();
        header.writeTo(out);
        pad(out, header.size());
        long before = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            CountingStream counted = new CountingStream(out, before, written);
            tensor.data().writeTo(counted);
            if (counted.count != tensor.bytes()) {
                throw new IllegalArgumentException("data of " + entry.getKey() + " must have " + tensor.bytes()
                        + " bytes for " + tensor.sizes() + " of " + tensor.type() + ", had " + counted.count);
            }
            pad(out, tensor.bytes());
            before += tensor.bytes();
        }
        written.accept(before);
    }

    private GgufBytes header() {
        GgufBytes header = new GgufBytes();
        header.bytes(GgufFile.MAGIC);
        header.int32(GgufFile.NEWEST_VERSION);
        header.int64(tensors.size());
        header.int64(keys.size());
        keys.forEach((key, value) -> {
            header.string(key);
            header.bytes(value);
        });
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            header.string(entry.getKey());
            header.int32(tensor.sizes().size());
            tensor.sizes().forEach(header::int64);
            header.int32(tensor.type().number());
            header.int64(offset);
            offset = GgufFile.padded(offset + tensor.bytes(), alignment);
        }
        return header;
    }

    private void pad(OutputStream out, long written) throws IOException {
        out.write(new byte[(int) (GgufFile.padded(written, alignment) - written)]);
    }

    private GgufWriter putArray(String key, GgufValueType elements, int count, Consumer<GgufBytes> values) {
        return put(key, GgufValueType.ARRAY, out -> {
            out.int32(elements.number());
            out.int64(count);
            values.accept(out);
        });
    }

    /** Keeps type and value as bytes. */
    private GgufWriter put(String key, GgufValueType type, Consumer<GgufBytes> value) {
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > GgufCursor.LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "key must have 1 to " + GgufCursor.LONGEST_NAME + " bytes, was '" + key + "'");
        }
        GgufBytes bytes = new GgufBytes();
        bytes.int32(type.number());
        value.accept(bytes);
        keys.put(key, bytes.toByteArray());
        return this;
    }

    /** Counts what passes, and tells it in steps. */
    private static final class CountingStream extends FilterOutputStream {
        private static final long STEP_BYTES = 1 << 24;

        private final long before;
        private final LongConsumer written;
        private long count;
        private long told;

        /** @param before bytes that went before this stream's */
        CountingStream(OutputStream out, long before, LongConsumer written) {
            super(out);
            this.before = before;
            this.written = written;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            counted(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            counted(length);
        }

        private void counted(int bytes) {
            count += bytes;
            if (count - told >= STEP_BYTES) {
                told = count;
                written.accept(before + count);
            }
        }
    }
}
