package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What convert_hf_to_gguf leaves behind, or writes where llama.cpp does not look. Read in llama.cpp's sources; that
 * llama.cpp ignores those keys was executed.
 */
final class ConverterRules {
    private static final Set<String> LLAMA = Set.of("llama", "mistral", "mixtral");
    private static final Set<String> WITHOUT_DIVISORS =
            Set.of("qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "gemma3", "gemma3_text");

    /** What the converter takes for llama3's trained length if none is at the top level. */
    private static final double LLAMA3_TRAINED_LENGTH = 8192;

    private final LayerReading layer;
    private final JsonValues dictionary;
    private final Findings findings;

    /** Checks one layer type; the converter looks at that of all or of the global layers. */
    ConverterRules(LayerReading layer, Findings findings) {
        this.layer = layer;
        this.dictionary = layer.dictionary();
        this.findings = findings;
    }

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
        add(
                LintRule.CONVERSION_DROPS_SCALING,
                layer.path(dictionary.has("rope_type") ? "rope_type" : "type"),
                "rope_type '" + type + "' is not carried into the GGUF: "
                        + (type.equals("longrope")
                                ? "its type is written without the divisors, and llama.cpp computes unscaled"
                                : "nothing of it is written, and llama.cpp computes unscaled"),
                remedy);
    }

    private void yarnKeys() {
        List<String> lost = new ArrayList<>();
        lost(lost, "beta_fast", 32);
        lost(lost, "beta_slow", 1);
        if (dictionary.is("truncate", false)) {
            lost.add("truncate");
        }
        OptionalDouble magnitude = layer.magnitude();
        double own = 1 + 0.1 * Math.log(Math.max(1, layer.factor().orElse(1)));
        if (magnitude.isPresent() && Math.abs(magnitude.getAsDouble() - own) > 1e-6 * own) {
            lost.add(dictionary.has("attention_factor") ? "attention_factor" : "mscale");
        }
        for (String key : lost) {
            add(
                    LintRule.CONVERSION_YARN_UNREAD,
                    layer.path(key),
                    layer.path(key) + " goes into a key that llama.cpp does not read, or into none; it uses "
                            + switch (key) {
                                case "beta_fast" -> "32";
                                case "beta_slow" -> "1";
                                case "truncate" -> "rounded bounds";
                                default -> "the magnitude " + Shown.rounded(own);
                            },
                    "write the encoding into the GGUF with 'resonance export'");
        }
    }

    private void lost(List<String> lost, String key, double usual) {
        OptionalDouble value = dictionary.number(key);
        if (value.orElse(0) != 0 && value.getAsDouble() != usual) {
            lost.add(key);
        }
    }

    private void llama3Length() {
        OptionalDouble meant = layer.trainedLength();
        OptionalDouble top = layer.config().number(TRAINED_LENGTH);
        double taken = top.orElse(LLAMA3_TRAINED_LENGTH);
        if (meant.isPresent() && meant.getAsDouble() != taken) {
            add(
                    LintRule.CONVERSION_LLAMA3_LENGTH,
                    layer.path(TRAINED_LENGTH),
                    layer.path(TRAINED_LENGTH) + " is not read for llama3; the divisors are made for "
                            + (top.isPresent() ? "the top level's " : "") + Shown.number(taken) + " tokens and not "
                            + Shown.number(meant.getAsDouble()),
                    "write it at the top level too for the conversion");
        }
    }

    private void context() {
        OptionalDouble factor = layer.factor();
        OptionalDouble trained = layer.trainedLength();
        OptionalDouble maximum = layer.maximumLength();
        if (factor.isEmpty() || trained.isEmpty() || maximum.isEmpty() || !dictionary.has(TRAINED_LENGTH)) {
            return;
        }
        double stretched = factor.getAsDouble() * trained.getAsDouble();
        if (maximum.getAsDouble() < Math.floor(stretched)) {
            add(
                    LintRule.CONVERSION_CAPS_CONTEXT,
                    layer.config().path(MAXIMUM_LENGTH),
                    layer.config().path(MAXIMUM_LENGTH) + " = " + Shown.number(maximum.getAsDouble())
                            + " becomes context_length, to which llama-server caps texts; the scaling is for "
                            + Shown.number(stretched),
                    "set it to factor times the trained length before converting");
        }
    }

    private void window() {
        JsonValues config = layer.config();
        OptionalDouble window = config.positive("sliding_window");
        boolean used = switch (layer.modelType()) {
            case "mistral", "mixtral" -> true;
            case "qwen2", "qwen2_moe", "qwen3", "qwen3_moe" -> config.is("use_sliding_window", true);
            default -> false;
        };
        OptionalDouble maximum = layer.maximumLength();
        if (used && window.isPresent() && window.getAsDouble() < maximum.orElse(Double.MAX_VALUE)) {
            add(
                    LintRule.CONVERSION_DROPS_WINDOW,
                    config.path("sliding_window"),
                    config.path("sliding_window") + " = " + Shown.number(window.getAsDouble())
                            + " is not applied by llama.cpp for this architecture; all layers see the whole text",
                    "keep texts within the window, or serve with transformers or vLLM");
        }
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(Engine.CONVERTER, rule, key, message, remedy);
    }
}
