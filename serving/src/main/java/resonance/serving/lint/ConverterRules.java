package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.BASE;
import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import resonance.rope.YarnScaling;

/**
 * What convert_hf_to_gguf leaves behind, or writes where llama.cpp does not look. The converter of 0.5.0 was executed on
 * configurations, and llama.cpp on files with such keys.
 *
 * <p>The converter looks at the layer type of all or of the global layers.
 */
final class ConverterRules extends LayerRules {
    /** What the converter takes for llama3's trained length if there is none. */
    private static final double LLAMA3_TRAINED_LENGTH = 8192;

    private final ConverterClass kind;

    ConverterRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
        this.kind = ConverterClass.of(config).orElseThrow();
    }

    @Override
    void check() {
        window();
        if (fails()) {
            return;
        }
        String type = layer.type().orElse("default");
        factor(type);
        if (kind.writesNoScaling() && !type.equals("default")) {
            dropped(type);
            return;
        }
        switch (type) {
            case "default" -> {
                // The base arrives.
            }
            case "linear" -> droppedUnless(dictionary.has("factor"), type);
            case "longrope" -> longRope();
            case "llama3" -> {
                droppedUnless(kind.writesLlama3(), type);
                if (kind.writesLlama3()) {
                    llama3Length();
                }
            }
            case "yarn" -> yarn();
            case "dynamic" -> droppedUnless(kind.target().name().equals("hunyuan-dense"), type);
            default -> dropped(type);
        }
    }

    /** What the converter ends at, apart from a yarn without its length. */
    private boolean fails() {
        for (String key : List.of(LayerReading.SCALING, LayerReading.PARAMETERS)) {
            if (config.has(key) && !(config.values().get(key) instanceof Map)) {
                findings.about(
                        LintRule.CONVERSION_FAILS,
                        config.path(key),
                        " must be an object, was "
                                + Shown.value(String.valueOf(config.values().get(key)))
                                + "; the conversion ends with a TypeError",
                        "write an object, or null");
                return true;
            }
        }
        for (JsonValues place : List.of(config, dictionary)) {
            for (String key : List.of(BASE, "factor", TRAINED_LENGTH)) {
                Object value = place.values().get(key);
                if (value != null && !(value instanceof Number)) {
                    findings.about(
                            LintRule.CONVERSION_FAILS,
                            place.path(key),
                            " must be a number, was " + Shown.value(value) + "; it cannot be written into a GGUF",
                            "write a number");
                    return true;
                }
            }
        }
        if (kind.target().name().equals("phi3")
                && !dictionary.isEmpty()
                && layer.type().filter(type -> !type.equals("default")).isPresent()
                && !dictionary.has(TRAINED_LENGTH)
                && !config.has(TRAINED_LENGTH)) {
            withoutLength();
            return true;
        }
        if (layer.type().isEmpty() && kind.writesLlama3()) {
            findings.about(
                    LintRule.CONVERSION_FAILS,
                    layer.path("rope_type"),
                    " is null, and the conversion ends with an AttributeError",
                    "write a type");
            return true;
        }
        return false;
    }

    /** Both lists are written, if they are of the size that the converter expects. */
    private void longRope() {
        droppedUnless(kind.writesLongRope() && dictionary.has("long_factor"), "longrope");
        Optional<List<Double>> divisors = dictionary.numbers("long_factor");
        if (kind.writesLongRope()
                && divisors.isPresent()
                && layer.pairs().filter(pairs -> pairs != divisors.get().size()).isPresent()) {
            findings.about(
                    LintRule.CONVERSION_FAILS,
                    layer.path("long_factor"),
                    " must have " + Shown.number(layer.pairs().orElseThrow()) + " numbers, one per pair, had "
                            + divisors.get().size() + "; the conversion ends with a ValueError",
                    "write partial_rotary_factor, or one number per pair");
        }
    }

    private void yarn() {
        if (!dictionary.has("factor")) {
            dropped("yarn");
            return;
        }
        if (!dictionary.has(TRAINED_LENGTH) && !config.has(TRAINED_LENGTH)) {
            withoutLength();
            return;
        }
        yarnKeys();
        context();
    }

    private void withoutLength() {
        findings.about(
                LintRule.CONVERSION_FAILS,
                layer.path(TRAINED_LENGTH),
                " is absent, and the conversion ends with a KeyError",
                "write the trained length");
    }

    /** A factor goes into the GGUF whatever it is. */
    private void factor(String type) {
        if (dictionary.values().get("factor") instanceof Number number && !Double.isFinite(number.doubleValue())) {
            findings.about(
                    LintRule.OUT_OF_RANGE,
                    layer.path("factor"),
                    " must be a finite number, was " + number + "; the engine fails or computes an encoding of no use");
        }
        Optional<Double> factor = dictionary.number("factor");
        if (factor.isEmpty()
                || factor.get() >= 1
                || !Set.of("linear", "yarn", "llama3").contains(type)) {
            return;
        }
        if (factor.get() <= 0) {
            findings.about(
                    LintRule.OUT_OF_RANGE,
                    layer.path("factor"),
                    " must be above 0, was " + Shown.number(factor.get())
                            + "; the engine fails or computes an encoding of no use");
        } else {
            findings.about(
                    LintRule.FACTOR_BELOW_ONE,
                    layer.path("factor"),
                    " = " + Shown.number(factor.get())
                            + " makes texts shorter, not longer: frequencies are divided by it",
                    "write " + Shown.rounded(1 / factor.get()) + " for texts that long times the trained length");
        }
    }

    private void droppedUnless(boolean carried, String type) {
        if (!carried) {
            dropped(type);
        }
    }

    private void dropped(String type) {
        String remedy = kind.target().name().equals("llama")
                ? "convert the model without the scaling, then write the encoding into the GGUF with 'resonance export'"
                : kind.target().name().equals("qwen2")
                        ? "convert the model without the scaling; 'resonance export' can write a GGUF of qwen2 as llama"
                        : "only linear and yarn can be written into a GGUF for this architecture";
        findings.add(
                LintRule.CONVERSION_DROPS_SCALING,
                layer.path(dictionary.has("rope_type") ? "rope_type" : "type"),
                "rope_type '" + type + "' is not carried into the GGUF: "
                        + (type.equals("longrope") && !kind.writesNoScaling()
                                ? "its type is written without the divisors, and llama.cpp computes unscaled"
                                : "nothing of it is written, and llama.cpp computes unscaled"),
                remedy);
    }

    private void yarnKeys() {
        lostBeta("beta_fast", 32);
        lostBeta("beta_slow", 1);
        if (dictionary.is("truncate", false)) {
            lost("truncate", "rounded bounds");
        }
        double extrapolation = dictionary.number("extrapolation_factor").orElse(1.0);
        if (extrapolation != 1) {
            lost("extrapolation_factor", "1");
        }
        // The multiplier is read where the architecture has a magnitude of its own.
        double own = YarnScaling.magnitude(layer.factor().orElse(1.0), 1);
        boolean multiplier = kind.target().readsKey("yarn_log_multiplier");
        String uses = multiplier ? "the magnitude that mscale_all_dim gives" : "the magnitude " + Shown.rounded(own);
        if (dictionary.number("attn_factor").orElse(1.0) != 1 && !dictionary.has("attention_factor")) {
            lost("attn_factor", uses);
        }
        if (dictionary.has("attention_factor")
                && (multiplier || differ(layer.magnitude().orElse(own), own))) {
            lost("attention_factor", uses);
        } else if (!multiplier && differ(layer.magnitude().orElse(own), own)) {
            lost("mscale", uses);
        }
    }

    private void lostBeta(String key, int usual) {
        double value = dictionary.number(key).orElse(0.0);
        if (value != 0 && value != usual && !kind.target().readsKey("yarn_" + key)) {
            lost(key, Integer.toString(usual));
        }
    }

    private void lost(String key, String used) {
        findings.about(
                LintRule.CONVERSION_YARN_UNREAD,
                layer.path(key),
                " goes into a key that llama.cpp does not read, or into none; it uses " + used);
    }

    /** The length goes from the dictionary or the top level into the divisors. */
    private void llama3Length() {
        Optional<Double> maximum = layer.maximumLength();
        boolean given = dictionary.has(TRAINED_LENGTH) || config.has(TRAINED_LENGTH);
        if (!given && maximum.isPresent() && maximum.get() != LLAMA3_TRAINED_LENGTH) {
            findings.about(
                    LintRule.CONVERSION_LLAMA3_LENGTH,
                    layer.path(TRAINED_LENGTH),
                    " is absent; the divisors are made for " + Shown.number(LLAMA3_TRAINED_LENGTH)
                            + " tokens, where transformers 5 takes " + Shown.number(maximum.get()));
        }
    }

    private void context() {
        Optional<Double> factor = layer.factor();
        Optional<Double> trained = layer.trainedLength();
        Optional<Double> maximum = layer.maximumLength();
        if (factor.isEmpty() || trained.isEmpty() || maximum.isEmpty()) {
            return;
        }
        double stretched = factor.get() * trained.get();
        if (maximum.get() < Math.floor(stretched)) {
            findings.about(
                    LintRule.CONVERSION_CAPS_CONTEXT,
                    config.path(MAXIMUM_LENGTH),
                    " = " + Shown.number(maximum.get())
                            + " becomes context_length, to which llama-server caps texts; the scaling is for "
                            + Shown.number(stretched));
        }
    }

    private void window() {
        Optional<Double> window = config.positive("sliding_window");
        boolean always = Set.of("mistral", "mixtral").contains(layer.modelType());
        boolean qwen =
                layer.modelType().startsWith("qwen2") || layer.modelType().startsWith("qwen3");
        if (!kind.target().hasWindow()
                && (always || (qwen && config.is("use_sliding_window", true)))
                && window.isPresent()
                && window.get() < layer.maximumLength().orElse(Double.MAX_VALUE)) {
            findings.about(
                    LintRule.CONVERSION_DROPS_WINDOW,
                    config.path("sliding_window"),
                    " = " + Shown.number(window.get())
                            + " is not applied by llama.cpp for this architecture; all layers see the whole text");
        }
    }
}
