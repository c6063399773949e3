package resonance.model.gguf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resonance.model.ModelFormatException;
import resonance.rope.gguf.GgufKeys;
import resonance.rope.gguf.GgufPositions;

/** Gives a file's keys and tensors that concern positions to {@link GgufPositions}, in the types that llama.cpp asks for. */
final class GgufRope {
    private static final List<String> LENGTHS = List.of(GgufKeys.CONTEXT_LENGTH, GgufKeys.TRAINED_LENGTH);
    private static final List<String> NUMBERS =
            List.of(GgufKeys.BASE, GgufKeys.SLIDING_BASE, GgufKeys.FACTOR, GgufKeys.FORMER_FACTOR, GgufKeys.MAGNITUDE);
    private static final List<String> TENSORS =
            List.of(GgufKeys.DIVISORS, GgufKeys.SHORT_DIVISORS, GgufKeys.LONG_DIVISORS);

    private GgufRope() {}

    /**
     * A file's encodings.
     *
     * @param headSize dimensions of a head, all of which rotate
     * @param consumed receives the names of tensors that were read
     * @throws ModelFormatException if a key or tensor has a value that can't be
     */
    static GgufPositions read(GgufFile file, GgufArchitecture architecture, int headSize, Set<String> consumed) {
        GgufMetadata metadata = file.metadata();
        String prefix = architecture.prefix();
        metadata.requireInt(prefix + GgufKeys.CONTEXT_LENGTH);
        Map<String, Object> keys = new HashMap<>();
        keys.put(GgufKeys.ARCHITECTURE, architecture.positions().label());
        keys.put(prefix + GgufKeys.DIMENSION_COUNT, headSize);
        LENGTHS.forEach(
                name -> metadata.optionalInt(prefix + name).ifPresent(length -> keys.put(prefix + name, length)));
        NUMBERS.stream()
                .filter(name -> isRead(name, metadata, architecture))
                .forEach(name ->
                        metadata.optionalNumber(prefix + name).ifPresent(number -> keys.put(prefix + name, number)));
        metadata.optionalString(prefix + GgufKeys.SCALING_TYPE)
                .ifPresent(type -> keys.put(prefix + GgufKeys.SCALING_TYPE, type));
        Map<String, float[]> tensors = new HashMap<>();
        for (String name : TENSORS) {
            file.tensor(name).ifPresent(tensor -> tensors.put(name, divisors(file, tensor, headSize / 2)));
        }
        try {
            GgufPositions positions = GgufPositions.read(keys, tensors);
            consumed.addAll(positions.tensors());
            return positions;
        } catch (IllegalArgumentException refusal) {
            throw new ModelFormatException(file.path() + ": " + refusal.getMessage(), refusal);
        }
    }

    /** The former name is not looked at beside the present one, and a sliding base only where there are windows. */
    private static boolean isRead(String name, GgufMetadata metadata, GgufArchitecture architecture) {
        String prefix = architecture.prefix();
        boolean windows = architecture.hasWindows();
        return !(name.equals(GgufKeys.FORMER_FACTOR) && metadata.has(prefix + GgufKeys.FACTOR))
                && (!name.equals(GgufKeys.SLIDING_BASE) || windows);
    }

    private static float[] divisors(GgufFile file, GgufTensor tensor, int pairs) {
        if (tensor.type() != GgmlType.F32 || tensor.elements() != pairs) {
            throw new ModelFormatException(file.path() + ": tensor '" + tensor.name() + "' must be " + pairs
                    + " values of F32, was " + tensor.sizes() + " of " + tensor.type());
        }
        float[] values = new float[pairs];
        file.read(tensor, 0, pairs, values, 0);
        return values;
    }
}
