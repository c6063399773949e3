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
import resonance.rope.YarnScaling;

/** The keys of one layer type's dictionary: its type, what must be there, what is read, and values of use. */
final class KeyRules extends LayerRules {
    /** Beyond these, more of the same would tell nothing. */
    private static final int MOST_UNREAD_KEYS = 50;

    private static final int LONGEST_WORD = 64;

    /** As much as a magnitude may be off that somebody wrote with three digits. */
    private static final double ROUNDED_BY_HAND = 1.5e-3;

    /** Heads of a test model may be as small as this, and odd. */
    private static final double SMALL_HEAD = 4;

    /** Model types of transformers 5 whose configuration wants the width to be a multiple of the heads; read. */
    private static final Set<String> DIVISIBLE = Set.of(
            "arcee", "cwm", "deepseek_v2", "gemma2", "gemma3_text", "gemma3n_text", "jais2", "llama", "minicpm3");

    private static final Set<String> SAME_TYPE = Set.of("su longrope", "mrope default");

    /** Model types whose class in transformers 4 checks the dictionary by itself; executed with olmo2, others read. */
    private static final Set<String> TWO_KEYS = Set.of("olmo", "olmo2");

    private static final Set<String> OLDER_NAMES = Set.of("su", "yarn");

    /** Keys whose value of 1 or true changes nothing. */
    private static final Set<String> NEUTRAL = Set.of(
            "attn_factor", "extrapolation_factor", "apply_yarn_scaling", "finetuned", "mscale", "mscale_all_dim");

    /** What is said of a key that only code of the model's own can read. */
    private static final String OWN_CODE_REMEDY = "correct its name, unless code that comes with the model reads it";

    KeyRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
    }

    @Override
    void check() {
        typeConflict();
        Optional<String> type = layer.type();
        boolean named = dictionary.has("rope_type") || dictionary.has("type");
        if (type.isEmpty() && dictionary.isEmpty()) {
            findings.about(
                    LintRule.TYPE_ABSENT,
                    config.path(LayerReading.SCALING),
                    " is an object without keys, and the model fails to load (KeyError)",
                    "remove it, or write null");
            return;
        }
        if (type.isEmpty() || (!named && hasScalingKeys())) {
            String what = dictionary.values().containsKey("rope_type") ? " is null" : " is absent";
            findings.about(
                    LintRule.TYPE_ABSENT,
                    layer.path("rope_type"),
                    type.isEmpty()
                            ? what + ", and the model fails to load"
                            : what + "; the type becomes 'default', and the scaling is dropped");
            return;
        }
        if (layer.isPhi3()) {
            phi3(type.get());
        } else if (layer.old() && TWO_KEYS.contains(layer.modelType())) {
            twoKeys();
        }
        if (!RopeKeys.types(layer.engine(), config).contains(type.get())) {
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

    /** Phi-3's configuration takes no other dictionary than its own: three keys in version 4, two types in version 5. */
    private void phi3(String type) {
        if (dictionary.isEmpty()) {
            return;
        }
        if (layer.old()) {
            boolean three = dictionary.values().size() == 3
                    && dictionary.has("type")
                    && dictionary.has("short_factor")
                    && dictionary.has("long_factor");
            if (!three || !type.equals("longrope")) {
                findings.about(
                        LintRule.DICTIONARY_REFUSED,
                        dictionary.place(),
                        " must have just the keys type ('longrope'), short_factor and long_factor, had "
                                + String.join(", ", dictionary.values().keySet()) + "; the model fails to load",
                        "write these three, and the base and the trained length at the top level");
            }
        } else if (!type.equals("longrope") && !type.equals("default")) {
            findings.about(
                    LintRule.DICTIONARY_REFUSED,
                    dictionary.place(),
                    " must be of type 'longrope' or 'default', was " + Shown.value(type) + "; the model fails to load",
                    "write the frequencies as longrope");
        } else if (!dictionary.has("rope_type")
                && !dictionary.has(TRAINED_LENGTH)
                && dictionary.text("type").filter(OLDER_NAMES::contains).isPresent()) {
            findings.about(
                    LintRule.DICTIONARY_REFUSED,
                    layer.path("type"),
                    " = " + Shown.value(String.valueOf(dictionary.values().get("type")))
                            + " is an older name for which " + TRAINED_LENGTH
                            + " is not taken from the top level; the model fails to load (KeyError)",
                    "write 'longrope'");
        }
    }

    /** These classes of version 4 take nothing but a type and a factor. */
    private void twoKeys() {
        boolean known = dictionary
                .text("type")
                .filter(Set.of("linear", "dynamic")::contains)
                .isPresent();
        if (!dictionary.isEmpty() && (!known || dictionary.values().size() != 2)) {
            findings.about(
                    LintRule.DICTIONARY_REFUSED,
                    dictionary.place(),
                    " must have just the keys type ('linear' or 'dynamic') and factor, had "
                            + String.join(", ", dictionary.values().keySet()) + "; the model fails to load",
                    "serve with transformers 5");
        }
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
        List<String> known = RopeKeys.types(layer.engine(), config);
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
        List<String> read = RopeKeys.read(layer, type);
        boolean ownCode = Coverage.hasOwnCode(config);
        dictionary.values().entrySet().stream()
                .filter(entry -> entry.getValue() != null && !(entry.getValue() instanceof Map))
                .filter(entry -> !read.contains(entry.getKey()) && matters(entry.getKey(), entry.getValue()))
                .filter(entry -> !ownCode || !nearest(entry.getKey(), read).isEmpty())
                .limit(MOST_UNREAD_KEYS)
                .forEach(entry -> findings.about(
                        LintRule.UNREAD_KEY,
                        layer.path(entry.getKey()),
                        " = " + Shown.value(entry.getValue()) + " is not read for rope_type '" + type + "'"
                                + nearest(entry.getKey(), read),
                        unreadRemedy(entry.getKey(), ownCode)));
    }

    /** YaRN's own code multiplies the magnitude by {@code attn_factor}; {@code attention_factor} is all of it. */
    private String unreadRemedy(String key, boolean ownCode) {
        Optional<Double> times = dictionary.number(key);
        Optional<Double> factor = layer.factor();
        if (key.equals("attn_factor") && layer.is("yarn") && times.isPresent() && factor.isPresent()) {
            double whole = times.get() * YarnScaling.magnitude(factor.get(), 1);
            boolean one = Math.abs(whole - 1) < ROUNDED_BY_HAND;
            return "write attention_factor = " + (one ? "1.0" : Shown.rounded(whole))
                    + ": it is the whole magnitude, attn_factor times 1 + 0.1 ln " + Shown.number(factor.get());
        }
        return ownCode ? OWN_CODE_REMEDY : LintRule.UNREAD_KEY.remedy();
    }

    private boolean matters(String key, Object value) {
        Optional<Double> number = dictionary.number(key);
        if (Set.of("short_mscale", "long_mscale").contains(key) && layer.is("longrope")) {
            double magnitude = layer.magnitude().orElse(Double.NaN);
            return !(Math.abs(magnitude - number.orElse(Double.NaN)) <= 1e-6 * Math.abs(number.orElse(0.0)));
        }
        if (key.equals("beta_fast") || key.equals("beta_slow")) {
            return !number.equals(Optional.of(key.equals("beta_fast") ? 32.0 : 1.0));
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
        headSize();
        if (type.equals("default")) {
            return;
        }
        for (String key : List.of("factor", TRAINED_LENGTH, "attention_factor", "short_mscale", "long_mscale")) {
            range(dictionary.number(key), layer.path(key), 0);
        }
        Optional<Double> low = dictionary.number("low_freq_factor");
        if (type.equals("llama3") && low.isPresent()) {
            range(low, layer.path("low_freq_factor"), 0);
            Optional<Double> high = dictionary.number("high_freq_factor");
            if (high.equals(low)) {
                findings.about(
                        LintRule.LLAMA3_BOUNDS_EQUAL,
                        layer.path("high_freq_factor"),
                        " = low_freq_factor = " + Shown.number(low.get())
                                + " leaves no ramp: from one pair to the next the scaling goes from none to all");
            } else {
                range(high, layer.path("high_freq_factor"), low.get());
            }
        }
    }

    /** What transformers 5 refuses: heads of an odd size, and for some classes a width that heads don't divide. */
    private void headSize() {
        Optional<Double> width = config.positive("hidden_size");
        Optional<Double> heads = config.positive("num_attention_heads");
        if (layer.old() || width.isEmpty() || heads.isEmpty()) {
            return;
        }
        if (DIVISIBLE.contains(layer.modelType()) && width.get() % heads.get() != 0) {
            findings.about(
                    LintRule.HEAD_SIZE,
                    config.path("hidden_size"),
                    " = " + Shown.number(width.get()) + " must be a multiple of num_attention_heads = "
                            + Shown.number(heads.get()) + "; the model fails to load");
            return;
        }
        double size = config.positive("head_dim").orElse(Math.floor(width.get() / heads.get()));
        if (size > SMALL_HEAD && size % 2 == 1 && Math.floor(size * layer.partialRotaryFactor()) == size) {
            findings.about(
                    LintRule.HEAD_SIZE,
                    config.path(config.has("head_dim") ? "head_dim" : "hidden_size"),
                    ": heads must have an even size, was " + Shown.number(size) + "; the model fails to load");
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
