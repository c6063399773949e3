package resonance.serving.lint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Scalings beside a multimodal model's text part, which is what engines read.
 *
 * <p>Executed with every class of transformers 4.57.6 and 5.18.0 that has a {@code text_config}: none takes the outer one where
 * that is there, and most classes of 5.18.0 fail on types that want a length.
 */
final class WrapperRules {
    private static final String NOTHING = "default";

    /** Types for which version 5 wants {@code max_position_embeddings} beside the dictionary. */
    private static final Set<String> WITH_LENGTH = Set.of("yarn", "llama3", "longrope");

    /** Model types of version 5 that leave an outer dictionary alone. */
    private static final Set<String> LEFT_ALONE = Set.of("fuyu", "paddleocr_vl", "qwen2_5_vl", "qwen2_vl");

    /** A model type of version 5 that takes the outer dictionary for its text part. */
    private static final String TAKES_OUTER = "hunyuan_vl";

    private final JsonValues whole;
    private final JsonValues text;
    private final Findings findings;

    WrapperRules(JsonValues whole, JsonValues text, Findings findings) {
        this.whole = whole;
        this.text = text;
        this.findings = findings;
    }

    void check() {
        if (text.place().isEmpty()) {
            return;
        }
        for (String key : List.of(LayerReading.SCALING, LayerReading.PARAMETERS)) {
            JsonValues outer = whole.object(key);
            if (!scales(outer)) {
                continue;
            }
            for (Engine engine : Engine.CONFIG_READERS) {
                outer(findings.of(engine), outer);
            }
        }
    }

    private void outer(EngineFindings own, JsonValues outer) {
        String modelType = whole.text("model_type").orElse("");
        boolean five = own.engine() != Engine.TRANSFORMERS_4;
        if (five && modelType.equals(TAKES_OUTER)) {
            return;
        }
        String type = type(outer);
        boolean length = whole.has(LayerReading.MAXIMUM_LENGTH) && !type.equals("longrope");
        if (five && WITH_LENGTH.contains(type) && !length && !LEFT_ALONE.contains(modelType)) {
            own.about(
                    LintRule.DICTIONARY_REFUSED,
                    outer.place(),
                    " of type '" + type + "' stands beside " + text.place()
                            + ", where the class has no length to go with it; the model fails to load (AttributeError)",
                    "write it into " + text.place());
        } else if (!meaning(outer).equals(meaning(text.object(LayerReading.SCALING)))
                && !meaning(outer).equals(meaning(text.object(LayerReading.PARAMETERS)))) {
            own.about(
                    LintRule.OUTER_SCALING_UNREAD,
                    outer.place(),
                    " of type '" + type + "' is not read beside " + text.place(),
                    "write it into " + text.place());
        }
    }

    private static boolean scales(JsonValues dictionary) {
        String type = type(dictionary);
        return !type.isEmpty() && !type.equals(NOTHING) && !type.equals("mrope");
    }

    private static String type(JsonValues dictionary) {
        return dictionary.text("rope_type").or(() -> dictionary.text("type")).orElse("");
    }

    /** Keys and values, whatever the type's key is called; the base counts elsewhere. */
    private static Map<String, Object> meaning(JsonValues dictionary) {
        Map<String, Object> meaning = new TreeMap<>();
        dictionary.values().forEach((key, value) -> {
            if (value != null && !Set.of("type", LayerReading.BASE).contains(key)) {
                meaning.put(key, value instanceof Number number ? (Object) number.doubleValue() : value);
            }
        });
        meaning.put("rope_type", type(dictionary));
        return meaning;
    }
}
