package resonance.serving.lint;

import java.util.List;
import java.util.Map;

/**
 * What Jlama makes of a configuration: read in its configuration classes (LlamaConfig, GraniteConfig, MistralConfig, MixtralConfig,
 * Qwen2Config, GemmaConfig, Gemma2Config), which build one table from {@code rope_theta} and a factor.
 *
 * <pre>
 *   llama, granite              rope_scaling.factor if rope_scaling.rope_type is "linear", else 1
 *   gemma, gemma2               rope_scaling.factor whatever the type
 *   mistral, mixtral, qwen2     1; without rope_theta nothing rotates
 *   all                         rope_parameters is not read </pre>
 *
 * <p>Where {@code rope_scaling} is read at all it is read as texts by name, whatever its type: a list or an object in it makes loading
 * fail.
 */
final class JlamaRules {
    /** Model types that it loads and that rotate. */
    static final List<String> TYPES = List.of("llama", "mistral", "mixtral", "qwen2", "gemma", "gemma2", "granite");

    private static final List<String> WITHOUT_SCALING = List.of("mistral", "mixtral", "qwen2");
    private static final List<String> ANY_TYPE = List.of("gemma", "gemma2");
    private static final double USUAL_BASE = 10_000;

    private final JsonValues config;
    private final EngineFindings findings;
    private final String modelType;

    JlamaRules(JsonValues config, EngineFindings findings) {
        this.config = config;
        this.findings = findings;
        this.modelType = config.text("model_type").orElse("");
    }

    void check() {
        base();
        JsonValues parameters = config.object(LayerReading.PARAMETERS);
        if (config.object(LayerReading.SCALING).isEmpty() && scales(parameters)) {
            unread(parameters, " is not read: nothing is scaled");
        }
        scaling(config.object(LayerReading.SCALING));
    }

    private void base() {
        if (config.has(LayerReading.BASE)) {
            return;
        }
        JsonValues parameters = config.object(LayerReading.PARAMETERS);
        String inside = parameters.path(LayerReading.BASE);
        if (WITHOUT_SCALING.contains(modelType)) {
            findings.add(
                    LintRule.JAVA_BASE_UNREAD,
                    LayerReading.BASE,
                    "without rope_theta at the top level nothing rotates",
                    "write rope_theta at the top level");
        } else if (parameters.number(LayerReading.BASE).orElse(USUAL_BASE) != USUAL_BASE) {
            findings.add(
                    LintRule.JAVA_BASE_UNREAD,
                    inside,
                    inside + " is not read: the base is 10000",
                    "write rope_theta at the top level");
        }
    }

    private void scaling(JsonValues scaling) {
        if (WITHOUT_SCALING.contains(modelType)) {
            if (scales(scaling)) {
                unread(scaling, " is not read for model_type '" + modelType + "': nothing is scaled");
            }
            return;
        }
        for (Map.Entry<String, Object> entry : scaling.values().entrySet()) {
            if (entry.getValue() instanceof List || entry.getValue() instanceof Map) {
                findings.about(
                        LintRule.JAVA_LIST_REFUSED,
                        scaling.path(entry.getKey()),
                        " is a list or an object, where only texts and numbers can be read: the model fails to load");
                return;
            }
        }
        if (!scales(scaling)) {
            return;
        }
        String type = scaling.text("rope_type").orElse("");
        if (ANY_TYPE.contains(modelType) && !type.equals("linear")) {
            unread(scaling, " is read as linear whatever its type");
        } else if (!type.equals("linear")) {
            unread(
                    scaling,
                    scaling.has("rope_type")
                            ? " of rope_type " + Shown.value(type) + " is not read, linear alone is: nothing is scaled"
                            : " without rope_type is not read: nothing is scaled");
        }
    }

    private void unread(JsonValues scaling, String rest) {
        String place = scaling.place();
        findings.about(LintRule.JAVA_SCALING_UNREAD, place, rest);
    }

    /** Whether a dictionary asks for a scaling at all. */
    private static boolean scales(JsonValues scaling) {
        String type = scaling.text("rope_type").or(() -> scaling.text("type")).orElse("");
        return !scaling.isEmpty() && !type.isEmpty() && !type.equals("default") && !type.equals("none");
    }
}
