package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.PARTIAL;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import resonance.rope.YarnScaling;

/** What a scaling comes to in transformers, and in vLLM where it reads the same keys alike. */
final class ScalingRules extends LayerRules {
    /** Model types that rotate whole heads. */
    private static final Set<String> WHOLE_HEAD =
            Set.of("llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe");

    private static final Set<String> SCALED = Set.of("linear", "dynamic", "yarn", "llama3", "ntk", "proportional");
    private static final double GEMMA3_4B_WIDTH = 2560;
    private static final double GEMMA3_SHORT = 32_768;
    private static final double LLAMA3_VOCABULARY = 128_256;
    private static final double LLAMA3_BASE = 500_000;
    private static final double LLAMA3_MAXIMUM = 131_072;
    private static final double INVERSE_DIGITS = 1e-3;

    private final boolean old;
    private final boolean vllm;

    ScalingRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
        this.old = layer.old();
        this.vllm = layer.hasTableOfVllm();
    }

    @Override
    void check() {
        partialRotary();
        headSize();
        factorBelowOne();
        gemma3();
        llama3();
        switch (layer.type().orElse("")) {
            case "yarn" -> {
                trainedLength();
                factorMismatch();
                betas();
                loneMscale();
                nestedTruncate();
                attentionFactor();
            }
            case "llama3" -> {
                trainedLength();
                notBelowMaximum();
            }
            case "longrope" -> {
                twoTrainedLengths();
                new LongRopeRules(layer, findings).check();
            }
            case "dynamic" -> dynamic();
            default -> {
                // Others have a factor at most, which all read alike.
            }
        }
    }

    private void trainedLength() {
        boolean inside = dictionary.has(TRAINED_LENGTH);
        boolean outside = config.has(TRAINED_LENGTH);
        if (inside && outside) {
            twoTrainedLengths();
            return;
        }
        boolean read = inside || (outside && !old && !layer.nested());
        Optional<Double> maximum = layer.maximumLength();
        if (read || maximum.isEmpty() || (old && layer.is("llama3"))) {
            return;
        }
        String taken = "; the trained length becomes " + MAXIMUM_LENGTH + " = " + Shown.number(maximum.get());
        if (!outside && layer.factor().orElse(1.0) > 1) {
            findings.about(LintRule.TRAINED_LENGTH_ABSENT, layer.path(TRAINED_LENGTH), " is absent" + taken);
        }
        if (outside && old && !config.number(TRAINED_LENGTH).equals(maximum)) {
            findings.about(
                    LintRule.TRAINED_LENGTH_UNREAD,
                    config.path(TRAINED_LENGTH),
                    " at the top level is not read for yarn" + taken,
                    LintRule.TRAINED_LENGTH_ABSENT.remedy());
        }
    }

    private void twoTrainedLengths() {
        Optional<Double> inside = dictionary.number(TRAINED_LENGTH);
        Optional<Double> outside = config.number(TRAINED_LENGTH);
        if (inside.isEmpty() || outside.isEmpty() || inside.equals(outside)) {
            return;
        }
        boolean outsideWins = old ? layer.is("longrope") : !layer.nested();
        findings.about(
                LintRule.TWO_TRAINED_LENGTHS,
                layer.path(TRAINED_LENGTH),
                " = " + Shown.number(inside.get()) + " and " + config.path(TRAINED_LENGTH) + " = "
                        + Shown.number(outside.get()) + " differ; the one "
                        + (outsideWins ? "at the top level" : "in the dictionary") + " is used");
    }

    private void factorMismatch() {
        Optional<Double> factor = layer.factor();
        Optional<Double> trained = layer.trainedLength();
        Optional<Double> ratio = layer.stretch();
        if (factor.isEmpty() || ratio.isEmpty() || !differ(factor.get(), ratio.get())) {
            return;
        }
        boolean server = layer.engine() == Engine.VLLM;
        boolean saysSo = layer.dictionary().has(TRAINED_LENGTH) || config.has(TRAINED_LENGTH);
        // A longer maximum than vLLM's table is a rule of its own.
        if (!saysSo || (server && ratio.get() > factor.get())) {
            return;
        }
        String effect = server
                ? ", and max_model_len stays " + MAXIMUM_LENGTH + " = "
                        + Shown.number(layer.maximumLength().orElseThrow()) + ", below "
                        + Shown.number(factor.get() * trained.orElseThrow())
                : old ? ", with a warning; some versions before 4.57 used the ratio" : "";
        findings.about(
                LintRule.FACTOR_MISMATCH,
                layer.path("factor"),
                " = " + Shown.number(factor.get()) + " is not " + MAXIMUM_LENGTH + " / " + TRAINED_LENGTH + " = "
                        + Shown.rounded(ratio.get()) + "; the factor is used" + effect);
    }

    /** These classes leave the key null where the file has none, and these types multiply by it. */
    private void headSize() {
        boolean multiplied =
                Set.of("yarn", "dynamic", "longrope").contains(layer.type().orElse(""));
        boolean staysNull =
                layer.modelClass().filter(ModelClass::headSizeStaysNull).isPresent();
        if (layer.engine() != Engine.VLLM && multiplied && staysNull && !config.has("head_dim")) {
            findings.about(
                    LintRule.WITHOUT_HEAD_DIM,
                    config.path("head_dim"),
                    " is absent, and model_type '" + layer.modelType()
                            + "' has none of its own; the model fails to load (TypeError)");
        }
    }

    /** A scale, as llama.cpp's options want it, in place of its inverse. */
    private void factorBelowOne() {
        Optional<Double> factor = layer.factor().filter(value -> value < 1);
        if (factor.isPresent() && SCALED.contains(layer.type().orElse(""))) {
            findings.about(
                    LintRule.FACTOR_BELOW_ONE,
                    layer.path("factor"),
                    " = " + Shown.number(factor.get())
                            + " makes texts shorter, not longer: frequencies are divided by it",
                    "write " + Shown.rounded(1 / factor.get()) + " for texts that long times the trained length");
        }
    }

    /** From 4B on, Gemma 3 was trained with its global layers' positions divided by 8. */
    private void gemma3() {
        boolean global = layer.layerType().equals("full_attention");
        Optional<Double> width = config.positive("hidden_size");
        if (ConfigLayers.isGemma3(layer.modelType())
                && global
                && layer.is("default")
                && width.filter(size -> size >= GEMMA3_4B_WIDTH).isPresent()
                && layer.maximumLength().filter(length -> length > GEMMA3_SHORT).isPresent()) {
            findings.about(
                    LintRule.GEMMA3_WITHOUT_FACTOR,
                    dictionary.isEmpty() ? config.path(LayerReading.SCALING) : dictionary.place(),
                    " has no scaling of the global layers; Gemma 3 from 4B on was trained with a linear factor of 8");
        }
    }

    /** Llama 3.1 and later have their own vocabulary, base and maximum, and came with a scaling. */
    private void llama3() {
        boolean shape = layer.modelType().equals("llama")
                && config.number("vocab_size").equals(Optional.of(LLAMA3_VOCABULARY))
                && layer.base().equals(Optional.of(LLAMA3_BASE))
                && layer.maximumLength()
                        .filter(length -> length >= LLAMA3_MAXIMUM)
                        .isPresent();
        if (shape && layer.is("default")) {
            findings.about(
                    LintRule.LLAMA3_WITHOUT_SCALING,
                    config.path(LayerReading.SCALING),
                    " is absent, but base, vocabulary and maximum are those of Llama 3.1 and later, which were trained"
                            + " with a llama3 scaling");
        }
    }

    private void notBelowMaximum() {
        Optional<Double> trained = layer.trainedLength();
        Optional<Double> maximum = layer.maximumLength();
        boolean given = dictionary.has(TRAINED_LENGTH) || config.has(TRAINED_LENGTH);
        if (given && trained.isPresent() && maximum.isPresent() && trained.get() >= maximum.get()) {
            findings.about(
                    LintRule.TRAINED_LENGTH_NOT_BELOW_MAXIMUM,
                    layer.path(TRAINED_LENGTH),
                    " = " + Shown.number(trained.get()) + " must be below " + MAXIMUM_LENGTH + " = "
                            + Shown.number(maximum.get()) + "; the scaling reaches beyond any text that is served");
        }
    }

    /** {@code attention_factor} is the whole magnitude; YaRN's own code multiplies by the inverse to get to 1. */
    private void attentionFactor() {
        Optional<Double> factor = layer.factor();
        Optional<Double> given = dictionary.number("attention_factor");
        if (factor.isEmpty() || given.isEmpty() || factor.get() <= 1) {
            return;
        }
        double inverse = 1 / YarnScaling.magnitude(factor.get(), 1);
        if (Math.abs(given.get() - inverse) < INVERSE_DIGITS) {
            findings.about(
                    LintRule.ATTENTION_FACTOR_INVERSE,
                    layer.path("attention_factor"),
                    " = " + Shown.rounded(given.get()) + " is 1/(1 + 0.1 ln " + Shown.number(factor.get())
                            + "), and becomes the whole magnitude; nothing is multiplied by it");
        }
    }

    private void betas() {
        bounds();
        Map.of("beta_fast", "32", "beta_slow", "1").forEach((key, usual) -> {
            boolean zero = dictionary.number(key).equals(Optional.of(0.0));
            boolean nothing = dictionary.values().containsKey(key) && !dictionary.has(key);
            if (layer.engine() != Engine.VLLM && zero) {
                findings.about(LintRule.BETA_ZERO, layer.path(key), " = 0 means the default " + usual);
            }
            if (vllm && (zero || nothing)) {
                findings.about(
                        LintRule.BETA_UNUSABLE,
                        layer.path(key),
                        " = " + (zero ? "0" : "null") + "; the model fails to load",
                        "remove it for the default " + usual);
            }
        });
    }

    /** The bounds as the engine takes them. */
    private void bounds() {
        double fast =
                dictionary.number("beta_fast").filter(beta -> vllm || beta != 0).orElse(32.0);
        double slow =
                dictionary.number("beta_slow").filter(beta -> vllm || beta != 0).orElse(1.0);
        boolean given = dictionary.has("beta_fast") || dictionary.has("beta_slow");
        String both = " = " + Shown.number(fast) + " and beta_slow = " + Shown.number(slow);
        if (given && fast > 0 && fast < slow) {
            findings.about(
                    LintRule.BETAS_SWAPPED,
                    layer.path("beta_fast"),
                    both + " are the wrong way round: fast pairs are interpolated and slow ones are not");
        } else if (given && fast == slow) {
            findings.about(
                    LintRule.BETAS_EQUAL,
                    layer.path("beta_fast"),
                    both + " leave no ramp: from one pair to the next the scaling goes from none to all");
        }
    }

    private void loneMscale() {
        List<String> scales = List.of("mscale", "mscale_all_dim");
        List<String> given = scales.stream()
                .filter(key -> dictionary.number(key).orElse(0.0) != 0)
                .toList();
        boolean together =
                !vllm || VllmClass.of(config).filter(VllmClass.GENERAL::equals).isPresent();
        if (given.size() == 1 && together && !dictionary.has("attention_factor")) {
            String lone = given.get(0);
            String other = scales.get(1 - scales.indexOf(lone));
            findings.about(
                    LintRule.LONE_MSCALE,
                    layer.path(lone),
                    " is read only together with " + other + "; the magnitude becomes "
                            + layer.magnitude().map(Shown::rounded).orElse("that of the factor alone"));
        }
    }

    private void nestedTruncate() {
        if (layer.engine() == Engine.TRANSFORMERS_5 && layer.nested() && dictionary.is("truncate", false)) {
            findings.about(
                    LintRule.NESTED_TRUNCATE,
                    layer.path("truncate"),
                    " = false is not read where layer types have settings of their own; the ramp's bounds are rounded");
        }
    }

    private void dynamic() {
        if (dictionary.has(TRAINED_LENGTH)) {
            findings.about(
                    LintRule.DYNAMIC_LENGTH_UNREAD,
                    layer.path(TRAINED_LENGTH),
                    " is not read for rope_type 'dynamic'; the scaling begins at " + MAXIMUM_LENGTH);
        }
        if (layer.engine() != Engine.VLLM && !layer.readsAlpha()) {
            findings.add(
                    LintRule.DYNAMIC_STALE_KEYS,
                    layer.path("rope_type"),
                    "the base grows with the text beyond " + MAXIMUM_LENGTH
                            + ", and keys that are cached keep the base that they were rotated with");
        }
    }

    private void partialRotary() {
        double partial = layer.partialRotaryFactor();
        if (layer.engine() == Engine.VLLM
                || !WHOLE_HEAD.contains(layer.modelType())
                || partial >= 1
                || layer.is("proportional")) {
            return;
        }
        boolean inside = !old && dictionary.has(PARTIAL);
        findings.about(
                LintRule.PARTIAL_ROTARY,
                inside ? layer.path(PARTIAL) : config.path(PARTIAL),
                " = " + Shown.number(partial)
                        + (!old && layer.is("default")
                                ? " is not read for '" + layer.modelType() + "'; whole heads rotate"
                                : " makes '" + layer.modelType() + "' fail at its first text"));
    }
}
