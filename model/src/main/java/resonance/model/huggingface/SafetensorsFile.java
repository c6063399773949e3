package resonance.model.huggingface;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import resonance.model.ModelFormatException;
import resonance.model.storage.MappedFile;

/** The tensors of one safetensors file, mapped and not copied. Thread safe. */
final class SafetensorsFile {
    /** The header's key that is no tensor. */
    static final String METADATA = "__metadata__";

    private static final int ELEMENTS_AT_ONCE = 1 << 14;

    private final MappedFile file;
    private final Map<String, SafetensorsTensor> tensors;

    private SafetensorsFile(MappedFile file, Map<String, SafetensorsTensor> tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * Maps a file and checks its header against its size.
     *
     * @throws ModelFormatException if it can't be read or is damaged
     */
    static SafetensorsFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        return new SafetensorsFile(file, SafetensorsHeader.read(file));
    }

    Path path() {
        return file.path();
    }

    /** In the order of the header. */
    Set<String> names() {
        return tensors.keySet();
    }

    SafetensorsTensor tensor(String name) {
        SafetensorsTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("name must be one of " + tensors.keySet() + ", was '" + name + "'");
        }
        return tensor;
    }

    /** Reads consecutive elements, row-major, as float32. */
    void read(String name, long firstElement, int count, float[] target, int offset) {
        SafetensorsTensor tensor = tensor(name);
        if (firstElement < 0 || count < 0 || firstElement > tensor.elements() - count) {
            throw new IllegalArgumentException("elements must lie within the " + tensor.elements() + " of '" + name
                    + "', were " + count + " from " + firstElement);
        }
        SafetensorsType type = tensor.type();
        byte[] buffer = new byte[Math.min(count, ELEMENTS_AT_ONCE) * type.bytes()];
        for (int done = 0; done < count; done += ELEMENTS_AT_ONCE) {
            int part = Math.min(count - done, ELEMENTS_AT_ONCE);
            long position = tensor.begin() + (firstElement + done) * type.bytes();
            file.read(position, buffer, 0, part * type.bytes());
            type.decode(buffer, part, target, offset + done);
        }
    }

    /** Ends reading. */
    void close() {
        file.close();
    }
}
