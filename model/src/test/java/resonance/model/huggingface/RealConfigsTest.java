package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.model.HostileJson;
import resonance.model.ModelFormatException;
import resonance.model.PositionSettings;
import resonance.model.reading.ModelReader;
import resonance.rope.RopeFrequencies;
import resonance.rope.huggingface.ModelRope;

/**
 * Configurations of real models, and of situations that people met (real-configs), against what transformers computes for them
 * (real_configs.py); those that are refused, by their whole message.
 */
class RealConfigsTest {
    private static final JsonNode GOLDEN = golden();

    /** float32's rounding of the exponent, times ln(base), and of a few operations. */
    private static final double TOLERANCE = 2e-6;

    /** What is refused, and why. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry(
                    "baichuan", "model_type 'baichuan' is not known here, and so its position encoding is not either"),
            Map.entry(
                    "clex_7b",
                    "rope_scaling.type 'clex' is unknown to transformers 4, but the configuration names code of its"
                            + " own (auto_map), which may know it"),
            Map.entry(
                    "i_mistral_small_longrope",
                    "rope_scaling.type 'su' is unknown to transformers 4; known: default, linear, dynamic, yarn,"
                            + " longrope, llama3"),
            Map.entry(
                    "i_vllm6692_llama31_yarn",
                    "rope_scaling.rope_type and rope_scaling.type must agree, were 'llama3' and 'yarn'; versions of"
                            + " transformers differ in which of them they take"),
            Map.entry(
                    "internlm", "model_type 'internlm' is not known here, and so its position encoding is not either"),
            Map.entry("m_L0_string", "rope_scaling.original_max_position_embeddings must be a number, was '32768'"),
            Map.entry("m_attn_neg", "rope_scaling.attention_factor must be a finite number above 0, was -1"),
            Map.entry("m_factor_neg", "rope_scaling.factor must be a finite number above 0, was -4"),
            Map.entry(
                    "m_head_ndiv",
                    "hidden_size must be a multiple of num_attention_heads (32) where there is no head_dim, was 4100"),
            Map.entry(
                    "m_longrope_short",
                    "rope_scaling.short_factor must hold one number per pair that rotates (64), held 48; they would"
                            + " be right for partial_rotary_factor 0.75"),
            Map.entry(
                    "m_oddhead",
                    "hidden_size / num_attention_heads must be even and at least 2, was 33; a rotation turns pairs"
                            + " of dimensions"),
            Map.entry("m_scaling_none_string", "rope_scaling must be an object, was 'null'"),
            Map.entry("m_scaling_number", "rope_scaling must be an object, was 4"),
            Map.entry("m_theta_string", "rope_theta must be a number, was '1e6'"),
            Map.entry("m_type_none", "rope_scaling.rope_type must be given, was null; transformers 4 fails on it"),
            Map.entry(
                    "m_type_ntk",
                    "rope_scaling.type 'ntk' is unknown to transformers 4; known: default, linear, dynamic, yarn,"
                            + " longrope, llama3"),
            Map.entry(
                    "minimax_m1",
                    "model_type 'minimax_m1' is not known here, and so its position encoding is not either"),
            Map.entry(
                    "moss2_2_5b",
                    "model_type 'llava_moss2' is not known here, and so its position encoding is not either"),
            Map.entry("n_inf", "rope_scaling.factor must be a finite number above 0, was Infinity"),
            Map.entry(
                    "n_phi4mini_noPRF",
                    "rope_scaling.short_factor must hold one number per pair that rotates (64), held 48; they would"
                            + " be right for partial_rotary_factor 0.75"),
            Map.entry(
                    "p_nemotron_h",
                    "model_type must be of a model with rotary positions, was 'nemotron_h', whose attention has none"),
            Map.entry("phi_1_5", "model_type 'phi-msft' is not known here, and so its position encoding is not either"),
            Map.entry("qwen", "model_type 'qwen' is not known here, and so its position encoding is not either"));

    static Stream<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString().replace(".json", "")).sorted().toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noCaseIsLeftOut() {
        assertThat(names().toList()).hasSize(110).containsAll(REFUSED.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyFileIsReadAsTransformersReadsItOrRefusedWithTheReason(String name) {
        Path file = folder().resolve(name + ".json");
        String refusal = REFUSED.get(name);
        if (refusal != null) {
            assertThatThrownBy(() -> ModelReader.positions(file))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessage(name + ".json: " + refusal);
            return;
        }
        PositionSettings positions = ModelReader.positions(file).positions();
        JsonNode rope = GOLDEN.get("cases").get(name).get("rope");
        assertThat(rope).as("transformers computes it too").isNotNull();
        if (rope.has("all")) {
            assertThat(positions.sharesOneEncoding()).isTrue();
            assertSame(positions.rope(), rope.get("all"));
        } else {
            assertSame(positions.rope(), rope.get("full_attention"));
            assertSame(positions.slidingRope(), rope.get("sliding_attention"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devstral2",
                "deepseek_v3",
                "gemma3_12b_text",
                "glm45",
                "gpt_oss_20b",
                "hunyuan_hy_mt2_7b",
                "i_omlx_qwen35_yarn",
                "llama3_1_8b",
                "llama4_scout",
                "minicpm4_0_5b",
                "p_phi3_su_longrope",
                "qwen2_vl_7b_issue",
                "redpajama_3b_v1",
                "smollm3_3b"
            })
    void everyChangedValueIsReadOrRefusedInOneLine(String name, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        byte[] whole = Files.readAllBytes(folder().resolve(name + ".json"));
        int read = 0;
        for (String variant : HostileJson.variants(shortened(whole))) {
            Files.writeString(file, variant);
            try {
                PositionSettings positions = ModelReader.positions(file).positions();
                positions.rope().frequencies(1 << 20);
                positions.slidingRope().frequencies(1);
                read++;
            } catch (ModelFormatException refusal) {
                assertThat(refusal.getMessage())
                        .as(variant)
                        .startsWith("config.json: ")
                        .doesNotContain(
                                "\n", "java.", "Exception", "headSize", "betaFast", "attentionFactor", "shortFactor");
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(variant + " must be read or refused, ended in " + failure, failure);
            }
        }
        assertThat(read).isPositive();
    }

    /** Without the lists, whose elements would all be changed one by one; those of longrope keep two. */
    private static byte[] shortened(byte[] config) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = (ObjectNode) json.readTree(config);
        for (ObjectNode object : List.of(root, text(root))) {
            object.remove("layer_types");
            JsonNode scaling = object.get("rope_scaling");
            if (scaling instanceof ObjectNode longRope && longRope.has("short_factor")) {
                object.put("head_dim", 4);
                longRope.set("short_factor", json.readTree("[1.0, 2.0]"));
                longRope.set("long_factor", json.readTree("[1, 3]"));
            }
        }
        return json.writeValueAsBytes(root);
    }

    private static ObjectNode text(ObjectNode root) {
        return root.get("text_config") instanceof ObjectNode text ? text : root;
    }

    private static void assertSame(ModelRope rope, JsonNode golden) {
        RopeFrequencies frequencies = rope.frequencies(rope.shape().trainedLength());
        JsonNode expected = golden.get("inv_freq");
        assertThat(frequencies.pairs()).isEqualTo(expected.size());
        for (int pair = 0; pair < expected.size(); pair++) {
            double value = expected.get(pair).doubleValue();
            assertThat(frequencies.radiansPerToken(pair))
                    .as("pair %d", pair)
                    .isCloseTo(value, within(TOLERANCE * value));
        }
        assertThat(frequencies.attentionScale())
                .isCloseTo(golden.get("attention_scaling").doubleValue(), within(1e-15));
    }

    private static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(RealConfigsTest.class.getResource("/real-configs"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode golden() {
        try (InputStream stream = RealConfigsTest.class.getResourceAsStream("/real-configs-transformers-5.18.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
