package resonance.serving.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import resonance.model.ModelFormatException;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufMetadata;
import resonance.model.gguf.GgufTensor;
import resonance.model.gguf.GgufValueType;

/** Lenient access to a GGUF file: a key of the wrong type, or a number that is not finite, counts as absent. */
final class GgufReading {
    private final GgufFile file;
    private final GgufMetadata metadata;

    GgufReading(GgufFile file) {
        this.file = file;
        this.metadata = file.metadata();
    }

    /** What the file calls its architecture; empty if nothing. */
    String architecture() {
        return string("general.architecture").orElse("");
    }

    /** Which keys and tensors llama.cpp reads for the architecture. */
    LlamaCppArchitecture kind() {
        return LlamaCppArchitecture.of(architecture())
                .orElseGet(() -> new LlamaCppArchitecture(architecture(), Set.of()));
    }

    /** A key of the architecture's own. */
    String key(String name) {
        return architecture() + "." + name;
    }

    Optional<GgufValueType> type(String key) {
        return metadata.type(key);
    }

    Optional<String> string(String key) {
        return metadata.type(key)
                .filter(type -> type == GgufValueType.STRING)
                .flatMap(string -> metadata.optionalString(key));
    }

    Optional<Long> whole(String key) {
        return lenient(() -> metadata.optionalLong(key));
    }

    /** A number of any type. */
    Optional<Double> number(String key) {
        return whole(key).map(Long::doubleValue).or(() -> lenient(() -> metadata.optionalNumber(key)));
    }

    private static <T> Optional<T> lenient(Supplier<Optional<T>> value) {
        try {
            return value.get();
        } catch (ModelFormatException unfit) {
            return Optional.empty();
        }
    }

    /** A whole number of the architecture's own that is above 0. */
    Optional<Long> length(String name) {
        return whole(key(name)).filter(length -> length > 0);
    }

    /** Name of the scaling; empty if the file gives none. */
    Optional<String> scalingType() {
        return string(key("rope.scaling.type"));
    }

    boolean isScaling(String type) {
        return scalingType().filter(type::equals).isPresent();
    }

    /** The key that the scaling factor is read from. */
    String factorKey() {
        String current = key("rope.scaling.factor");
        String older = key("rope.scale_linear");
        return metadata.has(older) && !metadata.has(current) ? older : current;
    }

    /** The scaling factor in the file, whatever its type says; 1 if there is none or it is 0. */
    double factor() {
        return number(factorKey()).filter(factor -> factor != 0).orElse(1.0);
    }

    /** The factor on cosine and sine that the file gives beside the type's own. */
    double magnitude() {
        return number(key("rope.scaling.attn_factor")).orElse(1.0);
    }

    /** Dimensions of a head. */
    Optional<Long> headSize() {
        return length("attention.key_length")
                .or(() -> length("embedding_length")
                        .flatMap(width -> length("attention.head_count").map(heads -> width / heads)));
    }

    int alignment() {
        return file.alignment();
    }

    /** All tensors in the order of the file. */
    List<GgufTensor> tensors() {
        return List.copyOf(file.tensors().values());
    }

    Optional<GgufTensor> tensor(String name) {
        return file.tensor(name);
    }

    /** A tensor's values; none if it is not of F32 or longer than a head can be. */
    List<Float> values(GgufTensor tensor) {
        List<Float> values = new ArrayList<>();
        if (tensor.type() == GgmlType.F32 && tensor.elements() <= 1 << 16) {
            float[] numbers = new float[(int) tensor.elements()];
            file.read(tensor, 0, numbers.length, numbers, 0);
            for (float number : numbers) {
                values.add(number);
            }
        }
        return values;
    }
}
