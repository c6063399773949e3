package resonance.model.huggingface;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import resonance.model.ModelFormatException;

/**
 * Which layers see only a window of the text, as each family's configuration says it.
 *
 * <p>{@code layer_types} names every layer's kind; before it existed, Qwen counted the full layers at the bottom
 * ({@code max_window_layers}), and Gemma 3 made every sixth layer a full one ({@code sliding_window_pattern}). Mistral
 * has the window in all layers or in none. Defaults are those of transformers' classes.
 */
final class LayerWindows {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";
    private static final int DEFAULT_WINDOW = 4096;
    private static final int DEFAULT_QWEN_FULL_LAYERS = 28;
    private static final int DEFAULT_GEMMA_PATTERN = 6;

    private final ConfigFile config;
    private final int layers;

    private LayerWindows(ConfigFile config, int layers) {
        this.config = config;
        this.layers = layers;
    }

    /** One window per layer, tokens with the query's own; 0 for a layer that sees everything. */
    static List<Integer> of(ConfigFile config, HuggingFaceFamily family, int layers) {
        LayerWindows windows = new LayerWindows(config, layers);
        return switch (family) {
            case LLAMA -> Collections.nCopies(layers, 0);
            case MISTRAL -> windows.mistral();
            case QWEN2, QWEN3 -> windows.qwen();
            case GEMMA3 -> windows.gemma3();
        };
    }

    private List<Integer> mistral() {
        int window = window();
        List<Integer> windows = Collections.nCopies(layers, window);
        if (config.has("layer_types") && !windows.equals(byLayerTypes(window))) {
            throw config.refusal(
                    "layer_types",
                    "must be absent or agree with sliding_window, which alone counts for model_type 'mistral'");
        }
        return windows;
    }

    private List<Integer> qwen() {
        int window = config.truth("use_sliding_window", false) ? window() : 0;
        if (config.has("layer_types")) {
            return byLayerTypes(window);
        }
        int full = config.contains("max_window_layers") ? fullLayers() : DEFAULT_QWEN_FULL_LAYERS;
        List<Integer> windows = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            windows.add(layer < full ? 0 : window);
        }
        return windows;
    }

    private int fullLayers() {
        double full = config.number("max_window_layers").orElse(-1.0);
        if (!(full >= 0)) {
            throw config.refusal("max_window_layers", "must be at least 0");
        }
        return (int) full;
    }

    private List<Integer> gemma3() {
        int window = window();
        if (config.has("layer_types")) {
            return byLayerTypes(window);
        }
        int pattern = config.size("sliding_window_pattern").orElse(DEFAULT_GEMMA_PATTERN);
        List<Integer> windows = new ArrayList<>();
        for (int layer = 1; layer <= layers; layer++) {
            windows.add(layer % pattern == 0 ? 0 : requireWindow(window));
        }
        return windows;
    }

    private List<Integer> byLayerTypes(int window) {
        List<String> types = config.texts("layer_types").orElse(List.of());
        if (types.size() != layers) {
            throw new ModelFormatException(config.name() + ": layer_types must name num_hidden_layers (" + layers
                    + ") layers, named " + types.size());
        }
        List<Integer> windows = new ArrayList<>();
        for (String type : types) {
            windows.add(
                    switch (type) {
                        case FULL -> 0;
                        case SLIDING -> requireWindow(window);
                        default ->
                            throw new ModelFormatException(config.name() + ": layer_types '" + type
                                    + "' is unknown; known: " + FULL + ", " + SLIDING);
                    });
        }
        return windows;
    }

    /** The window that some layer needs. */
    private int requireWindow(int window) {
        if (window == 0) {
            throw config.refusal("sliding_window", "must be in use for the layers of type " + SLIDING);
        }
        return window;
    }

    /** 0 if it is null; the classes' default if it is absent. */
    private int window() {
        if (config.contains("sliding_window")) {
            return config.size("sliding_window").orElse(0);
        }
        return DEFAULT_WINDOW;
    }
}
