package resonance.serving.lint;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The scaling keys of a GGUF file: which llama.cpp reads, and what they come to together. */
final class GgufScalingRules {
    private static final List<String> TYPES = List.of("none", "linear", "yarn", "longrope");
    private static final String REMOVE = "remove it; 'resonance export' writes any encoding in a way that is read";

    private final GgufReading file;
    private final Findings findings;

    GgufScalingRules(GgufReading file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        scalingType();
        trainedLength();
        if (file.isKnown()) {
            unread();
        }
        magnitude();
    }

    private void scalingType() {
        String key = file.key("rope.scaling.type");
        String type = file.scalingType().orElse("");
        if (!type.isEmpty() && !TYPES.contains(type)) {
            add(
                    LintRule.GGUF_UNKNOWN_TYPE,
                    key,
                    key + " " + Shown.value(type) + " is unknown, and the model fails to load; known: "
                            + String.join(", ", TYPES),
                    "write any other encoding with 'resonance export'");
        }
        String factorKey = file.factorKey();
        if (file.factor() != 1 && type.equals("none")) {
            add(
                    LintRule.FACTOR_WITH_TYPE_NONE,
                    factorKey,
                    factorKey + " = " + Shown.number(file.factor()) + " is not read with type none",
                    "remove it, or name the type that is meant");
        }
        if (file.factor() != 1 && file.type(key).isEmpty() && factorKey.endsWith("factor")) {
            add(
                    LintRule.FACTOR_WITHOUT_TYPE,
                    factorKey,
                    factorKey + " = " + Shown.number(file.factor()) + " without " + key
                            + " is taken for a linear scaling",
                    "add " + key);
        }
    }

    private void trainedLength() {
        String key = file.key("rope.scaling.original_context_length");
        OptionalLong trained = file.length("rope.scaling.original_context_length");
        OptionalLong context = file.length("context_length");
        if (context.isEmpty()) {
            return;
        }
        if (trained.isEmpty() && file.isScaling("yarn") && file.factor() != 1) {
            add(
                    LintRule.YARN_WITHOUT_LENGTH,
                    key,
                    key + " is absent or 0; the trained length becomes context_length = " + context.getAsLong(),
                    "add it as u32");
        }
        boolean scaled = !file.isScaling("none") && (file.factor() > 1 || file.isScaling("longrope"));
        if (trained.isPresent() && scaled && context.getAsLong() <= trained.getAsLong()) {
            add(
                    LintRule.CONTEXT_CAPPED,
                    file.key("context_length"),
                    file.key("context_length") + " = " + context.getAsLong()
                            + " is not above the trained length of " + trained.getAsLong()
                            + ", and llama-server caps texts to it; newer versions lift it for yarn",
                    "raise it to the longest text to be served");
        }
    }

    /** Keys that llama.cpp has names for and reads for other architectures only. */
    private void unread() {
        boolean yarn = file.isScaling("yarn");
        unread("yarn_beta_fast", yarn, 32, "32");
        unread("yarn_beta_slow", yarn, 1, "1");
        unread("yarn_ext_factor", yarn, 1, "1");
        unread("yarn_log_multiplier", yarn, 0, "0");
        unread("yarn_attn_factor", true, 1, "attn_factor = " + Shown.rounded(file.magnitude()));
        unread("alpha", true, 0, "none");
    }

    private void unread(String name, boolean matters, double harmless, String used) {
        String key = file.key("rope.scaling." + name);
        OptionalDouble value = file.number(key);
        boolean automatic = name.equals("yarn_ext_factor") && value.orElse(0) == -1;
        if (matters && value.isPresent() && value.getAsDouble() != harmless && !automatic) {
            add(
                    LintRule.GGUF_UNREAD_KEY,
                    key,
                    key + " = " + Shown.rounded(value.getAsDouble()) + " is not read by llama.cpp, which uses " + used,
                    REMOVE);
        }
    }

    private void magnitude() {
        String key = file.key("rope.scaling.attn_factor");
        double own = file.isScaling("yarn") && file.factor() > 1 ? 1 + 0.1 * Math.log(file.factor()) : 1;
        double magnitude = own * file.magnitude();
        if (file.architecture().equals("gemma3") && file.magnitude() != 1) {
            add(
                    LintRule.MAGNITUDE_ON_LOCAL_LAYERS,
                    key,
                    key + " = " + Shown.rounded(file.magnitude())
                            + " is applied to the layers with a window too, which are not scaled otherwise",
                    "leave it out; stock llama.cpp has no key for the global layers alone");
        }
        if (Math.abs(magnitude - 1) > 1e-6) {
            add(
                    LintRule.MAGNITUDE_AND_CONTEXT_SHIFT,
                    own == 1 ? key : file.key("rope.scaling.type"),
                    "the magnitude " + Shown.rounded(magnitude)
                            + " is applied to cached keys again at every context shift and self-extend",
                    "serve without --context-shift, the default of newer versions");
        }
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(Engine.LLAMA_CPP, rule, key, message, remedy);
    }
}
