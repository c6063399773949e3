package resonance.model.huggingface;

import java.util.List;

/**
 * One tensor of a safetensors file, as its header describes it.
 *
 * @param name its name in the file
 * @param type how its elements are stored
 * @param shape its sizes, outermost first; empty for a single number
 * @param begin first byte, from the beginning of the file
 * @param end first byte after it
 */
record SafetensorsTensor(String name, SafetensorsType type, List<Long> shape, long begin, long end) {
    SafetensorsTensor {
        shape = List.copyOf(shape);
    }

    long elements() {
        return (end - begin) / type.bytes();
    }
}
