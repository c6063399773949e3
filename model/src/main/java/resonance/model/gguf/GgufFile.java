package resonance.model.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;
import resonance.study.Sha256;

/**
 * A GGUF file of version 2 or 3, mapped: metadata and tensors whatever the model. The layout is on the package's page.
 *
 * <p>The whole header is checked when the file is opened: afterwards every tensor lies inside the file, aligned, and
 * shares no byte with another. Reading is thread safe.
 */
public final class GgufFile implements AutoCloseable {
    static final byte[] MAGIC = {'G', 'G', 'U', 'F'};
    static final int NEWEST_VERSION = 3;
    static final String ALIGNMENT_KEY = "general.alignment";
    static final int DEFAULT_ALIGNMENT = 32;

    private static final int OLDEST_VERSION = 2;
    private static final int MOST_TENSORS = 1 << 17;

    /** Name's length, number of sizes, one size, type, offset. */
    private static final int SMALLEST_TENSOR_ENTRY = 8 + 4 + 8 + 4 + 8;

    /** Length of a key, type, a value of one byte. */
    private static final int SMALLEST_KEY_ENTRY = 8 + 4 + 1;

    /** Bytes decoded at a time. */
    private static final int CHUNK_BYTES = 1 << 16;

    private final MappedFile file;
    private final int version;
    private final int alignment;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(
            MappedFile file, int version, int alignment, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        this.file = file;
        this.version = version;
        this.alignment = alignment;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /** Whether a file begins as GGUF files do. */
    public static boolean isGguf(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            throw new ModelFormatException(file + ": must be readable: " + e, e);
        }
    }

    /**
     * The one {@code .gguf} file of a folder that is no Hugging Face folder.
     *
     * @throws ModelFormatException if there is none, or more than one
     */
    public static Path onlyIn(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.gguf")) {
            stream.forEach(files::add);
        } catch (IOException e) {
            throw new ModelFormatException(folder + ": must be readable: " + e, e);
        }
        if (files.size() != 1) {
            throw new ModelFormatException(folder + ": must hold config.json or one .gguf file, held "
                    + (files.isEmpty() ? "neither" : files.size() + " .gguf files; name one of them"));
        }
        return files.get(0);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws ModelFormatException if it is no GGUF file that can be read, or is damaged
     */
    public static GgufFile open(Path path) {
        return open(MappedFile.open(path));
    }

