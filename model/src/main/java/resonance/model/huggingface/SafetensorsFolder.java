package resonance.model.huggingface;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;
import resonance.model.ModelSizes;

/**
 * All tensors of a model's folder: of {@code model.safetensors}, or of the files that {@code
 * model.safetensors.index.json} names. Thread safe.
 */
final class SafetensorsFolder {
    static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MOST_FILES = 1000;

    private final List<Path> paths;
    private final Map<String, SafetensorsFile> byTensor;

    private SafetensorsFolder(List<Path> paths, Map<String, SafetensorsFile> byTensor) {
        this.paths = paths;
        this.byTensor = byTensor;
    }

    static SafetensorsFolder open(Path folder) {
        Path single = folder.resolve(SINGLE);
        if (Files.exists(single)) {
            SafetensorsFile file = SafetensorsFile.open(single);
            Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();
            file.names().forEach(tensor -> byTensor.put(tensor, file));
            return new SafetensorsFolder(List.of(single), byTensor);
        }
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            return sharded(folder, index);
        }
        throw new ModelFormatException(folder + ": must hold " + SINGLE + " or " + INDEX
                + ", held neither; save the model as safetensors, or name its .gguf file if it has one");
    }

    private static SafetensorsFolder sharded(Path folder, Path index) {
        if (!(JsonObjectFile.read(index).values().get("weight_map") instanceof Map<?, ?> weightMap)) {
            throw new ModelFormatException(INDEX + ": weight_map must be an object");
        }
        Map<String, SafetensorsFile> files = new LinkedHashMap<>();
        Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : weightMap.entrySet()) {
            String tensor = String.valueOf(entry.getKey());
            String fileName = plainName(tensor, entry.getValue());
            SafetensorsFile file = files.computeIfAbsent(fileName, name -> SafetensorsFile.open(folder.resolve(name)));
            if (files.size() > MOST_FILES) {
                throw new ModelFormatException(INDEX + ": weight_map must name at most " + MOST_FILES + " files");
            }
            if (!file.names().contains(tensor)) {
                throw new ModelFormatException(
                        fileName + ": tensor '" + tensor + "' must be in this file as " + INDEX + " says, was absent");
            }
            byTensor.put(tensor, file);
        }
        List<Path> paths = new ArrayList<>(List.of(index));
        for (SafetensorsFile file : files.values()) {
            paths.add(file.path());
            for (String tensor : file.names()) {
                if (byTensor.get(tensor) != file) {
                    throw new ModelFormatException(file.path().getFileName() + ": tensor '" + tensor
                            + "' must be where " + INDEX + " says, which has it "
                            + (byTensor.containsKey(tensor) ? "in another file" : "nowhere"));
                }
            }
        }
        return new SafetensorsFolder(List.copyOf(paths), byTensor);
    }

    /** A name that stays in the folder whatever the system takes for a separator. */
    private static String plainName(String tensor, @Nullable Object value) {
        if (value instanceof String name && name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,200}")) {
            return name;
        }
        throw new ModelFormatException(
                INDEX + ": weight_map." + tensor + " must be the plain name of a file beside it, was '" + value + "'");
    }

    /** The files that were read, the index first. */
    List<Path> paths() {
        return paths;
    }

    /** The file to name when something is missing. */
    String fileName() {
        return String.valueOf(paths.get(0).getFileName());
    }

    String fileName(String tensor) {
        return String.valueOf(file(tensor).path().getFileName());
    }

    Set<String> names() {
        return byTensor.keySet();
    }

    SafetensorsTensor tensor(String name) {
        return file(name).tensor(name);
    }

    /** How the tensors are stored. */
    List<ModelSizes.Stored> stored() {
        return names().stream()
                .map(this::tensor)
                .map(tensor -> new ModelSizes.Stored(
                        tensor.type().name(), 1, tensor.elements(), tensor.end() - tensor.begin()))
                .toList();
    }

    /** Whether a folder holds weights that can be read. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    void read(String name, long firstElement, int count, float[] target, int offset) {
        file(name).read(name, firstElement, count, target, offset);
    }

    /** Ends reading. */
    void close() {
        byTensor.values().forEach(SafetensorsFile::close);
    }

    private SafetensorsFile file(String tensor) {
        return Objects.requireNonNull(byTensor.get(tensor), tensor);
    }
}
