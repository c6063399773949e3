package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Where vLLM computes something else than transformers from the same keys. Read in its sources, not run. */
final class VllmRules {
    private final LayerReading layer;
    private final JsonValues dictionary;
    private final Findings findings;

    VllmRules(LayerReading layer, Findings findings) {
        this.layer = layer;
        this.dictionary = layer.dictionary();
        this.findings = findings;
    }

    void check() {
        switch (layer.type().orElse("")) {
            case "yarn" -> yarnMagnitude();
            case "longrope" -> {
                longRopeMagnitude();
                lengthFromTopLevel();
            }
            case "linear" -> lengthMultiplied();
            case "dynamic" -> {
                lengthMultiplied();
                fixedBase();
            }
            default -> {
                // Read as transformers reads them.
            }
        }
    }

    /** The factor's own magnitude times {@code attn_factor}; DeepSeek's classes ask for another yarn. */
    private void yarnMagnitude() {
        OptionalDouble factor = layer.factor();
        if (factor.isEmpty() || layer.modelType().startsWith("deepseek")) {
            return;
        }
        double own = factor.getAsDouble() <= 1 ? 1 : 1 + 0.1 * Math.log(factor.getAsDouble());
        String key = Stream.of("attention_factor", "mscale", "attn_factor")
                .filter(dictionary::has)
                .findFirst()
                .orElse("factor");
        magnitude(key, own * dictionary.number("attn_factor").orElse(1));
    }

    private void longRopeMagnitude() {
        OptionalDouble trained = layer.trainedLength();
        OptionalDouble maximum = layer.maximumLength();
        if (trained.isEmpty() || maximum.isEmpty() || trained.getAsDouble() <= 1) {
            return;
        }
        double own =
                LayerReading.longRopeMagnitude(maximum.getAsDouble() / trained.getAsDouble(), trained.getAsDouble());
        String meant = dictionary.has("attention_factor") ? "attention_factor" : "factor";
        for (String key : List.of("short_mscale", "long_mscale")) {
            if (magnitude(
                    dictionary.has(key) ? key : meant, dictionary.number(key).orElse(own))) {
                return;
            }
        }
    }

    /** Whether the magnitude is another than transformers'. */
    private boolean magnitude(String key, double computed) {
        OptionalDouble meant = layer.magnitude();
        if (meant.isEmpty() || Math.abs(meant.getAsDouble() - computed) <= 1e-6 * computed) {
            return false;
        }
        boolean longRope = layer.is("longrope");
        add(
                LintRule.MAGNITUDE_DROPPED,
                key,
                "the magnitude is " + Shown.rounded(computed) + " where transformers has "
                        + Shown.rounded(meant.getAsDouble()) + ": "
                        + (longRope
                                ? "only short_mscale and long_mscale are read, not attention_factor and factor"
                                : "of its keys only attn_factor is read (newer versions may read attention_factor)"),
                longRope
                        ? "write the magnitude as attention_factor, short_mscale and long_mscale alike"
                        : "write the frequencies as longrope with short_mscale and long_mscale");
        return true;
    }

    private void lengthFromTopLevel() {
        OptionalDouble top = layer.config().number(TRAINED_LENGTH);
        OptionalDouble maximum = layer.maximumLength();
        if (top.isPresent() && maximum.isPresent() && top.getAsDouble() < maximum.getAsDouble()) {
            findings.add(
                    Engine.VLLM,
                    LintRule.LENGTH_FROM_TOP_LEVEL,
                    layer.config().path(TRAINED_LENGTH),
                    "max_model_len becomes " + Shown.number(top.getAsDouble()) + " and not " + MAXIMUM_LENGTH + " = "
                            + Shown.number(maximum.getAsDouble()),
                    "keep it in the dictionary alone, or serve with --max-model-len");
        }
    }

    private void lengthMultiplied() {
        OptionalDouble factor = layer.factor();
        OptionalDouble maximum = layer.maximumLength();
        if (factor.orElse(1) > 1 && maximum.isPresent() && !ConfigLayers.isGemma3(layer.modelType())) {
            add(
                    LintRule.LENGTH_MULTIPLIED,
                    "factor",
                    "max_model_len becomes " + MAXIMUM_LENGTH + " times factor = "
                            + Shown.number(Math.floor(maximum.getAsDouble() * factor.getAsDouble()))
                            + ", too long if " + MAXIMUM_LENGTH + " is the stretched length already",
                    "serve with --max-model-len");
        }
    }

    private void fixedBase() {
        if (!dictionary.has("alpha") && layer.factor().orElse(1) != 1) {
            add(
                    LintRule.DYNAMIC_FIXED_BASE,
                    "rope_type",
                    "one base is used for texts of every length, that of factor times " + MAXIMUM_LENGTH
                            + " tokens; transformers leaves texts up to " + MAXIMUM_LENGTH + " unscaled",
                    "choose a static scaling such as yarn");
        }
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(Engine.VLLM, rule, layer.path(key), message, remedy);
    }
}
