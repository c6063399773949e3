package resonance.rope.huggingface;

import java.util.List;
import java.util.Map;

/**
 * The part of a configuration that is about text, and the class that reads it.
 *
 * @param modelClass what that class takes for granted
 * @param values its settings; the whole configuration, if it is that of a text model
 */
record TextConfig(ModelClass modelClass, ConfigValues values) {
    /** Where multimodal configurations keep their text part. */
    private static final List<String> PLACES =
            List.of("text_config", "llm_config", "language_config", "thinker_config.text_config");

    /**
     * Finds the text part.
     *
     * @throws IllegalArgumentException if the model's type is not given, or has no rotary positions
     * @throws UnknownPositionsException if it is not known
     */
    static TextConfig of(Map<String, ?> config) {
        ConfigValues whole = new ConfigValues("", config);
        String type = whole.text("model_type").orElse("");
        ConfigValues text = textPart(whole);
        boolean textModel = ModelClasses.find(type).isPresent();
        if (!textModel) {
            whole.object(PLACES.get(0));
        }
        if (textModel || text.isEmpty()) {
            String own = ModelClasses.textTypeOf(type).orElse(type);
            return new TextConfig(modelClass(own, whole), whole);
        }
        String textType = text.text("model_type")
                .orElseGet(() -> ModelClasses.textTypeOf(type).orElse(""));
        return new TextConfig(modelClass(ModelClasses.textTypeOf(textType).orElse(textType), text), text);
    }

    /** The object with the text part's settings; an empty one if there is none. */
    static ConfigValues textPart(ConfigValues whole) {
        for (String place : PLACES) {
            ConfigValues part = whole;
            for (String key : place.split("\\.", -1)) {
                part = part.values().get(key) instanceof Map ? part.object(key) : new ConfigValues(key, Map.of());
            }
            if (!part.isEmpty()) {
                return part;
            }
        }
        return new ConfigValues("", Map.of());
    }

    private static ModelClass modelClass(String type, ConfigValues place) {
        if (type.isEmpty()) {
            throw new IllegalArgumentException(
                    place.path("model_type") + " must be given, was absent; it says which" + " class reads the file");
        }
        if (ModelClasses.doesNotRotate(type)) {
            throw new IllegalArgumentException(place.path("model_type")
                    + " must be of a model with rotary positions, was '" + type + "', whose attention has none");
        }
        return ModelClasses.find(type)
                .orElseThrow(() -> new UnknownPositionsException(place.path("model_type") + " '" + type
                        + "' is not known here, and so its position encoding is not either"));
    }
}
