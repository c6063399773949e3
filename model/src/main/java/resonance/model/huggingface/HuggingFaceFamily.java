package resonance.model.huggingface;

import java.util.Arrays;
import java.util.List;
import resonance.model.Architecture;
import resonance.model.ModelFormatException;
import resonance.rope.Spelling;

/** A model class of transformers that can be run: what its name is, and what it takes for granted. */
enum HuggingFaceFamily {
    LLAMA("llama", "LlamaForCausalLM", Architecture.LLAMA),
    MISTRAL("mistral", "MistralForCausalLM", Architecture.MISTRAL),
    QWEN2("qwen2", "Qwen2ForCausalLM", Architecture.QWEN2),
    QWEN3("qwen3", "Qwen3ForCausalLM", Architecture.QWEN3),
    GEMMA3("gemma3_text", "Gemma3ForCausalLM", Architecture.GEMMA3);

    private static final String MULTIMODAL_GEMMA3 = "gemma3";

    /** No real model leaves them to the default of its class. */
    private static final List<String> SIZES =
            List.of("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads");

    private final String modelType;
    private final String className;
    private final Architecture architecture;

    HuggingFaceFamily(String modelType, String className, Architecture architecture) {
        this.modelType = modelType;
        this.className = className;
        this.architecture = architecture;
    }

    /** The family a configuration names, by {@code model_type} as transformers chooses, and agreeing {@code architectures}. */
    static HuggingFaceFamily of(ConfigFile config) {
        String type = config.text("model_type")
                .orElseThrow(() -> new ModelFormatException(
                        config.name() + ": model_type must be one of " + knownTypes() + ", was absent"));
        if (type.equals(MULTIMODAL_GEMMA3)) {
            throw new ModelFormatException(config.name() + ": model_type must be of a text model, was 'gemma3', which"
                    + " reads pictures too; save its text part by Gemma3ForCausalLM first");
        }
        HuggingFaceFamily family = Arrays.stream(values())
                .filter(candidate -> candidate.modelType.equals(type))
                .findFirst()
                .orElseThrow(() -> unknown(config, type));
        List<String> classes = config.texts("architectures").orElse(List.of());
        if (!classes.isEmpty() && !classes.equals(List.of(family.className))) {
            throw new ModelFormatException(config.name() + ": architectures must be [" + family.className
                    + "] for model_type '" + type + "', was " + classes);
        }
        family.requireKnown(config);
        return family;
    }

    Architecture architecture() {
        return architecture;
    }

    /** Refuses settings whose computation is not known here. */
    private void requireKnown(ConfigFile config) {
        SIZES.forEach(config::requiredSize);
        for (String key : switches()) {
            if (config.truth(key, false)) {
                throw config.refusal(key, "must be false, the only kind known");
            }
        }
        for (String key : List.of("quantization_config", "final_logit_softcapping", "attn_logit_softcapping")) {
            if (config.has(key)) {
                throw config.refusal(key, "must be null or absent, the only kind known");
            }
        }
    }

    /** Keys that this class of transformers reads and that must be off. */
    private List<String> switches() {
        return switch (this) {
            case LLAMA -> List.of("attention_bias", "mlp_bias");
            case MISTRAL, QWEN2 -> List.of();
            case QWEN3 -> List.of("attention_bias");
            case GEMMA3 -> List.of("attention_bias", "use_bidirectional_attention");
        };
    }

    private static ModelFormatException unknown(ConfigFile config, String type) {
        String nearest = Spelling.nearest(
                        type,
                        Arrays.stream(values()).map(family -> family.modelType).toList())
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
        return new ModelFormatException(
                config.name() + ": model_type '" + type + "' is unknown; known: " + knownTypes() + nearest);
    }

    private static String knownTypes() {
        return String.join(
                ", ", Arrays.stream(values()).map(family -> family.modelType).toList());
    }
}
