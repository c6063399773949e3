package resonance.language.pretraining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resonance.decoder.ParameterLayout;
import resonance.model.huggingface.SafetensorsType;
import resonance.model.huggingface.SafetensorsWriter;
import resonance.model.huggingface.TensorNames;
import resonance.rope.PairLayout;
import resonance.study.AtomicFile;
import resonance.study.Sha256;
import resonance.transformer.training.Decoder;

/**
 * Writes a trained decoder as a Hugging Face folder, {@code LlamaForCausalLM} in bfloat16.
 *
 * <p>{@code config.json} has the layout of transformers 4, which version 5 and the converters to GGUF read too. Our
 * pairs are interleaved and Hugging Face's are halves, so the rows of queries and keys are put into its order. Each file is
 * moved into place whole and {@code config.json} comes last, so a half-written folder is no model.
 */
final class PretrainedFolder {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String TOKENIZER = "tokenizer.json";
    static final String RECORD = "training.json";
    static final String CARD = "README.md";

    private static final int SEPARATOR_ID = 0;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final PretrainedShape shape;

    PretrainedFolder(Path folder, PretrainedShape shape) {
        this.folder = folder;
        this.shape = shape;
    }

    /** Takes a former model away and writes weights and tokenizer, without which {@link #finish} makes no model. */
    void writeWeights(Decoder decoder, String tokenizerJson) throws IOException {
        Files.deleteIfExists(folder.resolve(CONFIG));
        float[] parameters = decoder.parameters();
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (ParameterLayout.Entry entry : decoder.layout().entries()) {
            entries.add(new SafetensorsWriter.Entry(
                    TensorNames.of(entry.parameter(), false),
                    entry.parameter().shape().stream().map(Math::toIntExact).toList(),
                    SafetensorsType.BF16,
                    () -> values(entry, parameters)));
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of("format", "pt"), entries);
        AtomicFile.write(folder.resolve(TOKENIZER), tokenizerJson);
    }

    /** Writes everything else, the configuration last. */
    void finish(PretrainingRecord record, String card) throws IOException {
        AtomicFile.write(folder.resolve("tokenizer_config.json"), pretty(tokenizerConfig()));
        AtomicFile.write(folder.resolve("generation_config.json"), pretty(separatorIds(JSON.createObjectNode())));
        AtomicFile.write(folder.resolve(RECORD), pretty(record));
        AtomicFile.write(folder.resolve(CARD), card);
        AtomicFile.write(folder.resolve(CONFIG), pretty(config(record.vocabularySize())));
    }

    /** Hash of a file that was written. */
    String sha256(String file) throws IOException {
        return Sha256.of(Files.readAllBytes(folder.resolve(file)));
    }

    /** The parameters as bfloat16 holds them, rounded to the nearest, ties to even. */
    static float[] rounded(float[] parameters) {
        float[] rounded = new float[parameters.length];
        for (int i = 0; i < rounded.length; i++) {
            int bits = Float.floatToRawIntBits(parameters[i]);
            rounded[i] = Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000);
        }
        return rounded;
    }

    private float[] values(ParameterLayout.Entry entry, float[] parameters) {
        float[] values = entry.of(parameters);
        return switch (entry.parameter().role()) {
            case QUERY -> inHalves(values, shape.heads());
            case KEY -> inHalves(values, shape.keyValueHeads());
            default -> values;
        };
    }

    private float[] inHalves(float[] matrix, int heads) {
        int[] rows =
                PairLayout.HALF_SPLIT.sourceRows(PairLayout.INTERLEAVED, heads, shape.headSize(), shape.headSize());
        return PairLayout.reorderRows(matrix, shape.width(), rows);
    }

    private ObjectNode config(int vocabularySize) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("attention_bias", false).put("attention_dropout", 0.0);
        separatorIds(config);
        config.put("head_dim", shape.headSize())
                .put("hidden_act", "silu")
                .put("hidden_size", shape.width())
                .put("initializer_range", 0.02)
                .put("intermediate_size", shape.feedForwardWidth())
                .put("max_position_embeddings", shape.trainedLength())
                .put("mlp_bias", false)
                .put("model_type", "llama")
                .put("num_attention_heads", shape.heads())
                .put("num_hidden_layers", shape.layers())
                .put("num_key_value_heads", shape.keyValueHeads())
                .put("pretraining_tp", 1)
                .put("rms_norm_eps", PretrainedShape.NORM_EPSILON)
                .putNull("rope_scaling")
                .put("rope_theta", shape.ropeBase())
                .put("tie_word_embeddings", true)
                .put("torch_dtype", "bfloat16")
                .put("use_cache", true)
                .put("vocab_size", vocabularySize);
        return config;
    }

    private ObjectNode tokenizerConfig() {
        ObjectNode config = JSON.createObjectNode();
        config.put("add_bos_token", false).put("add_prefix_space", false);
        config.putObject("added_tokens_decoder")
                .putObject(String.valueOf(SEPARATOR_ID))
                .put("content", BytePairVocabulary.SEPARATOR)
                .put("lstrip", false)
                .put("normalized", false)
                .put("rstrip", false)
                .put("single_word", false)
                .put("special", true);
        config.put("bos_token", BytePairVocabulary.SEPARATOR)
                .put("clean_up_tokenization_spaces", false)
                .put("eos_token", BytePairVocabulary.SEPARATOR)
                .put("model_max_length", shape.trainedLength())
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("unk_token", BytePairVocabulary.SEPARATOR);
        return config;
    }

    private static ObjectNode separatorIds(ObjectNode node) {
        return node.put("bos_token_id", SEPARATOR_ID).put("eos_token_id", SEPARATOR_ID);
    }

    private static String pretty(Object node) throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    }
}