    static GgufFile open(MappedFile file) {
        GgufCursor cursor = new GgufCursor(file, 0);
        int version = version(cursor);
        long tensorCount = cursor.count("tensor count", SMALLEST_TENSOR_ENTRY, MOST_TENSORS);
        long keyCount = cursor.count("key count", SMALLEST_KEY_ENTRY, GgufMetadata.MOST_KEYS);
        GgufMetadata metadata = GgufMetadata.read(file, cursor, keyCount);
        int alignment = alignment(metadata);
        List<GgufTensor> entries = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            entries.add(tensor(cursor, i, alignment));
        }
        long dataStart = padded(cursor.position(), alignment);
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (GgufTensor entry : entries) {
            GgufTensor tensor = placed(entry, dataStart, file, cursor);
            if (tensors.put(tensor.name(), tensor) != null) {
                throw cursor.refusal(field(tensor.name()), "must be there once", "there twice");
            }
        }
        refuseOverlap(tensors, cursor);
        return new GgufFile(file, version, alignment, metadata, tensors);
    }

    private static int version(GgufCursor cursor) {
        byte[] magic = new byte[MAGIC.length];
        for (int i = 0; i < magic.length; i++) {
            magic[i] = (byte) cursor.uint8("magic");
            if (magic[i] != MAGIC[i]) {
                throw cursor.refusal("magic", "must be 'GGUF'", "different from byte " + i + " on");
            }
        }
        int version = cursor.int32("version");
        int swapped = Integer.reverseBytes(version);
        if (swapped >= 1 && swapped <= NEWEST_VERSION) {
            throw cursor.refusal(
                    "byte order", "must be little-endian", "big-endian; convert it with gguf-convert-endian");
        }
        if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
            throw cursor.refusal(
                    "version",
                    "must be " + OLDEST_VERSION + " or " + NEWEST_VERSION,
                    Integer.toUnsignedString(version));
        }
        return version;
    }

    private static int alignment(GgufMetadata metadata) {
        int alignment = metadata.optionalInt(ALIGNMENT_KEY).orElse(DEFAULT_ALIGNMENT);
        if (Integer.bitCount(alignment) != 1 || alignment < 0) {
            throw metadata.refusal(ALIGNMENT_KEY, "must be a power of 2", Integer.toString(alignment));
        }
        return alignment;
    }

    /** Reads an entry; its position is still counted from where the data begins. */
    private static GgufTensor tensor(GgufCursor cursor, long index, int alignment) {
        String name = cursor.text("name of tensor " + index, GgufCursor.LONGEST_NAME);
        String field = field(name);
        int sizeCount = cursor.int32(field + " number of sizes");
        if (sizeCount < 1 || sizeCount > GgufTensor.MOST_SIZES) {
            throw cursor.refusal(
                    field + " number of sizes",
                    "must be from 1 to " + GgufTensor.MOST_SIZES,
                    Integer.toUnsignedString(sizeCount));
        }
        List<Long> sizes = new ArrayList<>();
        long elements = 1;
        for (int i = 0; i < sizeCount; i++) {
            long size = cursor.int64(field + " size " + i);
            if (size < 1 || size > Long.MAX_VALUE / elements) {
                throw cursor.refusal(
                        field + " size " + i, "must be at least 1, and the product below 2^63", Long.toString(size));
            }
            sizes.add(size);
            elements *= size;
        }
        GgmlType type = cursor.tensorType(field);
        if (sizes.get(0) % type.blockElements() != 0) {
            throw cursor.refusal(
                    field + " row length",
                    "must be a multiple of " + type.blockElements() + " for " + type,
                    Long.toString(sizes.get(0)));
        }
        long offset = cursor.int64(field + " offset");
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.refusal(
                    field + " offset", "must be a multiple of " + alignment, Long.toUnsignedString(offset));
        }
        return new GgufTensor(name, sizes, type, elements, offset);
    }

    private static GgufTensor placed(GgufTensor entry, long dataStart, MappedFile file, GgufCursor cursor) {
        long room = entry.position() > file.size() ? -1 : file.size() - dataStart - entry.position();
        GgmlType type = entry.type();
        if (room < 0 || entry.elements() / type.blockElements() > room / type.blockBytes()) {
            throw cursor.refusal(
                    field(entry.name()),
                    "must lie inside the file, which has " + Math.max(0, room) + " bytes from its offset on",
                    entry.sizes() + " of " + type + "; is the file complete?");
        }
        return new GgufTensor(entry.name(), entry.sizes(), type, entry.elements(), dataStart + entry.position());
    }

    private static void refuseOverlap(Map<String, GgufTensor> tensors, GgufCursor cursor) {
        List<GgufTensor> byPosition = new ArrayList<>(tensors.values());
        byPosition.sort(Comparator.comparingLong(GgufTensor::position));
        for (int i = 1; i < byPosition.size(); i++) {
            GgufTensor before = byPosition.get(i - 1);
            GgufTensor tensor = byPosition.get(i);
            if (before.position() + before.bytes() > tensor.position()) {
                throw cursor.refusal(
                        field(tensor.name()),
                        "must share no bytes with " + field(before.name()),
                        "at byte " + tensor.position() + ", before the other's end at "
                                + (before.position() + before.bytes()));
            }
        }
    }

    static long padded(long position, int alignment) {
        return (position + alignment - 1) / alignment * alignment;
    }

    private static String field(String name) {
        return "tensor " + GgufCursor.shown(name);
    }

    public Path path() {
        return file.path();
    }

    /** Version of the format, 2 or 3. */
    public int version() {
        return version;
    }

    /** Every tensor begins at a multiple of so many bytes. */
    public int alignment() {
        return alignment;
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    /** All tensors by name, in the order of the file. */
    public Map<String, GgufTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    public Optional<GgufTensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /**
     * Reads consecutive elements of a tensor as float32.
     *
     * @param firstElement index of the first; starts a block
     * @param count how many; whole blocks
     * @throws IllegalArgumentException if they are not elements of the tensor, or no whole blocks
     */
    public void read(GgufTensor tensor, long firstElement, int count, float[] target, int offset) {
        GgmlType type = tensor.type();
        int blockElements = type.blockElements();
        if (firstElement < 0 || count < 0 || firstElement > tensor.elements() - count) {
            throw new IllegalArgumentException("elements of " + tensor.name() + " must be from 0 to "
                    + tensor.elements() + ", was " + count + " from " + firstElement + " on");
        }
        if (firstElement % blockElements != 0 || count % blockElements != 0) {
            throw new IllegalArgumentException("elements of " + tensor.name() + " must be whole blocks of "
                    + blockElements + ", was " + count + " from " + firstElement + " on");
        }
        int blocks = count / blockElements;
        int chunkBlocks = Math.min(blocks, CHUNK_BYTES / type.blockBytes());
        byte[] chunk = new byte[chunkBlocks * type.blockBytes()];
        long position = tensor.position() + firstElement / blockElements * type.blockBytes();
        for (int done = 0; done < blocks; done += chunkBlocks) {
            int now = Math.min(chunkBlocks, blocks - done);
            file.read(position + (long) done * type.blockBytes(), chunk, 0, now * type.blockBytes());
            type.decode(chunk, 0, now, target, offset + done * blockElements);
        }
    }

    /** Bytes of a tensor as they are stored, for copying. */
    void readStored(GgufTensor tensor, long firstByte, byte[] target, int count) {
        file.read(tensor.position() + firstByte, target, 0, count);
    }

    /** SHA-256 of the whole file, lower-case hexadecimal. */
    public String sha256() {
        return Sha256.of(file::writeTo);
    }

    @Override
    public void close() {
        file.close();
    }
}
