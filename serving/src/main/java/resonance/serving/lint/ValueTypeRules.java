package resonance.serving.lint;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Values of a Hugging Face configuration that are of another JSON type than an engine can compute with. */
final class ValueTypeRules {
    private static final List<String> LENGTHS =
            List.of(LayerReading.MAXIMUM_LENGTH, "head_dim", "hidden_size", "num_attention_heads");
    /** Without a usual value where it is there: null is counted, and fails. */
    private static final String LAYERS = "num_hidden_layers";

    private static final List<String> TOP_LEVEL_NUMBERS =
            List.of(LayerReading.BASE, LayerReading.PARTIAL, "rope_local_base_freq");
    private static final List<String> DICTIONARY_NUMBERS = List.of(
            LayerReading.BASE,
            LayerReading.PARTIAL,
            "factor",
            "attention_factor",
            "beta_fast",
            "beta_slow",
            "mscale",
            "mscale_all_dim",
            "low_freq_factor",
            "high_freq_factor",
            "short_mscale",
            "long_mscale");

    private final JsonValues config;
    private final EngineFindings findings;

    ValueTypeRules(JsonValues config, EngineFindings findings) {
        this.config = config;
        this.findings = findings;
    }

    void check() {
        Engine engine = findings.engine();
        value(config, LayerReading.SCALING, "an object", Map.class::isInstance);
        if (engine != Engine.TRANSFORMERS_4) {
            value(config, LayerReading.PARAMETERS, "an object", Map.class::isInstance);
        }
        boolean strict = engine != Engine.TRANSFORMERS_4;
        LENGTHS.forEach(key -> value(
                config,
                key,
                strict ? "a whole number without a decimal point" : "a whole number",
                strict ? ValueTypeRules::isInteger : ValueTypeRules::isWhole));
        if (config.values().containsKey(LAYERS)) {
            type(config, LAYERS, "a whole number", ValueTypeRules::isWhole);
        }
        value(config, LayerReading.TRAINED_LENGTH, "a whole number", ValueTypeRules::isWhole);
        if (strict) {
            value(config, "attn_temperature_tuning", "true or false", Boolean.class::isInstance);
        }
        TOP_LEVEL_NUMBERS.forEach(key -> value(config, key, "a number", ValueTypeRules::isNumber));
        ConfigLayers.read(engine, config).stream()
                .map(LayerReading::dictionary)
                .distinct()
                .forEach(this::dictionary);
    }

    private void dictionary(JsonValues dictionary) {
        value(dictionary, LayerReading.TRAINED_LENGTH, "a whole number", ValueTypeRules::isWhole);
        DICTIONARY_NUMBERS.forEach(key -> value(dictionary, key, "a number", ValueTypeRules::isNumber));
        List.of("rope_type", "type").forEach(key -> value(dictionary, key, "a string", String.class::isInstance));
        if (dictionary.values().containsKey("truncate")) {
            type(dictionary, "truncate", "true or false", Boolean.class::isInstance);
        }
    }

    /** Null counts as absent. */
    private void value(JsonValues place, String key, String wanted, Predicate<Object> fits) {
        if (place.has(key)) {
            type(place, key, wanted, fits);
        }
    }

    private void type(JsonValues place, String key, String wanted, Predicate<Object> fits) {
        Object value = place.values().get(key);
        if (value == null || !fits.test(value)) {
            findings.about(
                    LintRule.WRONG_TYPE,
                    place.path(key),
                    " must be " + wanted + ", was " + (value == null ? "null" : Shown.value(value))
                            + "; the engine fails on it or takes it for something else",
                    "write " + wanted);
        }
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue());
    }

    /** Classes of transformers 5 check the types of their own fields. */
    private static boolean isInteger(Object value) {
        return value instanceof Integer || value instanceof Long || value instanceof BigInteger;
    }

    private static boolean isWhole(Object value) {
        return isNumber(value) && ((Number) value).doubleValue() == Math.rint(((Number) value).doubleValue());
    }
}
