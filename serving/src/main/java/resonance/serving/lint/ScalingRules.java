package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.PARTIAL;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a scaling comes to in transformers, and in vLLM where it reads the same keys alike. */
final class ScalingRules extends LayerRules {
    /** Model types that rotate whole heads. */
    private static final Set<String> WHOLE_HEAD =
            Set.of("llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe");

    private final boolean old;
    private final boolean vllm;

    ScalingRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
        this.old = layer.old();
        this.vllm = layer.engine() == Engine.VLLM;
    }

    @Override
    void check() {
        partialRotary();
        switch (layer.type().orElse("")) {
            case "yarn" -> {
                trainedLength();
                factorMismatch();
                betas();
                loneMscale();
                nestedTruncate();
            }
            case "llama3" -> trainedLength();
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
        if (factor.isEmpty()
                || ratio.isEmpty()
                || trained.equals(layer.maximumLength())
                || !differ(factor.get(), ratio.get())) {
            return;
        }
        String effect = vllm
                ? ", and max_model_len becomes " + Shown.number(factor.get() * trained.orElseThrow())
                : ", with a warning" + (old ? "; some versions before 4.57 used the ratio" : "");
        findings.about(
                LintRule.FACTOR_MISMATCH,
                layer.path("factor"),
                " = " + Shown.number(factor.get()) + " is not " + MAXIMUM_LENGTH + " / " + TRAINED_LENGTH + " = "
                        + Shown.rounded(ratio.get()) + "; the factor is used" + effect);
    }

    private void betas() {
        Map.of("beta_fast", "32", "beta_slow", "1").forEach((key, usual) -> {
            boolean zero = dictionary.number(key).equals(Optional.of(0.0));
            boolean nothing = dictionary.values().containsKey(key) && !dictionary.has(key);
            if (!vllm && zero) {
                findings.about(LintRule.BETA_ZERO, layer.path(key), " = 0 means the default " + usual);
            }
            if (vllm && (zero || nothing)) {
                findings.about(
                        LintRule.BETA_UNUSABLE,
                        layer.path(key),
                        " = " + (zero ? "0" : "null") + " makes the model fail to load",
                        "remove it for the default " + usual);
            }
        });
    }

    private void loneMscale() {
        List<String> scales = List.of("mscale", "mscale_all_dim");
        List<String> given = scales.stream()
                .filter(key -> dictionary.number(key).orElse(0.0) != 0)
                .toList();
        if (given.size() == 1 && !vllm && !dictionary.has("attention_factor")) {
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
        if (!vllm) {
            findings.add(
                    LintRule.DYNAMIC_STALE_KEYS,
                    layer.path("rope_type"),
                    "the base grows with the text beyond " + MAXIMUM_LENGTH
                            + ", and keys that are cached keep the base that they were rotated with");
        }
    }

    private void partialRotary() {
        double partial = layer.partialRotaryFactor();
        if (vllm || !WHOLE_HEAD.contains(layer.modelType()) || partial >= 1 || layer.is("proportional")) {
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
