package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.model.ModelFormatException;

class LayerWindowsTest {
    private static final List<String> MIXED =
            List.of("full_attention", "sliding_attention", "sliding_attention", "full_attention");

    @Test
    void mistralHasItsWindowInEveryLayer() {
        assertThat(windows(HuggingFaceFamily.MISTRAL, Map.of("sliding_window", 9)))
                .containsExactly(9, 9, 9, 9);
        assertThat(windows(HuggingFaceFamily.MISTRAL, Map.of())).containsExactly(4096, 4096, 4096, 4096);
        Map<String, Object> none = new HashMap<>();
        none.put("sliding_window", null);
        assertThat(windows(HuggingFaceFamily.MISTRAL, none)).containsExactly(0, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = HuggingFaceFamily.class,
            names = {"QWEN2", "QWEN3"})
    void qwenHasWindowsAboveItsFullLayersIfTheyAreInUse(HuggingFaceFamily family) {
        Map<String, Object> unused = Map.of("sliding_window", 9, "max_window_layers", 1);
        assertThat(windows(family, unused)).containsExactly(0, 0, 0, 0);
        Map<String, Object> used = Map.of("sliding_window", 9, "max_window_layers", 1, "use_sliding_window", true);
        assertThat(windows(family, used)).containsExactly(0, 9, 9, 9);
        assertThat(windows(family, Map.of("sliding_window", 9, "use_sliding_window", true)))
                .as("28 full layers unless the file says otherwise")
                .containsExactly(0, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = HuggingFaceFamily.class,
            names = {"QWEN2", "QWEN3", "GEMMA3"})
    void layerTypesComeBeforeOlderKeys(HuggingFaceFamily family) {
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
        assertThat(windows(HuggingFaceFamily.GEMMA3, Map.of("sliding_window", 9, "sliding_window_pattern", 3)))
                .containsExactly(9, 9, 0, 9);
        assertThat(LayerWindows.of(new ConfigFile("config.json", Map.of()), HuggingFaceFamily.GEMMA3, 7))
                .containsExactly(4096, 4096, 4096, 4096, 4096, 0, 4096);
    }

    @Test
    void layersThatNeedAWindowMustHaveOne() {
        assertThatThrownBy(() -> windows(HuggingFaceFamily.QWEN2, Map.of("layer_types", MIXED, "sliding_window", 9)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: sliding_window must be in use for the layers of type sliding_attention, was"
                        + " 9");
    }

    @Test
    void layerTypesMustBeKnownAndOnePerLayer() {
        assertThatThrownBy(() -> windows(HuggingFaceFamily.GEMMA3, Map.of("layer_types", List.of("full_attention"))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: layer_types must name num_hidden_layers (4) layers, named 1");
        List<String> odd = List.of("full_attention", "chunked_attention", "full_attention", "full_attention");
        assertThatThrownBy(() -> windows(HuggingFaceFamily.GEMMA3, Map.of("layer_types", odd)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: layer_types 'chunked_attention' is unknown; known: full_attention,"
                        + " sliding_attention");
        assertThatThrownBy(() -> windows(HuggingFaceFamily.MISTRAL, Map.of("layer_types", MIXED)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: layer_types must be absent or agree with sliding_window, which alone counts"
                        + " for model_type 'mistral', was [full_attention, sliding_attention, sliding_attention,"
                        + " full_attention]");
    }

    @Test
    void fullLayersMustBeCounted() {
        assertThatThrownBy(() -> windows(HuggingFaceFamily.QWEN3, Map.of("max_window_layers", -1)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: max_window_layers must be at least 0, was -1");
    }

    private static List<Integer> windows(HuggingFaceFamily family, Map<String, Object> values) {
        return LayerWindows.of(new ConfigFile("config.json", values), family, 4);
    }
}
