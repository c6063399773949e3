package resonance.rope.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerWindowsTest {
    private static final List<String> MIXED =
            List.of("full_attention", "sliding_attention", "sliding_attention", "full_attention");

    @Test
    void mistralHasItsWindowInEveryLayer() {
        assertThat(windows("mistral", Map.of("sliding_window", 9))).containsExactly(9, 9, 9, 9);
        assertThat(windows("mistral", Map.of())).containsExactly(4096, 4096, 4096, 4096);
        Map<String, Object> none = new HashMap<>();
        none.put("sliding_window", null);
        assertThat(windows("mistral", none)).containsExactly(0, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3"})
    void qwenHasWindowsAboveItsFullLayersIfTheyAreInUse(String family) {
        Map<String, Object> unused = Map.of("sliding_window", 9, "max_window_layers", 1);
        assertThat(windows(family, unused)).containsExactly(0, 0, 0, 0);
        Map<String, Object> used = Map.of("sliding_window", 9, "max_window_layers", 1, "use_sliding_window", true);
        assertThat(windows(family, used)).containsExactly(0, 9, 9, 9);
        assertThat(windows(family, Map.of("sliding_window", 9, "use_sliding_window", true)))
                .as("28 full layers unless the file says otherwise")
                .containsExactly(0, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "gemma3_text"})
    void layerTypesComeBeforeOlderKeys(String family) {
        Map<String, Object> config = Map.of(
                "layer_types", MIXED,
                "sliding_window", 9,
                "use_sliding_window", true,
                "max_window_layers", 0,
                "sliding_window_pattern", 2);
        assertThat(windows(family, config)).containsExactly(0, 9, 9, 0);
    }

    @Test
    void gemma3HasAFullLayerAtTheEndOfEachPattern() {
        assertThat(windows("gemma3_text", Map.of("sliding_window", 9, "sliding_window_pattern", 3)))
                .containsExactly(9, 9, 0, 9);
        assertThat(windows("gemma3_text", Map.of("num_hidden_layers", 7)))
                .containsExactly(4096, 4096, 4096, 4096, 4096, 0, 4096);
    }

    @Test
    void layersThatNeedAWindowMustHaveOne() {
        assertThatThrownBy(() -> windows("qwen2", Map.of("layer_types", MIXED, "sliding_window", 9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sliding_window must be in use for the layers of type sliding_attention, was" + " 9");
    }

    @Test
    void layerTypesMustBeKnownAndOnePerLayer() {
        assertThatThrownBy(() -> windows("gemma3_text", Map.of("layer_types", List.of("full_attention"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer_types must name num_hidden_layers (4) layers, named 1");
        List<String> odd = List.of("full_attention", "chunked_attention", "full_attention", "full_attention");
        assertThatThrownBy(() -> windows("gemma3_text", Map.of("layer_types", odd)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "layer_types 'chunked_attention' is unknown; known: full_attention," + " sliding_attention");
    }

    @Test
    void layerTypesOfAClassThatDoesNotReadThemAreANote() {
        Notes notes = new Notes();
        assertThat(read("mistral", Map.of("layer_types", MIXED), notes).windows())
                .containsExactly(4096, 4096, 4096, 4096);
        assertThat(notes.list())
                .containsExactly(
                        "layer_types is not read for model_type 'mistral', all of whose layers have sliding_window");
        Notes none = new Notes();
        List<String> agreeing = Collections.nCopies(4, "sliding_attention");
        assertThat(read("mistral", Map.of("layer_types", agreeing), none).windows())
                .containsExactly(4096, 4096, 4096, 4096);
        assertThat(none.list()).isEmpty();
    }

    @Test
    void layersMayNotRotate() {
        assertThat(read("smollm3", Map.of(), new Notes())).isEqualTo(new LayerWindows(List.of(0, 0, 0), 1));
        assertThat(read("smollm3", Map.of("no_rope_layers", List.of(0, 1, 0, 1)), new Notes()))
                .isEqualTo(new LayerWindows(List.of(0, 0), 2));
        assertThat(read("llama4_text", Map.of("attention_chunk_size", 64), new Notes()))
                .isEqualTo(new LayerWindows(List.of(64, 64, 64), 1));
        assertThat(read("cohere2", Map.of("sliding_window", 9), new Notes()))
                .isEqualTo(new LayerWindows(List.of(9, 9, 9), 1));
        assertThat(read("qwen3_5_text", Map.of(), new Notes())).isEqualTo(new LayerWindows(List.of(0), 3));
        assertThat(read("lfm2", Map.of("full_attn_idxs", List.of(2)), new Notes()))
                .isEqualTo(new LayerWindows(List.of(0), 3));
        assertThat(read(
                        "lfm2",
                        Map.of("layer_types", List.of("conv", "full_attention", "conv", "full_attention")),
                        new Notes()))
                .isEqualTo(new LayerWindows(List.of(0, 0), 2));
    }

    @Test
    void fullLayersMustBeCounted() {
        assertThatThrownBy(() -> windows("qwen3", Map.of("max_window_layers", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max_window_layers must be at least 0, was -1");
    }

    private static List<Integer> windows(String modelType, Map<String, Object> values) {
        return read(modelType, values, new Notes()).windows();
    }

    private static LayerWindows read(String modelType, Map<String, Object> values, Notes notes) {
        Map<String, Object> config = new HashMap<>(Map.of("num_hidden_layers", 4));
        config.putAll(values);
        return LayerWindows.of(
                new ConfigValues("", config), ModelClasses.find(modelType).orElseThrow(), notes);
    }
}
