package resonance.rope.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.LinearScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.YarnScaling;

/** Exports of all these classes were loaded by transformers 5.18.0 and gave the frequencies; here they are read back. */
class PortableModelTest {
    private static final int LENGTH = 65_536;

    static Stream<String> classes() {
        return ModelClasses.textTypes().stream()
                .filter(type -> !ModelClasses.find(type).orElseThrow().ownCode())
                .filter(type -> !type.equals("gemma4_text"));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void everyClassReadsItsFrequenciesBack(String type) {
        Map<String, Object> config = model(type);
        config.put("head_dim", 64);
        for (String version : List.of("4.57.6", "5.18.0")) {
            config.put("transformers_version", version);
            RopeReading before = ModelRopeReader.read(config);
            boolean magnitude = !type.equals("llama4_text");
            RopeFrequencies wanted = new Resonance(magnitude ? new YarnScaling(4) : new LinearScaling(4))
                    .frequencies(before.full().shape());
            Map<String, Object> written =
                    PortableModel.of(config, wanted, LENGTH).in(config);
            RopeReading after = ModelRopeReader.read(written);
            assertSame(after.full().frequencies(LENGTH), wanted);
            assertSame(after.full().frequencies(1), wanted);
            assertThat(after.full().maximumLength()).isEqualTo(LENGTH);
            assertThat(after.full().headDimension()).isEqualTo(before.full().headDimension());
            assertThat(after.windows()).isEqualTo(before.windows());
            assertThat(after.notes()).isEqualTo(List.of());
            if (!before.ropes().containsKey(ModelRope.ALL_LAYERS)) {
                assertThat(after.sliding().frequencies(1))
                        .isEqualTo(before.sliding().frequencies(1));
            }
        }
    }

    @Test
    void whatTheClassReadsBesideTheEncodingIsKept() {
        Map<String, Object> vision = model("qwen2_vl_text");
        vision.put("rope_scaling", Map.of("type", "mrope", "mrope_section", List.of(16, 24, 24)));
        assertThat(block(vision))
                .containsEntry("mrope_section", List.of(16, 24, 24))
                .doesNotContainKey("type");
        Map<String, Object> ministral = model("ministral3");
        ministral.put("transformers_version", "5.18.0");
        ministral.put(
                "rope_parameters",
                Map.of(
                        "rope_type",
                        "default",
                        "rope_theta",
                        1e6,
                        "llama_4_scaling_beta",
                        0.1,
                        "max_position_embeddings",
                        8));
        assertThat(block(ministral))
                .containsEntry("llama_4_scaling_beta", 0.1)
                .doesNotContainKey("max_position_embeddings");
        Map<String, Object> deepSeek = model("deepseek_v3");
        deepSeek.put(
                "rope_scaling",
                Map.of("type", "yarn", "factor", 40, "mscale_all_dim", 0.5, "original_max_position_embeddings", 4096));
        assertThat(block(deepSeek))
                .containsEntry("mscale_all_dim", 0.5)
                .containsEntry("factor", 40.0)
                .containsEntry("rope_type", "longrope");
        assertThat(keys(deepSeek)).doesNotContainKey("head_dim");
        Map<String, Object> neox = model("gpt_neox");
        neox.put("rotary_pct", 0.5);
        neox.put("rotary_emb_base", 50_000);
        assertThat(keys(neox))
                .containsEntry("rotary_pct", 0.5)
                .containsEntry("rotary_emb_base", 50_000.0)
                .doesNotContainKeys("rope_theta", "partial_rotary_factor");
    }

    @Test
    void aTextPartGetsItsKeysWhereItReadsThem() {
        Map<String, Object> text = model("gemma3_text");
        text.put("rope_scaling", Map.of("rope_type", "linear", "factor", 8));
        Map<String, Object> config =
                new HashMap<>(Map.of("model_type", "gemma3", "text_config", text, "image_token", 7));
        PortableModel portable = portable(config);
        assertThat(portable.place()).isEqualTo("text_config");
        Map<String, Object> written = portable.in(config);
        assertThat(written)
                .containsEntry("image_token", 7)
                .containsOnlyKeys("model_type", "text_config", "image_token");
        assertThat(ModelRopeReader.read(written).full().maximumLength()).isEqualTo(LENGTH);
        config.put("rope_theta", 10_000);
        config.put("rope_scaling", Map.of("rope_type", "linear", "factor", 8));
        config.put("max_position_embeddings", 8192);
        assertThat(portable(config).in(config))
                .as("strays at the top")
                .containsOnlyKeys("model_type", "text_config", "image_token");
        Map<String, Object> thinker = new HashMap<>(Map.of("text_config", model("qwen3_vl_text"), "rope_theta", 5));
        Map<String, Object> deeper =
                Map.of("model_type", "unheard_of", "thinker_config", thinker, "rope_parameters", Map.of("factor", 4));
        assertThat(portable(deeper).in(deeper))
                .as("strays between")
                .containsOnlyKeys("model_type", "thinker_config")
                .extractingByKey("thinker_config", InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("text_config");
    }

    @Test
    void whatNoEngineReadsForAClassIsRefusedByName() {
        refuses(
                model("kimi_k2"),
                "model_type 'kimi_k2' must have a class of transformers to be given other frequencies, has code of its own,"
                        + " which reads no longrope");
        refuses(
                model("gemma4_text"),
                "model_type 'gemma4_text' must have one size of heads to be given other frequencies, has larger ones in"
                        + " layers that see the whole text, where vLLM reads none but proportional");
        refuses(
                model("llama4_text"),
                "the factor on cosine and sine must be 1 for model_type 'llama4_text', whose class leaves it out, was 1.5;"
                        + " take a scaling without one, or attention-factor 1");
        Map<String, Object> scaled = model("olmo3");
        scaled.put("transformers_version", "5.18.0");
        scaled.put(
                "rope_parameters",
                Map.of("sliding_attention", Map.of("rope_type", "linear", "factor", 2, "rope_theta", 10_000)));
        refuses(
                scaled,
                "sliding_attention must be unscaled, was LinearScaling[factor=2.0]; no engine was found that serves"
                        + " another");
    }

    private static void refuses(Map<String, Object> config, String message) {
        assertThatThrownBy(() -> portable(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Map<String, Object> model(String type) {
        return new HashMap<>(
                Map.of("model_type", type, "num_hidden_layers", 12, "hidden_size", 768, "num_attention_heads", 12));
    }

    private static PortableModel portable(Map<String, Object> config) {
        int pairs = ModelRopeReader.read(config).full().shape().pairs();
        double[] radians = new double[pairs];
        Arrays.fill(radians, 0.25);
        return PortableModel.of(config, RopeFrequencies.of(radians, 1.5), LENGTH);
    }

    private static Map<String, Object> keys(Map<String, Object> config) {
        return portable(config).keys();
    }

    private static Map<String, Object> block(Map<String, Object> config) {
        return new HashMap<>(
                new ConfigValues("", keys(config)).object("rope_scaling").values());
    }

    private static void assertSame(RopeFrequencies given, RopeFrequencies wanted) {
        for (int pair = 0; pair < wanted.pairs(); pair++) {
            double radians = wanted.radiansPerToken(pair);
            assertThat(given.radiansPerToken(pair)).isCloseTo(radians, within(1e-15 * radians));
        }
        assertThat(given.attentionScale()).isEqualTo(wanted.attentionScale());
    }
}
