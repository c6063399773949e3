package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where vLLM computes something else than transformers from the same keys, or takes texts of another length. */
final class VllmRules extends LayerRules {
    private static final String DUAL_CHUNKS = "dual_chunk_attention_config";

    private final VllmReading reading;

    VllmRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
        this.reading = new VllmReading(layer, VllmClass.of(config).orElse(VllmClass.GENERAL));
    }

    @Override
    void check() {
        String type = layer.type().orElse("");
        if (type.equals("longrope")) {
            lengthFromTopLevel();
        } else if (type.equals("linear") || !layer.hasTableOfVllm()) {
            lengthMultiplied();
        }
        if (!layer.hasTableOfVllm()) {
            return;
        }
        if (VllmClass.readsDualChunks(config) && config.has(DUAL_CHUNKS)) {
            dualChunks();
            return;
        }
        switch (type) {
            case "yarn" -> yarnMagnitude();
            case "longrope" -> longRopeMagnitude();
            case "linear" -> integerFactor();
            case "dynamic" -> unscaled();
            default -> {
                // Read as transformers reads them.
            }
        }
        tableTooShort();
    }

    private void yarnMagnitude() {
        String key = Stream.of("attention_factor", "mscale", "mscale_all_dim")
                .filter(dictionary::has)
                .findFirst()
                .orElse("factor");
        magnitude(
                key,
                reading.magnitude(),
                reading.kind() == VllmClass.DEEPSEEK
                        ? "DeepSeek's class reads mscale and mscale_all_dim, each by itself, and not attention_factor"
                        : "its class reads factor alone",
                "write no magnitude of its own, or serve with transformers");
    }

    private void longRopeMagnitude() {
        if (layer.trainedLength().orElse(1.0) <= 1) {
            return;
        }
        String meant = dictionary.has("attention_factor") ? "attention_factor" : "factor";
        for (String key : List.of("short_mscale", "long_mscale")) {
            if (magnitude(
                    dictionary.has(key) ? key : meant,
                    reading.longRope(key),
                    "only short_mscale and long_mscale are read, not attention_factor and factor",
                    "write the magnitude as attention_factor, short_mscale and long_mscale alike")) {
                return;
            }
        }
    }

    /** Whether the magnitude is another than transformers'. */
    private boolean magnitude(String key, Optional<Double> computed, String why, String remedy) {
        Optional<Double> meant = layer.magnitude();
        if (meant.isEmpty() || computed.isEmpty() || !differ(meant.get(), computed.get())) {
            return false;
        }
        findings.add(
                LintRule.MAGNITUDE_DROPPED,
                layer.path(key),
                "the magnitude is " + Shown.rounded(computed.get()) + " where transformers has "
                        + Shown.rounded(meant.get()) + ": " + why,
                remedy);
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
        Optional<Double> limit = reading.limit();
        if (reading.lengthFactor() > 1 && limit.isPresent()) {
            findings.add(
                    LintRule.LENGTH_MULTIPLIED,
                    layer.path("factor"),
                    "max_model_len becomes " + MAXIMUM_LENGTH + " times factor = " + Shown.number(limit.get())
                            + ", too long if " + MAXIMUM_LENGTH + " is the stretched length already");
        }
    }

    /** LinearScalingRotaryEmbedding takes what is no float for a list of factors. */
    private void integerFactor() {
        Object factor = dictionary.values().get("factor");
        if (factor instanceof Integer || factor instanceof Long) {
            findings.about(
                    LintRule.INTEGER_FACTOR,
                    layer.path("factor"),
                    " = " + factor
                            + " has no decimal point, and the model fails to load (TypeError: 'int' object is not"
                            + " iterable)",
                    "write " + factor + ".0");
        }
    }

    private void unscaled() {
        if (!dictionary.has("alpha")
                && !dictionary.has("max_trained_positions")
                && layer.factor().orElse(1.0) != 1) {
            findings.add(
                    LintRule.DYNAMIC_UNSCALED,
                    layer.path("rope_type"),
                    "nothing is scaled: the base is that of " + MAXIMUM_LENGTH + " tokens for texts of every length");
        }
    }

    private void dualChunks() {
        String scaling =
                layer.is("default") ? "" : ", and the scaling '" + layer.type().orElse("") + "' is not read";
        findings.about(
                LintRule.DUAL_CHUNK,
                config.path(DUAL_CHUNKS),
                " has positions counted in chunks" + scaling
                        + "; no attention of this version takes it any more, and the model fails to load (TypeError)");
    }

    /** Where a text may be longer than the table of cosines and sines. */
    private void tableTooShort() {
        Optional<Double> rows = reading.rows();
        Optional<Double> limit = reading.limit();
        boolean images = dictionary.has("mrope_section");
        if (layer.type().isEmpty() || (layer.is("yarn") && !dictionary.has("factor"))) {
            return;
        }
        if (rows.isEmpty() || limit.isEmpty() || images || limit.get() <= rows.get()) {
            return;
        }
        boolean multiplied = reading.lengthFactor() > 1;
        findings.add(
                LintRule.TABLE_TOO_SHORT,
                multiplied ? layer.path("factor") : config.path(MAXIMUM_LENGTH),
                "max_model_len becomes " + Shown.number(limit.get()) + (multiplied ? ", factor times the length" : "")
                        + ", but the table of cosines and sines ends at " + Shown.number(rows.get())
                        + " tokens; longer texts read past its end",
                layer.is("yarn")
                        ? "set max_position_embeddings to factor times the trained length"
                        : "serve with --max-model-len " + Shown.number(rows.get()));
    }
}
