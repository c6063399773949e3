package resonance.serving.lint;

import java.util.List;
import java.util.Optional;
import resonance.rope.gguf.GgufKeys;

/** The scaling keys of a GGUF file: which llama.cpp reads, and what they come to together. */
final class GgufScalingRules {
    private static final List<String> TYPES = List.of("none", "linear", "yarn", "longrope");

    private static final long GEMMA3_SHORT = 32_768;
    private static final long GEMMA3_4B_WIDTH = 2560;
    private static final double LLAMA3_BASE = 500_000;
    private static final long LLAMA3_MAXIMUM = 131_072;
    private static final long LLAMA3_VOCABULARY = 128_256;

    private final GgufReading file;
    private final EngineFindings findings;

    GgufScalingRules(GgufReading file, EngineFindings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        scalingType();
        trainedLength();
        unread();
        bounds();
        magnitude();
        shapes();
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
        if (type.equals("yarn") && file.factor() == 1) {
            findings.about(
                    LintRule.YARN_WITHOUT_FACTOR,
                    file.factorKey(),
                    (file.type(file.factorKey()).isEmpty() ? " is absent" : " is 1 or 0") + "; nothing is scaled");
        }
        if (file.factor() == 1) {
            return;
        }
        if (file.factor() > 0 && file.factor() < 1 && !type.equals("none")) {
            findings.about(
                    LintRule.FACTOR_BELOW_ONE,
                    file.factorKey(),
                    " = " + Shown.rounded(file.factor())
                            + " makes texts shorter, not longer: frequencies are divided by it",
                    "write " + Shown.rounded(1 / file.factor()) + " for texts that long times the trained length");
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
        if (trained.isEmpty()) {
            return;
        }
        boolean longRope = file.isScaling("longrope");
        double meant = longRope && file.factor() <= 1 ? trained.get() + 1.0 : Math.floor(trained.get() * file.factor());
        boolean scaled = !file.isScaling("none") && (file.factor() > 1 || longRope);
        if (scaled && context.get() < meant) {
            findings.about(
                    LintRule.CONTEXT_CAPPED,
                    file.key("context_length"),
                    " = " + context.get() + ", and llama-server caps texts to it; the scaling is for "
                            + (longRope && file.factor() <= 1 ? "more than " + trained.get() : Shown.number(meant))
                            + " tokens");
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
        if (!file.architecture().startsWith("hunyuan")) {
            unread("alpha", 0, "none");
        }
    }

    /** YaRN's keys where the architecture reads them. */
    private void bounds() {
        if (!file.isScaling("yarn")) {
            return;
        }
        LlamaCppArchitecture kind = file.kind();
        double fast =
                kind.readsKey("yarn_beta_fast") ? scaling("yarn_beta_fast").orElse(32.0) : 32;
        double slow =
                kind.readsKey("yarn_beta_slow") ? scaling("yarn_beta_slow").orElse(1.0) : 1;
        if (fast < slow) {
            findings.about(
                    LintRule.BETAS_SWAPPED,
                    file.key("rope.scaling.yarn_beta_fast"),
                    " = " + Shown.rounded(fast) + " and yarn_beta_slow = " + Shown.rounded(slow)
                            + " are the wrong way round: fast pairs are interpolated and slow ones are not");
        }
        scaling("yarn_ext_factor")
                .filter(value -> value > 1 && kind.readsKey("yarn_ext_factor"))
                .ifPresent(value -> findings.about(
                        LintRule.GGUF_OUT_OF_RANGE,
                        file.key("rope.scaling.yarn_ext_factor"),
                        " must be at most 1, was " + Shown.rounded(value) + "; the encoding is of no use"));
    }

    private Optional<Double> scaling(String name) {
        return file.number(file.key("rope.scaling." + name));
    }

    /** Models that are known by their shape, and came with a scaling that the file lacks. */
    private void shapes() {
        boolean unscaled =
                file.factor() == 1 && file.tensor(GgufKeys.DIVISORS).isEmpty() && !file.isScaling("longrope");
        long context = file.length("context_length").orElse(0L);
        long width = file.length("embedding_length").orElse(0L);
        if (unscaled && file.architecture().equals("gemma3") && context > GEMMA3_SHORT && width >= GEMMA3_4B_WIDTH) {
            findings.about(
                    LintRule.GEMMA3_WITHOUT_FACTOR,
                    file.factorKey(),
                    " is absent; Gemma 3 from 4B on was trained with a linear factor of 8",
                    "convert the model anew, or add type linear and factor 8");
        }
        boolean vocabulary = file.length("vocab_size")
                .filter(size -> size != LLAMA3_VOCABULARY)
                .isEmpty();
        if (unscaled
                && file.architecture().equals("llama")
                && file.number(file.key("rope.freq_base"))
                        .filter(base -> base == LLAMA3_BASE)
                        .isPresent()
                && context >= LLAMA3_MAXIMUM
                && vocabulary) {
            findings.about(
                    LintRule.LLAMA3_WITHOUT_SCALING,
                    GgufKeys.DIVISORS,
                    " is absent, but base and context are those of Llama 3.1 and later, which were trained with a llama3"
                            + " scaling",
                    "convert the model anew from its Hugging Face folder");
        }
    }

    private void unread(String name, double harmless, String used) {
        if (file.kind().readsKey(name)) {
            return;
        }
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
        // Architectures with a multiplier of the logarithm come to another magnitude.
        if (Math.abs(magnitude - 1) > 1e-6 && !file.kind().readsKey("yarn_log_multiplier")) {
            findings.add(
                    LintRule.MAGNITUDE_AND_CONTEXT_SHIFT,
                    own == 1 ? key : file.key("rope.scaling.type"),
                    "the magnitude " + Shown.rounded(magnitude)
                            + " is applied to cached keys again at every context shift and self-extend");
        }
    }
}
