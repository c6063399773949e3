package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.BASE;
import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.PARTIAL;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import resonance.rope.Spelling;

/** The keys of one layer type's dictionary: its type, what must be there, what is read, and values of use. */
final class KeyRules extends LayerRules {
    /** Beyond these, more of the same would tell nothing. */
    private static final int MOST_UNREAD_KEYS = 50;

    private static final int LONGEST_WORD = 64;
    private static final Set<String> SAME_TYPE = Set.of("su longrope", "mrope default");

    /** Keys whose value of 1 or true changes nothing. */
    private static final Set<String> NEUTRAL =
            Set.of("attn_factor", "extrapolation_factor", "apply_yarn_scaling", "finetuned");

    KeyRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
    }

    @Override
    void check() {
        typeConflict();
        Optional<String> type = layer.type();
        boolean named = dictionary.has("rope_type") || dictionary.has("type");
        if (type.isEmpty() || (!named && hasScalingKeys())) {
            findings.about(
                    LintRule.TYPE_ABSENT,
                    layer.path("rope_type"),
                    layer.old()
                            ? " is absent, and the model fails to load"
                            : " is absent; the type becomes 'default', and the scaling is dropped");
            return;
        }
        if (!RopeKeys.types(layer.engine()).contains(type.get())) {
            unknownType(type.get());
            return;
        }
        if (RopeKeys.keysAreKnown(type.get())) {
            missing(type.get());
            unread(type.get());
        }
        ranges(type.get());
    }

    private boolean hasScalingKeys() {
        return dictionary.values().entrySet().stream()
                .anyMatch(entry -> !(entry.getValue() instanceof Map)
                        && !Set.of(BASE, PARTIAL).contains(entry.getKey()));
    }

    private void typeConflict() {
        String current = dictionary.text("rope_type").orElse("");
        String older = dictionary.text("type").orElse(current);
        if (current.isEmpty() || current.equals(older) || SAME_TYPE.contains(older + " " + current)) {
            return;
        }
        String effect = layer.engine() == Engine.VLLM
                ? "the model is refused"
                : "'" + layer.type().orElse(current) + "' is used";
        String message = layer.path("rope_type") + " is '" + current + "' and " + layer.path("type") + " is '" + older;
        findings.add(LintRule.TYPE_CONFLICT, layer.path("type"), message + "'; " + effect);
    }

    private void unknownType(String type) {
        List<String> known = RopeKeys.types(layer.engine());
        String key = dictionary.text("rope_type").filter(type::equals).isPresent() ? "rope_type" : "type";
        findings.about(
                LintRule.UNKNOWN_TYPE,
                layer.path(key),
                " " + Shown.value(type) + " is unknown, and the model fails to load; known: " + String.join(", ", known)
                        + nearest(type, known));
    }

    private void missing(String type) {
        for (String key : RopeKeys.required(layer, type)) {
            boolean nullMeansRatio = type.equals("yarn")
                    && layer.engine() == Engine.TRANSFORMERS_5
                    && dictionary.values().containsKey(key);
            if (!dictionary.has(key) && !nullMeansRatio) {
                findings.about(
                        LintRule.MISSING_KEY,
                        layer.path(key),
                        " must be given for rope_type '" + type + "', was absent or null; the model fails to load");
            }
        }
    }

    private void unread(String type) {
        List<String> read = RopeKeys.read(layer.engine(), type);
        dictionary.values().entrySet().stream()
                .filter(entry -> entry.getValue() != null && !(entry.getValue() instanceof Map))
                .filter(entry -> !read.contains(entry.getKey()) && matters(entry.getKey(), entry.getValue()))
                .limit(MOST_UNREAD_KEYS)
                .forEach(entry -> findings.about(
                        LintRule.UNREAD_KEY,
                        layer.path(entry.getKey()),
                        " = " + Shown.value(entry.getValue()) + " is not read for rope_type '" + type + "'"
                                + nearest(entry.getKey(), read)));
    }

    private boolean matters(String key, Object value) {
        Optional<Double> number = dictionary.number(key);
        if (Set.of("short_mscale", "long_mscale").contains(key) && layer.is("longrope")) {
            double magnitude = layer.magnitude().orElse(Double.NaN);
            return !(Math.abs(magnitude - number.orElse(Double.NaN)) <= 1e-6 * Math.abs(number.orElse(0.0)));
        }
        if (key.equals(PARTIAL)) {
            return !number.equals(Optional.of(layer.partialRotaryFactor()));
        }
        return !NEUTRAL.contains(key) || !(value.equals(true) || number.equals(Optional.of(1.0)));
    }

    private void ranges(String type) {
        boolean baseInside = !layer.old() && dictionary.number(BASE).isPresent();
        range(layer.base(), baseInside ? layer.path(BASE) : config.path(BASE), 1);
        range(config.number(MAXIMUM_LENGTH), config.path(MAXIMUM_LENGTH), 0);
        if (type.equals("default")) {
            return;
        }
        for (String key : List.of("factor", TRAINED_LENGTH, "attention_factor", "short_mscale", "long_mscale")) {
            range(dictionary.number(key), layer.path(key), 0);
        }
        Optional<Double> low = dictionary.number("low_freq_factor");
        if (type.equals("llama3") && low.isPresent()) {
            range(low, layer.path("low_freq_factor"), 0);
            range(dictionary.number("high_freq_factor"), layer.path("high_freq_factor"), low.get());
        }
    }

    private void range(Optional<Double> value, String path, double bound) {
        if (value.isPresent() && value.get() <= bound) {
            findings.about(
                    LintRule.OUT_OF_RANGE,
                    path,
                    " must be above " + Shown.number(bound) + ", was " + Shown.number(value.get())
                            + "; the engine fails or computes an encoding of no use");
        }
    }

    private static String nearest(String word, List<String> known) {
        return word.length() > LONGEST_WORD
                ? ""
                : Spelling.nearest(word, known)
                        .map(candidate -> "; did you mean '" + candidate + "'?")
                        .orElse("");
    }
}
