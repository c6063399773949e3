package resonance.serving.lint;

import java.util.List;
import java.util.Optional;

/** The scaling keys of a GGUF file: which llama.cpp reads, and what they come to together. */
final class GgufScalingRules {
    private static final List<String> TYPES = List.of("none", "linear", "yarn", "longrope");

    private final GgufReading file;
    private final EngineFindings findings;

    GgufScalingRules(GgufReading file, EngineFindings findings) {
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
            findings.about(
                    LintRule.GGUF_UNKNOWN_TYPE,
                    key,
                    " " + Shown.value(type) + " is unknown, and the model fails to load; known: "
                            + String.join(", ", TYPES));
        }
        if (file.factor() == 1) {
            return;
        }
        String factorKey = file.factorKey();
        String value = " = " + Shown.number(file.factor());
        if (type.equals("none")) {
            findings.about(LintRule.FACTOR_WITH_TYPE_NONE, factorKey, value + " is not read with type none");
        }
        if (file.type(key).isEmpty() && factorKey.endsWith("factor")) {
            findings.about(
                    LintRule.FACTOR_WITHOUT_TYPE,
                    factorKey,
                    value + " without " + key + " is taken for a linear scaling",
                    "add " + key);
        }
    }

    private void trainedLength() {
        Optional<Long> trained = file.length("rope.scaling.original_context_length");
        Optional<Long> context = file.length("context_length");
        if (context.isEmpty()) {
            return;
        }
        if (trained.isEmpty() && file.isScaling("yarn") && file.factor() != 1) {
            findings.about(
                    LintRule.YARN_WITHOUT_LENGTH,
                    file.key("rope.scaling.original_context_length"),
                    " is absent or 0; the trained length becomes context_length = " + context.get());
        }
        boolean scaled = !file.isScaling("none") && (file.factor() > 1 || file.isScaling("longrope"));
        if (trained.isPresent() && scaled && context.get() <= trained.get()) {
            findings.about(
                    LintRule.CONTEXT_CAPPED,
                    file.key("context_length"),
                    " = " + context.get() + " is not above the trained length of " + trained.get()
                            + ", and llama-server caps texts to it; newer versions lift it for yarn");
        }
    }

    /** Keys that llama.cpp has names for and reads for other architectures only. */
    private void unread() {
        if (file.isScaling("yarn")) {
            unread("yarn_beta_fast", 32, "32");
            unread("yarn_beta_slow", 1, "1");
            if (file.number(file.key("rope.scaling.yarn_ext_factor")).orElse(0.0) != -1) {
                unread("yarn_ext_factor", 1, "1");
            }
            unread("yarn_log_multiplier", 0, "0");
        }
        unread("yarn_attn_factor", 1, "attn_factor = " + Shown.rounded(file.magnitude()));
        unread("alpha", 0, "none");
    }

    private void unread(String name, double harmless, String used) {
        String key = file.key("rope.scaling." + name);
        file.number(key)
                .filter(value -> value != harmless)
                .ifPresent(value -> findings.about(
                        LintRule.GGUF_UNREAD_KEY,
                        key,
                        " = " + Shown.rounded(value) + " is not read by llama.cpp, which uses " + used));
    }

    private void magnitude() {
        String key = file.key("rope.scaling.attn_factor");
        double own = file.isScaling("yarn") && file.factor() > 1 ? 1 + 0.1 * Math.log(file.factor()) : 1;
        double magnitude = own * file.magnitude();
        if (file.architecture().equals("gemma3") && file.magnitude() != 1) {
            findings.about(
                    LintRule.MAGNITUDE_ON_LOCAL_LAYERS,
                    key,
                    " = " + Shown.rounded(file.magnitude())
                            + " is applied to the layers with a window too, which are not scaled otherwise");
        }
        if (Math.abs(magnitude - 1) > 1e-6) {
            findings.add(
                    LintRule.MAGNITUDE_AND_CONTEXT_SHIFT,
                    own == 1 ? key : file.key("rope.scaling.type"),
                    "the magnitude " + Shown.rounded(magnitude)
                            + " is applied to cached keys again at every context shift and self-extend");
        }
    }
}
