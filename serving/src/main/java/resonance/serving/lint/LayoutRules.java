package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.BASE;
import static resonance.serving.lint.LayerReading.PARAMETERS;
import static resonance.serving.lint.LayerReading.SCALING;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Where a Hugging Face configuration keeps its settings, and which of two an engine takes. */
final class LayoutRules {
    private static final Set<String> FLAT_KEYS = Set.of(
            "rope_type",
            "rope_factor",
            "factor",
            "scaling_factor",
            "attention_factor",
            "attn_factor",
            "beta_fast",
            "beta_slow",
            "low_freq_factor",
            "high_freq_factor",
            "short_factor",
            "long_factor");

    private final JsonValues config;
    private final Findings findings;

    LayoutRules(JsonValues config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    void check() {
        if (config.object(SCALING).isEmpty()) {
            parametersUnread();
        } else {
            twoDictionaries();
            if (config.values().containsKey(PARAMETERS)
                    && config.object(PARAMETERS).isEmpty()) {
                findings.of(Engine.CONVERTER)
                        .about(
                                LintRule.CONVERSION_TWO_DICTIONARIES,
                                config.path(PARAMETERS),
                                " is there without a key, and " + config.path(SCALING)
                                        + " is not written into the GGUF",
                                "remove it");
            }
        }
        flatKeys();
        for (Engine engine : Engine.CONFIG_READERS) {
            ConfigLayers.read(engine, config).forEach(this::bases);
        }
        Engine.LAYER_TYPE_READERS.forEach(this::undeclaredLayerTypes);
    }

    /** Transformers 4 does not know {@code rope_parameters}. */
    private void parametersUnread() {
        LayerReading old = ConfigLayers.read(Engine.TRANSFORMERS_4, config).get(0);
        for (LayerReading layer : ConfigLayers.read(Engine.TRANSFORMERS_5, config)) {
            JsonValues dictionary = layer.dictionary();
            if (!dictionary.place().startsWith(config.path(PARAMETERS)) || dictionary.isEmpty()) {
                continue;
            }
            Optional<Double> usual =
                    layer.layerType().equals("sliding_attention") ? layer.outerBase() : old.outerBase();
            Optional<Double> meant = dictionary.number(BASE);
            List<String> lost = new ArrayList<>();
            if (meant.isPresent() && !meant.equals(usual)) {
                lost.add("the base becomes " + shownBase(usual) + " in place of " + Shown.number(meant.get()));
            }
            if (!layer.is("default")) {
                lost.add("the scaling '" + layer.type().orElse("") + "' is dropped");
            }
            if (!lost.isEmpty()) {
                findings.of(Engine.TRANSFORMERS_4)
                        .about(
                                LintRule.ROPE_PARAMETERS_UNREAD,
                                dictionary.place(),
                                " is not read: " + String.join(", and ", lost),
                                unreadRemedy(layer));
            }
        }
    }

    private static String unreadRemedy(LayerReading layer) {
        if (!layer.nested()) {
            return "write rope_theta at the top level and the rest as rope_scaling, which both versions read";
        }
        return ConfigLayers.isGemma3(layer.modelType())
                ? "write rope_theta, rope_local_base_freq and rope_scaling (for the global layers) at the top level"
                : "serve with transformers 5";
    }

    /** All read {@code rope_scaling} and leave the other alone. */
    private void twoDictionaries() {
        JsonValues scaling = config.object(SCALING);
        JsonValues parameters = config.object(PARAMETERS);
        JsonValues global = parameters.object("full_attention");
        if (ConfigLayers.isGemma3(config.text("model_type").orElse(""))
                || meaning(scaling).equals(meaning(global))) {
            parameters = global;
        }
        if (parameters.isEmpty() || meaning(scaling).equals(meaning(parameters))) {
            return;
        }
        findings.of(Engine.CONVERTER)
                .add(
                        LintRule.CONVERSION_TWO_DICTIONARIES,
                        parameters.place(),
                        config.path(SCALING) + " and " + parameters.place() + " say different things; "
                                + parameters.place() + " is written into the GGUF, where transformers and vLLM use "
                                + config.path(SCALING));
        for (Engine engine : Engine.CONFIG_READERS) {
            findings.of(engine)
                    .add(
                            LintRule.TWO_DICTIONARIES,
                            parameters.place(),
                            config.path(SCALING) + " and " + parameters.place() + " say different things; "
                                    + config.path(SCALING) + " is used");
        }
    }

    /** Keys of a scaling that stand beside its dictionary, or without one. */
    private void flatKeys() {
        List<String> flat = config.values().entrySet().stream()
                .filter(entry -> entry.getValue() != null && !(entry.getValue() instanceof Map))
                .map(Map.Entry::getKey)
                .filter(key ->
                        FLAT_KEYS.contains(key) || key.startsWith(SCALING + ".") || key.startsWith(SCALING + "_"))
                .sorted()
                .toList();
        if (flat.isEmpty()) {
            return;
        }
        LintRule.FLAT_SCALING_KEYS
                .engines()
                .forEach(engine -> findings.of(engine)
                        .about(
                                LintRule.FLAT_SCALING_KEYS,
                                config.path(flat.get(0)),
                                (flat.size() == 1
                                                ? " is"
                                                : " and " + String.join(", ", flat.subList(1, flat.size())) + " are")
                                        + " not read at the top level"));
    }

    /** A dictionary's keys and values, whatever it calls its type; the base where it has none is the top level's. */
    private Map<String, Object> meaning(JsonValues dictionary) {
        Map<String, Object> meaning = new TreeMap<>();
        dictionary.values().forEach((key, value) -> {
            if (value != null) {
                meaning.put(key.equals("type") ? "rope_type" : key, comparable(value));
            }
        });
        Object base = config.values().get(BASE);
        if (base != null) {
            meaning.putIfAbsent(BASE, comparable(base));
        }
        return meaning;
    }

    private static Object comparable(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        return value instanceof List<?> list
                ? list.stream()
                        .filter(Objects::nonNull)
                        .map(LayoutRules::comparable)
                        .toList()
                : value;
    }

    /** A base inside the dictionary and another outside. */
    private void bases(LayerReading layer) {
        Optional<Double> inside = layer.dictionary().number(BASE);
        String outerKey = layer.layerType().equals("sliding_attention") ? "rope_local_base_freq" : BASE;
        if (inside.isEmpty() || inside.equals(layer.outerBase())) {
            return;
        }
        boolean old = layer.old();
        EngineFindings own = findings.of(layer.engine());
        if (config.has(outerKey)) {
            own.about(
                    LintRule.TWO_BASES,
                    layer.path(BASE),
                    " = " + Shown.number(inside.get()) + " and " + config.path(outerKey)
                            + " = " + shownBase(layer.outerBase()) + " differ; the one "
                            + (old ? "at the top level" : "in the dictionary") + " is used");
        } else if (old) {
            own.about(
                    LintRule.BASE_UNREAD,
                    layer.path(BASE),
                    " = " + Shown.number(inside.get()) + " is not read; the base becomes "
                            + shownBase(layer.outerBase()));
        }
    }

    private static String shownBase(Optional<Double> base) {
        return base.map(Shown::number).orElse("the default of the model's class");
    }

    /** Dictionaries under names that {@code layer_types} lacks. */
    private void undeclaredLayerTypes(Engine engine) {
        if (ConfigLayers.isGemma3(config.text("model_type").orElse(""))) {
            return;
        }
        JsonValues scaling = config.object(SCALING);
        JsonValues dictionary = scaling.isEmpty() ? config.object(PARAMETERS) : scaling;
        dictionary.values().forEach((key, value) -> {
            if (value instanceof Map && !ConfigLayers.isLayerType(config, key)) {
                findings.of(engine)
                        .about(
                                LintRule.LAYER_TYPE_UNDECLARED,
                                dictionary.path(key),
                                " is not read, because layer_types does not name '" + key + "'");
            }
        });
    }
}
