package resonance.serving.lint;

import java.util.Optional;
import java.util.Set;

/**
 * What convert_hf_to_gguf makes of an architecture, as far as positions go.
 *
 * @param target architecture of the GGUF
 */
record ConverterClass(LlamaCppArchitecture target) {
    private static final EngineTable TABLE = EngineTable.of(Engine.CONVERTER);

    /** Architectures whose settings are written as those of any model are; executed on real configurations. */
    private static final Set<String> COVERED = Set.of(
            "command-r",
            "cohere2",
            "deepseek2",
            "ernie4_5",
            "gemma",
            "gemma2",
            "gemma3",
            "glm4",
            "glm4moe",
            "gpt-oss",
            "granite",
            "hunyuan-dense",
            "internlm2",
            "llama",
            "llama4",
            "minicpm",
            "mistral3",
            "olmo2",
            "phi3",
            "qwen2",
            "qwen2moe",
            "qwen2vl",
            "qwen3",
            "qwen3moe",
            "qwen3vl",
            "qwen3vlmoe",
            "smollm3",
            "stablelm",
            "starcoder2");

    /** The class for a configuration; empty if the converter has none, or one that is not known here. */
    static Optional<ConverterClass> of(JsonValues config) {
        return target(config)
                .filter(COVERED::contains)
                .flatMap(LlamaCppArchitecture::of)
                .map(ConverterClass::new);
    }

    /** Why there is none. */
    static String whyNone(JsonValues config) {
        if (config.texts("architectures").isEmpty()) {
            return "the configuration names no architecture";
        }
        return "architecture " + Shown.value(VllmClass.architecture(config))
                + (target(config).isPresent() ? " is not covered by the rules for " : " is unknown to ")
                + Engine.CONVERTER.version();
    }

    private static Optional<String> target(JsonValues config) {
        return config.texts("architectures").stream()
                .findFirst()
                .flatMap(TABLE::find)
                .map(words -> words.get(0));
    }

    /** Whether the type of scaling is written as none, whatever it is. */
    boolean writesNoScaling() {
        return Set.of("command-r", "cohere2").contains(target.name());
    }

    /** Whether it writes the divisors of llama3. */
    boolean writesLlama3() {
        return Set.of("granite", "llama", "llama4", "mistral3").contains(target.name());
    }

    /** Whether it writes both lists of longrope. */
    boolean writesLongRope() {
        return Set.of("phi3", "minicpm").contains(target.name());
    }
}
