package resonance.model.huggingface;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import resonance.decoder.WeightSource;
import resonance.model.ChangedWeights;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.ModelSizes;
import resonance.model.Tokenizer;
import resonance.model.storage.MappedFile;
import resonance.model.tokenizer.HuggingFaceTokenizer;
import resonance.study.AtomicFile;
import resonance.study.Sha256;

/** A model in a folder as transformers saves it. */
public final class HuggingFaceModel implements Model {
    /** The file that makes a folder a model. */
    public static final String CONFIG = "config.json";

    /** The file that holds all weights, where there is one. */
    public static final String WEIGHTS = SafetensorsFolder.SINGLE;

    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final List<String> TOKENIZER_FILES =
            List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json");

    private final Path folder;
    private final HuggingFacePositions positions;
    private final ModelDescription description;
    private final SafetensorsFolder tensors;
    private final HuggingFaceWeights weights;
    private @Nullable Tokenizer tokenizer;

    private HuggingFaceModel(
            Path folder,
            HuggingFacePositions positions,
            ModelDescription description,
            SafetensorsFolder tensors,
            HuggingFaceWeights weights) {
        this.folder = folder;
        this.positions = positions;
        this.description = description;
        this.tensors = tensors;
        this.weights = weights;
    }

    /**
     * Opens a folder with {@code config.json} and safetensors; the tokenizer is looked for when it is asked for.
     *
     * @throws ModelFormatException if a file is missing or damaged, a setting or tensor is unknown, or a tensor is
     *     missing or has another shape than the configuration says
     */
    public static HuggingFaceModel open(Path folder) {
        ConfigFile config = ConfigFile.read(folder.resolve(CONFIG));
        HuggingFaceFamily.of(config);
        HuggingFacePositions positions = HuggingFacePositions.of(folder, config);
        SafetensorsFolder tensors = SafetensorsFolder.open(folder);
        SafetensorsType embeddingType =
                tensors.names().contains(EMBEDDING) ? tensors.tensor(EMBEDDING).type() : SafetensorsType.F32;
        ModelDescription description =
                DescriptionReader.read(config, positions.name(), positions.positions(), embeddingType);
        return new HuggingFaceModel(
                folder, positions, description, tensors, HuggingFaceWeights.open(tensors, description));
    }

    /**
     * The settings of a folder as they stand in its {@code config.json}, whether they are known here or not: maps, lists,
     * numbers, strings, booleans and null, in the order of the file.
     *
     * @throws ModelFormatException if there is no such file or it holds no JSON object
     */
    public static Map<String, Object> config(Path folder) {
        return JsonObjectFile.read(folder.resolve(CONFIG)).values();
    }

    @Override
    public Path path() {
        return folder;
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public ModelSizes sizes() {
        return new ModelSizes(description.decoder(), tensors.stored(), true);
    }

    @Override
    public WeightSource weights() {
        return weights;
    }

    @Override
    public WeightSource rewritten(ChangedWeights changed) {
        return weights.rewritten(changed);
    }

    /** What {@value #WEIGHTS} holds with new values for some parameters; the model must stay open until it is written. */
    public AtomicFile.Content weightsFile(ChangedWeights changed) throws IOException {
        return SafetensorsWriter.content(Map.of("format", "pt"), weights.entries(changed));
    }

    /** Names of the files that hold the weights now. */
    public Set<String> weightsFiles() {
        return tensors.paths().stream()
                .map(path -> String.valueOf(path.getFileName()))
                .collect(Collectors.toSet());
    }

    /** The configuration, as far as positions go. */
    public HuggingFacePositions configuration() {
        return positions;
    }

    @Override
    public List<String> warnings() {
        return positions.warnings();
    }

    @Override
    public synchronized Tokenizer tokenizer() {
        Tokenizer made = tokenizer;
        if (made == null) {
            made = HuggingFaceTokenizer.open(folder);
            tokenizer = made;
        }
        return made;
    }

    @Override
    public Optional<String> chatTemplate() {
        return FolderChatTemplate.read(folder);
    }

    /** Over each file's name, a zero byte, its length as 8 bytes big-endian, and its bytes. */
    @Override
    public String sha256() {
        List<Path> files = new ArrayList<>(List.of(folder.resolve(CONFIG)));
        files.addAll(tensors.paths());
        for (String name : TOKENIZER_FILES) {
            if (Files.exists(folder.resolve(name))) {
                files.add(folder.resolve(name));
            }
        }
        return Sha256.of(out -> {
            for (Path path : files) {
                try (MappedFile file = MappedFile.open(path)) {
                    out.write(String.valueOf(path.getFileName()).getBytes(StandardCharsets.UTF_8));
                    out.write(ByteBuffer.allocate(1 + Long.BYTES)
                            .putLong(1, file.size())
                            .array());
                    file.writeTo(out);
                }
            }
        });
    }

    @Override
    public void close() {
        tensors.close();
    }
}
