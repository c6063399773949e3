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
import resonance.study.Sha256;
import resonance.study.WrittenFiles;
import resonance.transformer.training.Decoder;

/**
 * Writes a trained decoder as a Hugging Face folder, {@code LlamaForCausalLM} in bfloat16.
 *
 * <p>{@code config.json} has the layout of transformers 4, which version 5 and the converters to GGUF read too. Our
 * pairs are interleaved and Hugging Face's are halves, so the rows of queries and keys are put into its order. All files are
 * whole beside their places before the first is moved there, and {@code config.json} goes first and comes last, so a
 * half-written folder is no model.
 */
final class PretrainedFolder implements AutoCloseable {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String TOKENIZER = "tokenizer.json";
    static final String RECORD = "training.json";
    static final String CARD = "README.md";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final String GENERATION_CONFIG = "generation_config.json";

    /** Every file that is written. */
    static final List<String> FILES =
            List.of(WEIGHTS, TOKENIZER, TOKENIZER_CONFIG, GENERATION_CONFIG, RECORD, CARD, CONFIG);

    private static final int SEPARATOR_ID = 0;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WrittenFiles.Change change;
    private final PretrainedShape shape;

    PretrainedFolder(WrittenFiles files, PretrainedShape shape) {
        this.change = files.change();
        this.shape = shape;
    }

    /** Writes weights and tokenizer beside their places, and gives their hashes by name. */
    Map<String, String> writeWeights(Decoder decoder, String tokenizerJson) throws IOException {
        float[] parameters = decoder.parameters();
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (ParameterLayout.Entry entry : decoder.layout().entries()) {
            entries.add(new SafetensorsWriter.Entry(
                    TensorNames.of(entry.parameter(), false),
                    entry.parameter().shape().stream().map(Math::toIntExact).toList(),
                    SafetensorsType.BF16,
                    () -> values(entry, parameters)));
        }
        Path weights = change.stage(WEIGHTS);
        SafetensorsWriter.write(weights, Map.of("format", "pt"), entries);
        change.write(TOKENIZER, tokenizerJson);
        return Map.of(WEIGHTS, Sha256.of(Files.readAllBytes(weights)), TOKENIZER, Sha256.of(tokenizerJson));
    }

    /** Writes everything else, and puts all into their places: from here on it is a model, in place of a former one. */
    void finish(PretrainingRecord record, String card) throws IOException {
        change.write(TOKENIZER_CONFIG, pretty(tokenizerConfig()));
        change.write(GENERATION_CONFIG, pretty(separatorIds(JSON.createObjectNode())));
        change.write(RECORD, pretty(record));
        change.write(CARD, card);
        change.write(CONFIG, pretty(config(record.vocabularySize())));
        change.commit(CONFIG);
    }

    /** Leaves nothing beside if it was not finished. */
    @Override
    public void close() throws IOException {
        change.close();
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
