package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where vLLM computes something else than transformers from the same keys. Read in its sources, not run. */
final class VllmRules extends LayerRules {
    VllmRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
    }

    @Override
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
        Optional<Double> factor = layer.factor();
        if (factor.isEmpty() || layer.modelType().startsWith("deepseek")) {
            return;
        }
        double own = 1 + 0.1 * Math.log(Math.max(1, factor.get()));
        String key = Stream.of("attention_factor", "mscale", "attn_factor")
                .filter(dictionary::has)
                .findFirst()
                .orElse("factor");
        magnitude(key, own * dictionary.number("attn_factor").orElse(1.0));
    }

    private void longRopeMagnitude() {
        Optional<Double> trained = layer.trainedLength();
        Optional<Double> stretch = layer.stretch();
        if (stretch.isEmpty() || trained.orElse(1.0) <= 1) {
            return;
        }
        double own = LayerReading.longRopeMagnitude(stretch.get(), trained.get());
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
        Optional<Double> meant = layer.magnitude();
        if (meant.isEmpty() || !differ(meant.get(), computed)) {
            return false;
        }
        boolean longRope = layer.is("longrope");
        findings.add(
                LintRule.MAGNITUDE_DROPPED,
                layer.path(key),
                "the magnitude is " + Shown.rounded(computed) + " where transformers has "
                        + Shown.rounded(meant.get()) + ": "
                        + (longRope
                                ? "only short_mscale and long_mscale are read, not attention_factor and factor"
                                : "of its keys only attn_factor is read (newer versions may read attention_factor)"),
                longRope
                        ? "write the magnitude as attention_factor, short_mscale and long_mscale alike"
                        : "write the frequencies as longrope with short_mscale and long_mscale");
        return true;
    }

    private void lengthFromTopLevel() {
        Optional<Double> top = config.number(TRAINED_LENGTH);
        Optional<Double> maximum = layer.maximumLength();
        if (top.isPresent() && maximum.isPresent() && top.get() < maximum.get()) {
            findings.add(
                    LintRule.LENGTH_FROM_TOP_LEVEL,
                    config.path(TRAINED_LENGTH),
                    "max_model_len becomes " + Shown.number(top.get()) + " and not " + MAXIMUM_LENGTH + " = "
                            + Shown.number(maximum.get()));
        }
    }

    private void lengthMultiplied() {
        double factor = layer.factor().orElse(1.0);
        Optional<Double> maximum = layer.maximumLength();
        if (factor > 1 && maximum.isPresent() && !ConfigLayers.isGemma3(layer.modelType())) {
            findings.add(
                    LintRule.LENGTH_MULTIPLIED,
                    layer.path("factor"),
                    "max_model_len becomes " + MAXIMUM_LENGTH + " times factor = "
                            + Shown.number(Math.floor(maximum.get() * factor)) + ", too long if " + MAXIMUM_LENGTH
                            + " is the stretched length already");
        }
    }

    private void fixedBase() {
        if (!dictionary.has("alpha") && layer.factor().orElse(1.0) != 1) {
            findings.add(
                    LintRule.DYNAMIC_FIXED_BASE,
                    layer.path("rope_type"),
                    "one base is used for texts of every length, that of factor times " + MAXIMUM_LENGTH
                            + " tokens; transformers leaves texts up to " + MAXIMUM_LENGTH + " unscaled");
        }
    }
}
