package resonance.rope.huggingface;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import resonance.rope.huggingface.ModelClass.LayerRule;

/**
 * Which layers see only a window of the text, and which don't rotate, as each class's configuration says it.
 *
 * <p>{@code layer_types} names every layer's kind; before it existed, Qwen counted the full layers at the bottom
 * ({@code max_window_layers}), and Gemma 3 made every sixth layer a full one ({@code sliding_window_pattern}). Mistral
 * has the window in all layers or in none. Defaults are those of the classes.
 *
 * @param windows one value for each layer that rotates: tokens with the query's own; 0 for a layer that sees everything
 * @param unrotated number of the other layers
 */
record LayerWindows(List<Integer> windows, int unrotated) {
    private static final int MOST_LAYERS = 4096;
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    /** Layers that remember their text in another way than by attending to it. */
    private static final List<String> NO_ATTENTION = List.of("linear_attention", "conv");

    /** @throws IllegalArgumentException if a value can't be, or the layers are not as many as they are said to be */
    static LayerWindows of(ConfigValues config, ModelClass model, Notes notes) {
        Reader reader = new Reader(config, model, notes);
        List<Integer> layers = reader.layers();
        List<Integer> rotating = layers.stream().filter(window -> window >= 0).toList();
        return new LayerWindows(rotating, layers.size() - rotating.size());
    }

    /** A window for every layer, or {@link #UNROTATED}. */
    private static final class Reader {
        private static final int UNROTATED = -1;

        private final ConfigValues config;
        private final ModelClass model;
        private final Notes notes;
        private final int layers;

        private Reader(ConfigValues config, ModelClass model, Notes notes) {
            this.config = config;
            this.model = model;
            this.notes = notes;
            if (config.contains("num_hidden_layers") && !config.has("num_hidden_layers")) {
                throw new IllegalArgumentException(config.path("num_hidden_layers")
                        + " must be a whole number from 1 to " + MOST_LAYERS + ", was null");
            }
            this.layers = config.strictLength("num_hidden_layers", notes).orElse(model.layers());
            if (layers > MOST_LAYERS) {
                throw new IllegalArgumentException(
                        config.path("num_hidden_layers") + " must be at most " + MOST_LAYERS + ", was " + layers);
            }
        }

        private List<Integer> layers() {
            return switch (model.layerRule()) {
                case FULL -> Collections.nCopies(layers, 0);
                case WINDOW -> oneWindow();
                case WINDOW_IN_USE -> Collections.nCopies(layers, windowInUse());
                case NO_ROPE, CHUNKED -> byNoRopeLayers();
                default -> config.has("layer_types") ? byLayerTypes() : byPattern();
            };
        }

        /** Where {@code sliding_window} alone counts. */
        private List<Integer> oneWindow() {
            String type = window() > 0 ? SLIDING : FULL;
            if (config.texts("layer_types").stream().anyMatch(named -> !named.equals(type))) {
                notes.add(config.path("layer_types") + " is not read for model_type '" + model.modelType()
                        + "', all of whose layers have sliding_window");
            }
            return Collections.nCopies(layers, window());
        }

        private List<Integer> byPattern() {
            LayerRule rule = model.layerRule();
            int window = rule == LayerRule.UPPER || rule == LayerRule.LOWER ? windowInUse() : window();
            int bound = rule == LayerRule.UPPER || rule == LayerRule.LOWER ? windowLayers() : 0;
            int period = period();
            List<Integer> windows = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                boolean last = period > 0 && (layer + 1) % period == 0;
                windows.add(
                        switch (rule) {
                            case UPPER -> layer < bound ? 0 : window;
                            case LOWER -> layer < bound && layer % 2 == 0 ? window : 0;
                            case PATTERN, PATTERN_KEY -> last ? 0 : requireWindow(window);
                            case ROPE_IN_WINDOW -> last && window > 0 ? UNROTATED : window;
                            case LINEAR -> last ? 0 : UNROTATED;
                            case CONV -> attends(layer) ? 0 : UNROTATED;
                            default -> window;
                        });
            }
            return windows;
        }

        private List<Integer> byNoRopeLayers() {
            boolean chunked = model.layerRule() == LayerRule.CHUNKED;
            int window = chunked ? size("attention_chunk_size") : 0;
            int interval = config.strictLength("no_rope_layer_interval", notes).orElse(model.period());
            List<Double> given = config.has("no_rope_layers") ? config.requiredNumbers("no_rope_layers") : List.of();
            if (!given.isEmpty() && given.size() != layers) {
                throw count("no_rope_layers", given.size());
            }
            List<Integer> windows = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                boolean rotates = given.isEmpty() ? (layer + 1) % interval != 0 : given.get(layer) != 0;
                windows.add(rotates ? window : UNROTATED);
            }
            return windows;
        }

        private List<Integer> byLayerTypes() {
            List<String> types = config.texts("layer_types");
            if (types.size() != layers) {
                throw count("layer_types", types.size());
            }
            LayerRule rule = model.layerRule();
            boolean upper = rule == LayerRule.UPPER || rule == LayerRule.LOWER;
            int window = upper ? windowInUse() : window();
            boolean unrotatedFull = rule == LayerRule.ROPE_IN_WINDOW && window > 0;
            List<Integer> windows = new ArrayList<>();
            for (String type : types) {
                if (NO_ATTENTION.contains(type)) {
                    windows.add(UNROTATED);
                } else if (type.equals(FULL)) {
                    windows.add(unrotatedFull ? UNROTATED : 0);
                } else if (type.equals(SLIDING)) {
                    windows.add(requireWindow(window));
                } else {
                    throw new IllegalArgumentException(
                            config.path("layer_types") + " '" + type + "' is unknown; known: " + FULL + ", " + SLIDING);
                }
            }
            return windows;
        }

        private IllegalArgumentException count(String key, int named) {
            return new IllegalArgumentException(
                    config.path(key) + " must name num_hidden_layers (" + layers + ") layers, named " + named);
        }

        private boolean attends(int layer) {
            return !config.has("full_attn_idxs")
                    || config.requiredNumbers("full_attn_idxs").contains((double) layer);
        }

        private int period() {
            String key = model.layerRule() == LayerRule.LINEAR ? "full_attention_interval" : "sliding_window_pattern";
            boolean read = model.layerRule() != LayerRule.PATTERN && model.layerRule() != LayerRule.CONV;
            return read ? config.strictLength(key, notes).orElse(model.period()) : model.period();
        }

        private int windowLayers() {
            double layer = config.contains("max_window_layers")
                    ? config.number("max_window_layers").orElse(-1)
                    : model.period();
            if (!(layer >= 0)) {
                throw new IllegalArgumentException(config.path("max_window_layers") + " must be at least 0, was "
                        + config.values().get("max_window_layers"));
            }
            return (int) layer;
        }

        private int windowInUse() {
            return config.truth("use_sliding_window", false, notes) ? window() : 0;
        }

        private int window() {
            return size("sliding_window");
        }

        /** Null stands for none, and only an absent key for the default. */
        private int size(String key) {
            return config.contains(key) ? config.strictLength(key, notes).orElse(0) : model.window();
        }

        /** The window that some layer needs. */
        private int requireWindow(int window) {
            if (window == 0) {
                throw new IllegalArgumentException(config.path("sliding_window")
                        + " must be in use for the layers of type " + SLIDING + ", was "
                        + config.values().get("sliding_window"));
            }
            return window;
        }
    }
}
