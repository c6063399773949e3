package resonance.serving.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where an engine looks for the position settings of each layer type.
 *
 * <p>Transformers 4 looks at {@code rope_scaling} alone; transformers 5, and vLLM on top of it, at that or else at
 * {@code rope_parameters}, which may hold a dictionary per layer type; llama.cpp's converter the other way round. Executed with
 * 4.57.6, 5.18.0 and the converter of 0.5.0.
 */
final class ConfigLayers {
    private static final String ALL_LAYERS = "all";
    private static final String GLOBAL_LAYERS = "full_attention";
    private static final String LOCAL_LAYERS = "sliding_attention";
    private static final String LOCAL_BASE = "rope_local_base_freq";
    private static final double USUAL_BASE = 10_000;

    /** Model types whose class makes up no {@code layer_types}. */
    private static final Set<String> ONE_LAYER_TYPE = Set.of("llama", "mistral", "mixtral");

    private ConfigLayers() {}

    /** The layers of a configuration; one if all share their settings. */
    static List<LayerReading> read(Engine engine, JsonValues config) {
        JsonValues scaling = config.object(LayerReading.SCALING);
        String modelType = config.text("model_type").orElse("");
        Optional<Double> base = config.has(LayerReading.BASE)
                ? config.number(LayerReading.BASE)
                : ModelClass.of(engine, modelType).flatMap(ModelClass::base);
        boolean gemma3 = isGemma3(modelType);
        if (engine == Engine.CONVERTER) {
            return List.of(forConverter(config, scaling, base));
        }
        if (engine == Engine.TRANSFORMERS_4) {
            LayerReading global =
                    new LayerReading(engine, config, gemma3 ? GLOBAL_LAYERS : ALL_LAYERS, scaling, false, base);
            return List.of(global);
        }
        JsonValues parameters = config.object(LayerReading.PARAMETERS);
        if (gemma3) {
            Optional<Double> localBase = config.has(LOCAL_BASE) ? config.number(LOCAL_BASE) : Optional.of(USUAL_BASE);
            JsonValues global = merged(parameters.object(GLOBAL_LAYERS), scaling);
            JsonValues local = parameters.object(LOCAL_LAYERS);
            return List.of(
                    new LayerReading(engine, config, GLOBAL_LAYERS, global, true, base),
                    new LayerReading(engine, config, LOCAL_LAYERS, local, true, localBase));
        }
        JsonValues dictionary = scaling.isEmpty() ? parameters : scaling;
        List<LayerReading> layers = new ArrayList<>();
        for (String layerType : declared(config, dictionary)) {
            layers.add(new LayerReading(engine, config, layerType, dictionary.object(layerType), true, base));
        }
        return layers.isEmpty()
                ? List.of(new LayerReading(engine, config, ALL_LAYERS, dictionary, false, base))
                : layers;
    }

    /** The converter prefers {@code rope_parameters} if that key is there at all, and looks at the global layers alone. */
    private static LayerReading forConverter(JsonValues config, JsonValues scaling, Optional<Double> base) {
        JsonValues parameters = config.object(LayerReading.PARAMETERS);
        JsonValues dictionary = config.values().containsKey(LayerReading.PARAMETERS) ? parameters : scaling;
        JsonValues global = dictionary.object(GLOBAL_LAYERS);
        return new LayerReading(
                Engine.CONVERTER,
                config,
                global.isEmpty() ? ALL_LAYERS : GLOBAL_LAYERS,
                global.isEmpty() ? dictionary : global,
                !global.isEmpty(),
                base);
    }

    static boolean isGemma3(String modelType) {
        return modelType.equals("gemma3_text") || modelType.equals("gemma3");
    }

    /** Keys of a dictionary that hold a dictionary and are layer types of the model. */
    private static List<String> declared(JsonValues config, JsonValues dictionary) {
        return dictionary.values().keySet().stream()
                .filter(key -> dictionary.values().get(key) instanceof Map && isLayerType(config, key))
                .toList();
    }

    /** Whether a model has layers of this type, as far as can be told: many classes make up {@code layer_types}. */
    static boolean isLayerType(JsonValues config, String name) {
        List<String> layerTypes = config.texts("layer_types");
        return layerTypes.isEmpty()
                ? !ONE_LAYER_TYPE.contains(config.text("model_type").orElse(""))
                : layerTypes.contains(name);
    }

    private static JsonValues merged(JsonValues global, JsonValues scaling) {
        if (scaling.isEmpty()) {
            return global;
        }
        Map<String, Object> merged = new LinkedHashMap<>(global.values());
        merged.putAll(scaling.values());
        return new JsonValues(scaling.place(), merged);
    }
}
