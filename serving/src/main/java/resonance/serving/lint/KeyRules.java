package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import resonance.rope.Spelling;

/** The keys of one layer type's dictionary: its type, what must be there, what is read, and values of use. */
final class KeyRules {
    /** Beyond these, more of the same would tell nothing. */
    private static final int MOST_UNREAD_KEYS = 50;

    private static final int LONGEST_WORD = 64;
    private static final Set<String> SAME_TYPE = Set.of("su longrope", "mrope default");

    /** Keys whose value of 1 or true changes nothing. */
    private static final Set<String> NEUTRAL =
            Set.of("attn_factor", "extrapolation_factor", "apply_yarn_scaling", "finetuned");

    private final LayerReading layer;
    private final JsonValues dictionary;
    private final Findings findings;

    KeyRules(LayerReading layer, Findings findings) {
        this.layer = layer;
        this.dictionary = layer.dictionary();
        this.findings = findings;
    }

    void check() {
        typeConflict();
        Optional<String> type = layer.type();
        if (type.isEmpty() || (!namesType() && hasScalingKeys())) {
            typeAbsent();
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

    private boolean namesType() {
        return dictionary.has("rope_type") || dictionary.has("type");
    }

    private boolean hasScalingKeys() {
        return dictionary.values().entrySet().stream()
                .anyMatch(entry -> !(entry.getValue() instanceof Map)
                        && !Set.of(LayerReading.BASE, LayerReading.PARTIAL).contains(entry.getKey()));
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
        add(
                LintRule.TYPE_CONFLICT,
                "type",
                layer.path("rope_type") + " is '" + current + "' and " + layer.path("type") + " is '" + older + "'; "
                        + effect,
                "remove type");
    }

    private void typeAbsent() {
        String effect = layer.engine() == Engine.TRANSFORMERS_4
                ? " is absent, and the model fails to load"
                : " is absent; the type becomes 'default', and the scaling is dropped";
        add(LintRule.TYPE_ABSENT, "rope_type", layer.path("rope_type") + effect, "add rope_type");
    }

    private void unknownType(String type) {
        List<String> known = RopeKeys.types(layer.engine());
        String key = dictionary.text("rope_type").filter(type::equals).isPresent() ? "rope_type" : "type";
        add(
                LintRule.UNKNOWN_TYPE,
                key,
                layer.path(key) + " " + Shown.value(type) + " is unknown, and the model fails to load; known: "
                        + String.join(", ", known) + nearest(type, known),
                "name a type that it knows; any frequencies can be written as longrope");
    }

    private void missing(String type) {
        for (String key : RopeKeys.required(layer, type)) {
            boolean nullMeansRatio = type.equals("yarn")
                    && layer.engine() == Engine.TRANSFORMERS_5
                    && dictionary.values().containsKey(key);
            if (!dictionary.has(key) && !nullMeansRatio) {
                add(
                        LintRule.MISSING_KEY,
                        key,
                        layer.path(key) + " must be given for rope_type '" + type
                                + "', was absent or null; the model fails to load",
                        "add it");
            }
        }
    }

    private void unread(String type) {
        List<String> read = RopeKeys.read(layer.engine(), type);
        dictionary.values().entrySet().stream()
                .filter(entry -> entry.getValue() != null && !(entry.getValue() instanceof Map))
                .filter(entry -> !read.contains(entry.getKey()) && matters(entry.getKey(), entry.getValue()))
                .limit(MOST_UNREAD_KEYS)
                .forEach(entry -> add(
                        LintRule.UNREAD_KEY,
                        entry.getKey(),
                        layer.path(entry.getKey()) + " = " + Shown.value(entry.getValue())
                                + " is not read for rope_type '" + type + "'" + nearest(entry.getKey(), read),
                        "correct its name, or remove it"));
    }

    private boolean matters(String key, Object value) {
        OptionalDouble number = dictionary.number(key);
        if (Set.of("short_mscale", "long_mscale").contains(key) && layer.is("longrope")) {
            return number.isEmpty() || !sameNumber(number.getAsDouble(), layer.magnitude());
        }
        if (key.equals(LayerReading.PARTIAL)) {
            return !number.equals(OptionalDouble.of(layer.partialRotaryFactor()));
        }
        return !NEUTRAL.contains(key) || !(value.equals(true) || number.equals(OptionalDouble.of(1)));
    }

    private static boolean sameNumber(double value, OptionalDouble other) {
        return other.isPresent() && Math.abs(value - other.getAsDouble()) <= 1e-6 * Math.abs(value);
    }

    private void ranges(String type) {
        boolean baseInside = layer.engine() != Engine.TRANSFORMERS_4
                && dictionary.number(LayerReading.BASE).isPresent();
        range(
                layer.base(),
                baseInside ? layer.path(LayerReading.BASE) : layer.config().path(LayerReading.BASE),
                1);
        range(layer.config().number(MAXIMUM_LENGTH), layer.config().path(MAXIMUM_LENGTH), 0);
        if (type.equals("default")) {
            return;
        }
        range(dictionary.number("factor"), layer.path("factor"), 0);
        range(dictionary.number(TRAINED_LENGTH), layer.path(TRAINED_LENGTH), 0);
        range(dictionary.number("attention_factor"), layer.path("attention_factor"), 0);
        range(dictionary.number("short_mscale"), layer.path("short_mscale"), 0);
        range(dictionary.number("long_mscale"), layer.path("long_mscale"), 0);
        OptionalDouble low = dictionary.number("low_freq_factor");
        if (type.equals("llama3") && low.isPresent()) {
            range(low, layer.path("low_freq_factor"), 0);
            range(dictionary.number("high_freq_factor"), layer.path("high_freq_factor"), low.getAsDouble());
        }
    }

    private void range(OptionalDouble value, String path, double bound) {
        if (value.isPresent() && value.getAsDouble() <= bound) {
            findings.add(
                    layer.engine(),
                    LintRule.OUT_OF_RANGE,
                    path,
                    path + " must be above " + Shown.number(bound) + ", was " + Shown.number(value.getAsDouble())
                            + "; the engine fails or computes an encoding of no use",
                    "correct it");
        }
    }

    private static String nearest(String word, List<String> known) {
        return word.length() > LONGEST_WORD
                ? ""
                : Spelling.nearest(word, known)
                        .map(candidate -> "; did you mean '" + candidate + "'?")
                        .orElse("");
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(layer.engine(), rule, layer.path(key), message, remedy);
    }
}
