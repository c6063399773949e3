package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.Optional;
import java.util.Set;

/**
 * What convert_hf_to_gguf leaves behind, or writes where llama.cpp does not look. Read in llama.cpp's sources; that
 * llama.cpp ignores those keys was executed.
 *
 * <p>The converter looks at the layer type of all or of the global layers.
 */
final class ConverterRules extends LayerRules {
    private static final Set<String> LLAMA = Set.of("llama", "mistral", "mixtral");
    private static final Set<String> WITHOUT_DIVISORS =
            Set.of("qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "gemma3", "gemma3_text");

    /** What the converter takes for llama3's trained length if none is at the top level. */
    private static final double LLAMA3_TRAINED_LENGTH = 8192;

    ConverterRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
    }

    @Override
    void check() {
        boolean llama = LLAMA.contains(layer.modelType());
        if ((!llama && !WITHOUT_DIVISORS.contains(layer.modelType()))
                || layer.layerType().equals("sliding_attention")) {
            return;
        }
        window();
        switch (layer.type().orElse("")) {
            case "longrope", "dynamic", "proportional" -> dropped(llama);
            case "llama3" -> {
                if (llama) {
                    llama3Length();
                } else {
                    dropped(false);
                }
            }
            case "yarn" -> {
                yarnKeys();
                context();
            }
            default -> {
                // The base and a linear factor arrive.
            }
        }
    }

    private void dropped(boolean llama) {
        String type = layer.type().orElse("");
        String remedy = llama
                ? "convert the model without the scaling, then write the encoding into the GGUF with 'resonance export'"
                : layer.modelType().startsWith("qwen2")
                        ? "convert the model without the scaling; 'resonance export' can write a GGUF of qwen2 as llama"
                        : "only linear and yarn can be written into a GGUF for this architecture";
        findings.add(
                LintRule.CONVERSION_DROPS_SCALING,
                layer.path(dictionary.has("rope_type") ? "rope_type" : "type"),
                "rope_type '" + type + "' is not carried into the GGUF: "
                        + (type.equals("longrope")
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
        double own = 1 + 0.1 * Math.log(Math.max(1, layer.factor().orElse(1.0)));
        if (differ(layer.magnitude().orElse(own), own)) {
            lost(
                    dictionary.has("attention_factor") ? "attention_factor" : "mscale",
                    "the magnitude " + Shown.rounded(own));
        }
    }

    private void lostBeta(String key, int usual) {
        double value = dictionary.number(key).orElse(0.0);
        if (value != 0 && value != usual) {
            lost(key, Integer.toString(usual));
        }
    }

    private void lost(String key, String used) {
        findings.about(
                LintRule.CONVERSION_YARN_UNREAD,
                layer.path(key),
                " goes into a key that llama.cpp does not read, or into none; it uses " + used);
    }

    private void llama3Length() {
        Optional<Double> meant = layer.trainedLength();
        Optional<Double> top = config.number(TRAINED_LENGTH);
        double taken = top.orElse(LLAMA3_TRAINED_LENGTH);
        if (meant.isPresent() && meant.get() != taken) {
            findings.about(
                    LintRule.CONVERSION_LLAMA3_LENGTH,
                    layer.path(TRAINED_LENGTH),
                    " is not read for llama3; the divisors are made for "
                            + (top.isPresent() ? "the top level's " : "") + Shown.number(taken) + " tokens and not "
                            + Shown.number(meant.get()));
        }
    }

    private void context() {
        Optional<Double> factor = layer.factor();
        Optional<Double> trained = layer.trainedLength();
        Optional<Double> maximum = layer.maximumLength();
        if (factor.isEmpty() || trained.isEmpty() || maximum.isEmpty() || !dictionary.has(TRAINED_LENGTH)) {
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
        boolean used = switch (layer.modelType()) {
            case "mistral", "mixtral" -> true;
            case "qwen2", "qwen2_moe", "qwen3", "qwen3_moe" -> config.is("use_sliding_window", true);
            default -> false;
        };
        if (used && window.isPresent() && window.get() < layer.maximumLength().orElse(Double.MAX_VALUE)) {
            findings.about(
                    LintRule.CONVERSION_DROPS_WINDOW,
                    config.path("sliding_window"),
                    " = " + Shown.number(window.get())
                            + " is not applied by llama.cpp for this architecture; all layers see the whole text");
        }
    }
}
