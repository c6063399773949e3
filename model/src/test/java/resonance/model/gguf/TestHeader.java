package resonance.model.gguf;

import java.util.Arrays;
import java.util.List;

/** Bytes of a header as a test wants them, right or wrong. */
final class TestHeader {
    private final GgufBytes out = new GgufBytes();

    TestHeader(long tensors, long keys) {
        out.bytes(GgufFile.MAGIC);
        out.int32(GgufFile.NEWEST_VERSION);
        out.int64(tensors);
        out.int64(keys);
    }

    TestHeader string(String value) {
        out.string(value);
        return this;
    }

    TestHeader int32(int value) {
        out.int32(value);
        return this;
    }

    TestHeader int64(long value) {
        out.int64(value);
        return this;
    }

    TestHeader raw(int... values) {
        for (int value : values) {
            out.uint8(value);
        }
        return this;
    }

    TestHeader tensor(String name, List<Long> sizes, GgmlType type, long offset) {
        string(name).int32(sizes.size());
        sizes.forEach(this::int64);
        return int32(type.number()).int64(offset);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** The header with zeros up to a multiple of so many bytes. */
    byte[] padded(int multiple) {
        return Arrays.copyOf(bytes(), (out.size() + multiple - 1) / multiple * multiple);
    }
}
