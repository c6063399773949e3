package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What a scaling comes to in transformers, and in vLLM where it reads the same keys alike. */
final class ScalingRules {
    private static final String ADD_LENGTH =
            "write the trained length as original_max_position_embeddings into the" + " dictionary";

    /** Model types that rotate whole heads. */
    private static final Set<String> WHOLE_HEAD =
            Set.of("llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe");

    private final LayerReading layer;
    private final JsonValues dictionary;
    private final boolean old;
    private final Findings findings;

    ScalingRules(LayerReading layer, Findings findings) {
        this.layer = layer;
        this.dictionary = layer.dictionary();
        this.old = layer.engine() == Engine.TRANSFORMERS_4;
        this.findings = findings;
    }

    void check() {
        partialRotary();
        switch (layer.type().orElse("")) {
            case "yarn" -> {
                trainedLength();
                factorMismatch();
                yarnNumbers();
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
        boolean outside = layer.config().has(TRAINED_LENGTH);
        if (inside && outside) {
            twoTrainedLengths();
            return;
        }
        boolean read = inside || (outside && !old && !layer.nested());
        OptionalDouble maximum = layer.maximumLength();
        if (read || maximum.isEmpty() || (old && layer.is("llama3"))) {
            return;
        }
        String taken = "the trained length becomes " + MAXIMUM_LENGTH + " = " + Shown.number(maximum.getAsDouble());
        if (outside) {
            if (old && !layer.config().number(TRAINED_LENGTH).equals(maximum)) {
                add(
                        LintRule.TRAINED_LENGTH_UNREAD,
                        layer.config().path(TRAINED_LENGTH),
                        layer.config().path(TRAINED_LENGTH) + " at the top level is not read for yarn; " + taken,
                        ADD_LENGTH);
            }
        } else if (layer.factor().orElse(1) > 1) {
            add(
                    LintRule.TRAINED_LENGTH_ABSENT,
                    layer.path(TRAINED_LENGTH),
                    layer.path(TRAINED_LENGTH) + " is absent; " + taken,
                    ADD_LENGTH);
        }
    }

    private void twoTrainedLengths() {
        OptionalDouble inside = dictionary.number(TRAINED_LENGTH);
        OptionalDouble outside = layer.config().number(TRAINED_LENGTH);
        if (inside.isEmpty() || outside.isEmpty() || inside.equals(outside)) {
            return;
        }
        boolean outsideWins = old ? layer.is("longrope") : !layer.nested();
        add(
                LintRule.TWO_TRAINED_LENGTHS,
                layer.path(TRAINED_LENGTH),
                layer.path(TRAINED_LENGTH) + " = " + Shown.number(inside.getAsDouble()) + " and "
                        + layer.config().path(TRAINED_LENGTH) + " = " + Shown.number(outside.getAsDouble())
                        + " differ; the one " + (outsideWins ? "at the top level" : "in the dictionary") + " is used",
                "keep the one in the dictionary");
    }

    private void factorMismatch() {
        OptionalDouble factor = layer.factor();
        OptionalDouble trained = layer.trainedLength();
        OptionalDouble maximum = layer.maximumLength();
        if (factor.isEmpty() || trained.isEmpty() || maximum.isEmpty() || maximum.equals(trained)) {
            return;
        }
        double ratio = maximum.getAsDouble() / trained.getAsDouble();
        if (Math.abs(ratio - factor.getAsDouble()) <= 1e-6 * ratio) {
            return;
        }
        String effect = layer.engine() == Engine.VLLM
                ? "the factor is used, and max_model_len becomes "
                        + Shown.number(factor.getAsDouble() * trained.getAsDouble())
                : "the factor is used, with a warning" + (old ? "; some versions before 4.57 used the ratio" : "");
        add(
                LintRule.FACTOR_MISMATCH,
                layer.path("factor"),
                layer.path("factor") + " = " + Shown.number(factor.getAsDouble()) + " is not " + MAXIMUM_LENGTH + " / "
                        + TRAINED_LENGTH + " = " + Shown.rounded(ratio) + "; " + effect,
                "set max_position_embeddings to factor times the trained length");
    }

    private void yarnNumbers() {
        for (String key : List.of("beta_fast", "beta_slow")) {
            boolean zero = dictionary.number(key).equals(OptionalDouble.of(0));
            String used = key.equals("beta_fast") ? "32" : "1";
            if (layer.engine() != Engine.VLLM && zero) {
                add(
                        LintRule.BETA_ZERO,
                        layer.path(key),
                        layer.path(key) + " = 0 means the default " + used,
                        "write the default, or the small number that is meant");
            }
            boolean nothing = dictionary.values().containsKey(key) && !dictionary.has(key);
            if (layer.engine() == Engine.VLLM && (zero || nothing)) {
                add(
                        LintRule.BETA_UNUSABLE,
                        layer.path(key),
                        layer.path(key) + " = " + (zero ? "0" : "null") + " makes the model fail to load",
                        "remove it for the default " + used);
            }
        }
        boolean scale = dictionary.number("mscale").orElse(0) != 0;
        boolean divisor = dictionary.number("mscale_all_dim").orElse(0) != 0;
        Optional<String> lone = scale == divisor ? Optional.empty() : Optional.of(scale ? "mscale" : "mscale_all_dim");
        if (lone.isPresent() && layer.engine() != Engine.VLLM && !dictionary.has("attention_factor")) {
            add(
                    LintRule.LONE_MSCALE,
                    layer.path(lone.get()),
                    layer.path(lone.get()) + " is read only together with "
                            + (scale ? "mscale_all_dim" : "mscale")
                            + "; the magnitude becomes " + shownMagnitude(),
                    "write the magnitude as attention_factor");
        }
        if (layer.engine() == Engine.TRANSFORMERS_5 && layer.nested() && dictionary.is("truncate", false)) {
            add(
                    LintRule.NESTED_TRUNCATE,
                    layer.path("truncate"),
                    layer.path("truncate")
                            + " = false is not read where layer types have settings of their own; the ramp's bounds are"
                            + " rounded",
                    "write the frequencies as longrope");
        }
    }

    private String shownMagnitude() {
        OptionalDouble magnitude = layer.magnitude();
        return magnitude.isPresent() ? Shown.rounded(magnitude.getAsDouble()) : "that of the factor alone";
    }

    private void dynamic() {
        if (dictionary.has(TRAINED_LENGTH)) {
            add(
                    LintRule.DYNAMIC_LENGTH_UNREAD,
                    layer.path(TRAINED_LENGTH),
                    layer.path(TRAINED_LENGTH) + " is not read for rope_type 'dynamic'; the scaling begins at "
                            + MAXIMUM_LENGTH,
                    "remove it, and write the trained length as max_position_embeddings");
        }
        if (layer.engine() != Engine.VLLM) {
            add(
                    LintRule.DYNAMIC_STALE_KEYS,
                    layer.path("rope_type"),
                    "the base grows with the text beyond " + MAXIMUM_LENGTH
                            + ", and keys that are cached keep the base that they were rotated with",
                    "choose a static scaling such as yarn for generation with a cache");
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
        boolean inside = !old && dictionary.has(LayerReading.PARTIAL);
        String key = inside ? layer.path(LayerReading.PARTIAL) : layer.config().path(LayerReading.PARTIAL);
        add(
                LintRule.PARTIAL_ROTARY,
                key,
                key + " = " + Shown.number(partial)
                        + (!old && layer.is("default")
                                ? " is not read for '" + layer.modelType() + "'; whole heads rotate"
                                : " makes '" + layer.modelType() + "' fail at its first text"),
                "remove it; pairs that shall not rotate can be written as longrope with a divisor of 1e30");
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(layer.engine(), rule, key, message, remedy);
    }
}
