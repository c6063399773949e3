package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.FeedForwardKind;
import resonance.model.Architecture;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.PositionSettings;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class DescriptionReaderTest {
    private static final String LLAMA = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "attention_bias": false,
             "hidden_act": "silu", "hidden_size": 576, "intermediate_size": 1536, "max_position_embeddings": 8192,
             "mlp_bias": false, "num_attention_heads": 9, "num_hidden_layers": 30, "num_key_value_heads": 3,
             "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": 100000,
             "tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.42.3",
             "use_cache": true, "vocab_size": 49152}""";
    private static final String GEMMA3 = """
            {"architectures": ["Gemma3ForCausalLM"], "model_type": "gemma3_text", "attention_bias": false,
             "attn_logit_softcapping": null, "final_logit_softcapping": null, "head_dim": 256,
             "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 1152, "intermediate_size": 6912,
             "max_position_embeddings": 32768, "num_attention_heads": 4, "num_hidden_layers": 26,
             "num_key_value_heads": 1, "query_pre_attn_scalar": 256, "rms_norm_eps": 1e-06,
             "rope_local_base_freq": 10000, "rope_scaling": null, "rope_theta": 1000000, "sliding_window": 512,
             "sliding_window_pattern": 6, "transformers_version": "4.50.0.dev0", "vocab_size": 262144}""";
    private static final String QWEN2 = """
            {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", "hidden_size": 896,
             "intermediate_size": 4864, "max_position_embeddings": 32768, "max_window_layers": 21,
             "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
             "rope_theta": 1000000.0, "sliding_window": 32768, "tie_word_embeddings": true,
             "transformers_version": "4.43.1", "use_sliding_window": false, "vocab_size": 151936}""";
    private static final String QWEN3 = """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "attention_bias": false, "head_dim": 128,
             "hidden_act": "silu", "hidden_size": 1024, "intermediate_size": 3072, "max_position_embeddings": 40960,
             "max_window_layers": 28, "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 8,
             "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000000, "sliding_window": null,
             "tie_word_embeddings": true, "transformers_version": "4.51.0", "use_sliding_window": false,
             "vocab_size": 151936}""";
    private static final String MISTRAL = """
            {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "hidden_act": "silu",
             "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768,
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
             "rope_theta": 10000.0, "sliding_window": 4096, "tie_word_embeddings": false,
             "transformers_version": "4.34.0.dev0", "vocab_size": 32000}""";

    @Test
    void readsALlama() {
        ModelDescription model = read(LLAMA, Map.of());
        assertThat(model.architecture()).isEqualTo(Architecture.LLAMA);
        assertThat(model.name()).isEqualTo("here");
        assertThat(model.decoder().vocabularySize()).isEqualTo(49152);
        assertThat(model.decoder().width()).isEqualTo(576);
        assertThat(model.decoder().layers()).isEqualTo(30);
        assertThat(model.decoder().attention().heads()).isEqualTo(9);
        assertThat(model.decoder().attention().keyValueHeads()).isEqualTo(3);
        assertThat(model.decoder().attention().headSize()).isEqualTo(64);
        assertThat(model.decoder().feedForward().width()).isEqualTo(1536);
        assertThat(model.decoder().feedForward().kind()).isEqualTo(FeedForwardKind.SWIGLU);
        assertThat(model.decoder().attention().bias()).isFalse();
        assertThat(model.decoder().norms().queryKey()).isFalse();
        assertThat(model.decoder().norms().post()).isFalse();
        assertThat(model.decoder().embedding().tied()).isTrue();
        assertThat(model.decoder().norms().epsilon()).isEqualTo(1e-5);
        assertThat(model.decoder().attention().logitScale()).isEqualTo(0.125);
        assertThat(model.decoder().embedding().scale()).isEqualTo(1);
        assertThat(model.decoder().windows()).isEqualTo(Collections.nCopies(30, 0));
        assertThat(model.rope().shape()).isEqualTo(RopeShape.of(64, 100_000, 8192));
        assertThat(model.rope().scaling()).isInstanceOf(NoScaling.class);
        assertThat(model.slidingRope()).isSameAs(model.rope());
    }

    @Test
    void readsAGemma3() {
        ModelDescription model = read(GEMMA3, Map.of());
        assertThat(model.architecture()).isEqualTo(Architecture.GEMMA3);
        assertThat(model.decoder().feedForward().kind()).isEqualTo(FeedForwardKind.GEGLU);
        assertThat(model.decoder().norms().queryKey()).isTrue();
        assertThat(model.decoder().norms().post()).isTrue();
        assertThat(model.decoder().embedding().tied()).isTrue();
        assertThat(model.decoder().attention().headSize()).isEqualTo(256);
        assertThat(model.decoder().attention().logitScale()).isEqualTo(1.0 / 16);
        assertThat(model.decoder().embedding().scale())
                .as("sqrt(1152) in bfloat16")
                .isEqualTo(34);
        assertThat(model.decoder().windows())
                .hasSize(26)
                .startsWith(512, 512, 512, 512, 512, 0, 512)
                .endsWith(512, 0, 512, 512);
        assertThat(model.rope().shape()).isEqualTo(RopeShape.of(256, 1_000_000, 32768));
        assertThat(model.slidingRope().shape()).isEqualTo(RopeShape.of(256, 10_000, 32768));
    }

    @Test
    void gemmasScalingIsForItsGlobalLayersAlone() {
        ModelDescription model = read(GEMMA3, Map.of("rope_scaling", Map.of("rope_type", "linear", "factor", 8.0)));
        assertThat(model.rope().scaling()).isEqualTo(new LinearScaling(8));
        assertThat(model.slidingRope().scaling()).isInstanceOf(NoScaling.class);
    }

    @Test
    void gemmasAttentionScaleComesFromItsScalarAndNotFromItsHeads() {
        assertThat(read(GEMMA3, Map.of("query_pre_attn_scalar", 168))
                        .decoder()
                        .attention()
                        .logitScale())
                .isEqualTo(1 / Math.sqrt(168));
    }

    @ParameterizedTest
    @CsvSource({"F32, 33.941125", "F16, 33.9375", "BF16, 34"})
    void gemmasEmbeddingScaleIsRoundedToTheTypeOfTheEmbedding(SafetensorsType type, float scale) {
        assertThat(read(config(GEMMA3, Map.of()), type).decoder().embedding().scale())
                .isEqualTo(scale);
    }

    @Test
    void readsAQwen2() {
        ModelDescription model = read(QWEN2, Map.of());
        assertThat(model.architecture()).isEqualTo(Architecture.QWEN2);
        assertThat(model.decoder().attention().bias()).isTrue();
        assertThat(model.decoder().norms().queryKey()).isFalse();
        assertThat(model.decoder().attention().headSize()).isEqualTo(64);
        assertThat(model.decoder().windows()).isEqualTo(Collections.nCopies(24, 0));
    }

    @Test
    void readsAQwen3() {
        ModelDescription model = read(QWEN3, Map.of());
        assertThat(model.architecture()).isEqualTo(Architecture.QWEN3);
        assertThat(model.decoder().attention().bias()).isFalse();
        assertThat(model.decoder().norms().queryKey()).isTrue();
        assertThat(model.decoder().norms().post()).isFalse();
        assertThat(model.decoder().attention().headSize()).isEqualTo(128);
        assertThat(model.decoder().attention().heads()
                        * model.decoder().attention().headSize())
                .isEqualTo(2 * model.decoder().width());
    }

    @Test
    void readsAMistral() {
        ModelDescription model = read(MISTRAL, Map.of());
        assertThat(model.architecture()).isEqualTo(Architecture.MISTRAL);
        assertThat(model.decoder().embedding().tied()).isFalse();
        assertThat(model.decoder().windows()).isEqualTo(Collections.nCopies(32, 4096));
        assertThat(model.slidingRope()).isSameAs(model.rope());
    }

    @Test
    void readsScalingsOfBothLayouts() {
        Map<String, Object> llama3 = Map.of(
                "rope_type", "llama3",
                "factor", 32.0,
                "low_freq_factor", 1.0,
                "high_freq_factor", 4.0,
                "original_max_position_embeddings", 4096);
        ModelDescription old = read(LLAMA, Map.of("rope_scaling", llama3));
        assertThat(old.rope().scaling()).isEqualTo(new Llama3Scaling(32, 1, 4));
        assertThat(old.rope().shape()).isEqualTo(RopeShape.of(64, 100_000, 4096));
        Map<String, Object> yarn = Map.of(
                "rope_type", "yarn", "rope_theta", 7000, "factor", 4.0, "original_max_position_embeddings", 2048);
        ModelDescription current =
                read(LLAMA, Map.of("rope_parameters", yarn, "transformers_version", "5.18.0"), "rope_theta");
        assertThat(current.rope().scaling()).isInstanceOf(YarnScaling.class);
        assertThat(current.rope().shape()).isEqualTo(RopeShape.of(64, 7000, 2048));
    }

    @Test
    void absentKeysHaveTheirClassesDefaults() {
        ModelDescription llama =
                read(LLAMA, Map.of(), "num_key_value_heads", "rms_norm_eps", "hidden_act", "tie_word_embeddings");
        assertThat(llama.decoder().attention().keyValueHeads()).isEqualTo(9);
        assertThat(llama.decoder().norms().epsilon()).isEqualTo(1e-6);
        assertThat(llama.decoder().feedForward().kind()).isEqualTo(FeedForwardKind.SWIGLU);
        assertThat(llama.decoder().embedding().tied()).isFalse();
        ModelDescription gemma = read(GEMMA3, Map.of(), "query_pre_attn_scalar", "hidden_activation");
        assertThat(gemma.decoder().attention().logitScale()).isEqualTo(1.0 / 16);
        assertThat(gemma.decoder().feedForward().kind()).isEqualTo(FeedForwardKind.GEGLU);
        assertThat(read(MISTRAL, nullable("num_key_value_heads"))
                        .decoder()
                        .attention()
                        .keyValueHeads())
                .isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"})
    void sizesMustBeGiven(String key) {
        assertThatThrownBy(() -> read(LLAMA, Map.of(), key))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: " + key + " must be given, was absent");
    }

    @Test
    void sizesThatDifferFromClassToClassMustBeGiven() {
        assertThatThrownBy(() -> read(QWEN3, Map.of(), "head_dim"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: head_dim must be given, was absent");
        assertThatThrownBy(() -> read(MISTRAL, Map.of(), "num_key_value_heads"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: num_key_value_heads must be given, was absent");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vocab_size | 0 | must be a whole number from 1 to 16777216, was 0",
                "vocab_size | 1.5 | must be a whole number from 1 to 16777216, was 1.5",
                "hidden_size | 1e300 | must be a whole number from 1 to 16777216, was 1.0E300",
                "hidden_size | \"576\" | must be a number, was '576'",
                "num_hidden_layers | 4097 | must be at most 4096, was 4097",
                "num_key_value_heads | 2 | must divide num_attention_heads (9), was 2",
                "head_dim | 63 | must be even and at least 2, was 63; a rotation turns pairs of dimensions",
                "rms_norm_eps | 0 | must be above 0 and finite, was 0",
                "rms_norm_eps | -1 | must be above 0 and finite, was -1",
                "hidden_act | \"relu\" | must be silu, swish or gelu_pytorch_tanh, was 'relu'",
                "tie_word_embeddings | 1 | must be true or false, was 1",
                "attention_bias | true | must be false, the only kind known, was true",
                "mlp_bias | true | must be false, the only kind known, was true",
                "quantization_config | {\"bits\": 4} | must be null or absent, the only kind known, was {bits=4}",
                "model_type | 7 | must be a string, was 7",
                "architectures | [7] | must be a list of strings, was [7]",
                "architectures | \"x\" | must be a list of strings, was 'x'"
            })
    void valuesOutsideTheirRangeAreRefused(String key, String value, String message) {
        assertThatThrownBy(() -> read(LLAMA, object("{\"" + key + "\": " + value + "}")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: " + key + " " + message);
    }

    @ParameterizedTest
    @CsvSource({"final_logit_softcapping, 30.0", "attn_logit_softcapping, 50.0"})
    void cappedLogitsAreRefused(String key, double cap) {
        assertThatThrownBy(() -> read(GEMMA3, Map.of(key, cap)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: " + key + " must be null or absent, the only kind known, was " + cap);
    }

    @Test
    void settingsThatAClassDoesNotReadAreLeftAlone() {
        assertThat(read(MISTRAL, Map.of("attention_bias", true))
                        .decoder()
                        .attention()
                        .bias())
                .isFalse();
        assertThat(read(LLAMA, Map.of("sliding_window", 128)).decoder().windows())
                .isEqualTo(Collections.nCopies(30, 0));
    }

    @Test
    void unknownModelsAreRefusedByName() {
        assertThatThrownBy(() -> read(LLAMA, Map.of("model_type", "qwen33")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: model_type 'qwen33' is unknown; known: llama, mistral, qwen2, qwen3,"
                        + " gemma3_text; did you mean 'qwen3'?");
        assertThatThrownBy(() -> read(LLAMA, Map.of(), "model_type"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: model_type must be one of llama, mistral, qwen2, qwen3, gemma3_text, was"
                        + " absent");
        assertThatThrownBy(() -> read(LLAMA, Map.of("architectures", List.of("LlamaForSequenceClassification"))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: architectures must be [LlamaForCausalLM] for model_type 'llama', was"
                        + " [LlamaForSequenceClassification]");
        assertThatThrownBy(() -> read(LLAMA, Map.of("model_type", "gemma3")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: model_type must be of a text model, was 'gemma3', which reads pictures too;"
                        + " save its text part by Gemma3ForCausalLM first");
    }

    @Test
    void unknownRopeTypesAreRefusedByName() {
        assertThatThrownBy(() -> read(LLAMA, Map.of("rope_scaling", Map.of("rope_type", "yarm", "factor", 4))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: rope_scaling.rope_type 'yarm' is unknown to transformers 4; known: default,"
                        + " linear, dynamic, yarn, longrope, llama3; did you mean 'yarn'?");
    }

    @Test
    void headsThatRotateInPartAreRefused() {
        assertThatThrownBy(() -> read(
                        LLAMA,
                        Map.of(
                                "partial_rotary_factor",
                                0.5,
                                "rope_scaling",
                                Map.of("rope_type", "linear", "factor", 2))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: partial_rotary_factor must leave the whole head of 64 dimensions rotating,"
                        + " leaves 32");
    }

    @Test
    void rotaryParametersByLayerTypeAreRefusedWhereAClassHasOneEncoding() {
        Map<String, Object> one = Map.of("full_attention", Map.of("rope_type", "default", "rope_theta", 10_000));
        assertThatThrownBy(() -> read(QWEN3, Map.of("rope_parameters", one, "transformers_version", "5.18.0")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageMatching(
                        "config.json: rope_parameters.full_attention must be no object, since model_type 'qwen3'"
                                + " has one encoding for all layers, was \\{.*}");
    }

    private static ModelDescription read(String json, Map<String, ?> changes, String... removed) {
        return read(config(json, changes, removed), SafetensorsType.BF16);
    }

    private static ModelDescription read(ConfigFile config, SafetensorsType embeddingType) {
        HuggingFaceFamily.of(config);
        PositionSettings positions =
                HuggingFacePositions.of(Path.of("here"), config).positions();
        return DescriptionReader.read(config, "here", positions, embeddingType);
    }

    private static ConfigFile config(String json, Map<String, ?> changes, String... removed) {
        Map<String, Object> values = new LinkedHashMap<>(object(json));
        values.putAll(changes);
        for (String key : removed) {
            values.remove(key);
        }
        return new ConfigFile("config.json", values, List.of());
    }

    private static Map<String, Object> nullable(String key) {
        return object("{\"" + key + "\": null}");
    }

    private static Map<String, Object> object(String json) {
        try {
            return new ObjectMapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
