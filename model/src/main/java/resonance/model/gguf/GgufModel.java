package resonance.model.gguf;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;
import resonance.model.ChangedWeights;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.ModelSizes;
import resonance.model.Tokenizer;
import resonance.model.tokenizer.GgufTokenizers;
import resonance.model.tokenizer.GgufVocabulary;
import resonance.rope.EncodingName;
import resonance.rope.PairLayout;
import resonance.rope.Rounding;
import resonance.rope.gguf.GgufKeys;

/**
 * A model in one GGUF file, of architecture llama (which Mistral's files carry too), qwen2, qwen3 or gemma3.
 *
 * <p>Computes what llama.cpp computes for the same file, not what its keys might be meant to say: a sliding window of a
 * llama file is not applied, YaRN's own bounds are not read, and {@link #warnings} names every such setting. A key that
 * llama.cpp honours and this package doesn't, an unknown scaling and a tensor that nothing reads are errors.
 */
public final class GgufModel implements Model {
    private final GgufFile file;
    private final ModelDescription description;
    private final GgufWeights weights;
    private final List<String> warnings;
    private @Nullable Tokenizer tokenizer;

    private GgufModel(GgufFile file, ModelDescription description, GgufWeights weights, List<String> warnings) {
        this.file = file;
        this.description = description;
        this.weights = weights;
        this.warnings = warnings;
    }

    /**
     * Opens a file and checks that it holds a whole model.
     *
     * @throws ModelFormatException if it doesn't, is damaged, or is of a kind that is not known
     */
    public static GgufModel open(Path path) {
        return open(GgufFile.open(path));
    }

    static GgufModel open(GgufFile file) {
        GgufArchitecture architecture = GgufArchitecture.of(file.metadata());
        Set<String> consumed = new HashSet<>();
        ModelDescription description = GgufDescription.read(file, architecture, consumed);
        GgufWeights weights = new GgufWeights(file, GgufParameters.find(file, description, architecture, consumed));
        return new GgufModel(file, description, weights, IgnoredKeys.warnings(file, architecture));
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public ModelSizes sizes() {
        return new ModelSizes(
                description.decoder(),
                file.tensors().values().stream()
                        .map(tensor ->
                                new ModelSizes.Stored(tensor.type().name(), 1, tensor.elements(), tensor.bytes()))
                        .toList(),
                true);
    }

    @Override
    public WeightSource weights() {
        return weights;
    }

    @Override
    public WeightSource rewritten(ChangedWeights changed) {
        return weights.rewritten(changed);
    }

    /** The parameter that a tensor of the file holds; empty if it holds none. */
    public Optional<Parameter> parameter(GgufTensor tensor) {
        return weights.parameter(tensor);
    }

    /**
     * Adds a parameter's tensor with new values to a file that is written, in its {@link GgmlType#unquantised} type.
     *
     * @param interleaved whether the pairs of a head are to lie side by side whatever this file has
     */
    public void addChanged(GgufWriter writer, GgufTensor tensor, ChangedWeights changed, boolean interleaved) {
        Parameter parameter = parameter(tensor)
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor must hold a parameter, was " + GgufCursor.shown(tensor.name())));
        int headSize = interleaved ? 0 : weights.halves(parameter);
        writer.addValues(
                tensor.name(),
                tensor.sizes(),
                tensor.type().unquantised(),
                () -> inHalves(changed.all(parameter), parameter.columns(), headSize));
    }

    private static float[] inHalves(float[] values, int columns, int headSize) {
        if (headSize == 0) {
            return values;
        }
        int heads = values.length / columns / headSize;
        return PairLayout.reorderRows(
                values, columns, PairLayout.HALF_SPLIT.sourceRows(PairLayout.INTERLEAVED, heads, headSize, headSize));
    }

    /** The file itself: all keys and tensors, whether the model uses them or not. */
    public GgufFile file() {
        return file;
    }

    @Override
    public Rounding saidRounding() {
        return file.metadata()
                .type(GgufKeys.EXPORTED_ENCODING)
                .filter(type -> type == GgufValueType.STRING)
                .flatMap(text -> file.metadata().optionalString(GgufKeys.EXPORTED_ENCODING))
                .map(EncodingName::roundingOf)
                .orElse(Rounding.NONE);
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public synchronized Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = GgufTokenizers.rebuild(vocabulary());
        }
        return tokenizer;
    }

    GgufVocabulary vocabulary() {
        GgufMetadata metadata = file.metadata();
        String prefix = "tokenizer.ggml.";
        String model = metadata.requireString(prefix + "model");
        String pre = metadata.optionalString(prefix + "pre").orElse("");
        return new GgufVocabulary(
                model,
                pre,
                metadata.strings(prefix + "tokens").orElseThrow(() -> metadata.absent(prefix + "tokens")),
                metadata.floats(prefix + "scores").orElse(new float[0]),
                metadata.ints(prefix + "token_type").orElse(new int[0]),
                metadata.strings(prefix + "merges").orElse(new String[0]),
                token(prefix + "bos_token_id"),
                token(prefix + "eos_token_id"),
                token(prefix + "eot_token_id"),
                token(prefix + "unknown_token_id"),
                metadata.optionalTruth(prefix + "add_bos_token")
                        .orElse(GgufVocabulary.addsBeginningByDefault(model, pre)),
                metadata.optionalTruth(prefix + "add_space_prefix").orElse(true),
                file.path().toString());
    }

    @Override
    public Optional<String> chatTemplate() {
        return file.metadata().optionalString("tokenizer.chat_template").filter(template -> !template.isBlank());
    }

    private OptionalInt token(String key) {
        Optional<Integer> token = file.metadata().optionalInt(key);
        int last = description.decoder().vocabularySize() - 1;
        if (token.filter(id -> id < 0 || id > last).isPresent()) {
            throw file.metadata()
                    .refusal(
                            key,
                            "must be a token from 0 to " + last,
                            token.get().toString());
        }
        return token.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    @Override
    public String sha256() {
        return file.sha256();
    }

    @Override
    public void close() {
        file.close();
    }
}
