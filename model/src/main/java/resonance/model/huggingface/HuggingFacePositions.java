package resonance.model.huggingface;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import resonance.decoder.DecoderConfig;
import resonance.model.ModelFormatException;
import resonance.model.ModelPositions;
import resonance.model.ModelSizes;
import resonance.model.PositionSettings;
import resonance.rope.huggingface.ModelRopeReader;
import resonance.rope.huggingface.RopeReading;

/** The positions of a model as a configuration says them: {@code config.json} in a folder, or such a file by any name. */
public final class HuggingFacePositions implements ModelPositions {
    private final Path path;
    private final String name;
    private final ConfigFile config;
    private final RopeReading reading;
    private final PositionSettings positions;

    private HuggingFacePositions(Path path, String name, ConfigFile config) {
        this.path = path;
        this.name = name;
        this.config = config;
        this.reading = reading(config);
        this.positions = new PositionSettings(
                reading.modelType(), reading.full(), reading.sliding(), reading.windows(), reading.unrotated());
    }

    /**
     * Reads a configuration; nothing else need be there.
     *
     * @param path a folder with {@code config.json}, or the file itself
     * @throws ModelFormatException if it can't be read, transformers fails on it, or its encoding is not known
     */
    public static HuggingFacePositions open(Path path) {
        return Files.isDirectory(path)
                ? of(path, ConfigFile.read(path.resolve(HuggingFaceModel.CONFIG)))
                : new HuggingFacePositions(path, String.valueOf(path.getFileName()), ConfigFile.read(path));
    }

    /** The positions of a folder whose configuration was read. */
    static HuggingFacePositions of(Path folder, ConfigFile config) {
        String name = CardName.of(folder)
                .orElseGet(
                        () -> String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
        return new HuggingFacePositions(folder, name, config);
    }

    private static RopeReading reading(ConfigFile config) {
        try {
            return ModelRopeReader.read(config.values());
        } catch (IllegalArgumentException refusal) {
            throw new ModelFormatException(config.name() + ": " + refusal.getMessage(), refusal);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PositionSettings positions() {
        return positions;
    }

    @Override
    public ModelSizes sizes() {
        SafetensorsType type = type();
        DecoderConfig decoder =
                DescriptionReader.read(config, name, positions, type).decoder();
        if (Files.isDirectory(path) && SafetensorsFolder.isIn(path)) {
            SafetensorsFolder tensors = SafetensorsFolder.open(path);
            try {
                return new ModelSizes(decoder, tensors.stored(), true);
            } finally {
                tensors.close();
            }
        }
        List<ModelSizes.Stored> asked = decoder.parameters().stream()
                .map(parameter ->
                        new ModelSizes.Stored(type.name(), 1, parameter.size(), parameter.size() * type.bytes()))
                .toList();
        return new ModelSizes(decoder, asked, false);
    }

    /** What the configuration says of the weights' type; float32 if nothing, as in transformers. */
    private SafetensorsType type() {
        String said = config.text("dtype").or(() -> config.text("torch_dtype")).orElse("float32");
        return switch (said.replaceFirst("^torch\\.", "")) {
            case "bfloat16" -> SafetensorsType.BF16;
            case "float16" -> SafetensorsType.F16;
            case "float32" -> SafetensorsType.F32;
            default ->
                throw config.refusal(
                        config.has("dtype") ? "dtype" : "torch_dtype", "must be bfloat16, float16 or float32");
        };
    }

    /** The whole configuration as it stands in the file. */
    public Map<String, Object> config() {
        return Collections.unmodifiableMap(config.values());
    }

    /** What the configuration says of positions, and where. */
    public RopeReading reading() {
        return reading;
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        config.repeated().forEach(key -> warnings.add(key + " is given more than once; the last value counts"));
        warnings.addAll(reading.notes());
        return warnings;
    }

    @Override
    public void close() {}
}
