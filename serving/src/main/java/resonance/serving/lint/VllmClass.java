package resonance.serving.lint;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How vLLM's class for an architecture hands a configuration to its rotary embeddings. By architecture, as vLLM goes; read in
 * its files under model_executor/models.
 */
enum VllmClass {
    /** As it stands, to {@code get_rope}. */
    GENERAL,
    /** As a yarn of DeepSeek's own, whatever the type is. */
    DEEPSEEK,
    /** Six keys, as yarn. */
    GPT_OSS,
    /** To transformers' own class, which runs inside vLLM. */
    TRANSFORMERS;

    /** Files whose class hands the settings on as they stand. */
    private static final Set<String> GENERAL_FILES = Set.of(
            "afmoe",
            "apertus",
            "commandr",
            "exaone4",
            "exaone_moe",
            "gemma",
            "gemma2",
            "gemma3",
            "gemma3_mm",
            "glm4",
            "glm4_moe",
            "granite",
            "granitemoe",
            "internlm2",
            "lfm2",
            "lfm2_moe",
            "llama",
            "llama4",
            "minicpm",
            "mistral",
            "mistral3",
            "mixtral",
            "mllama4",
            "nemotron",
            "olmoe",
            "phi3",
            "qwen2",
            "qwen2_5_vl",
            "qwen2_moe",
            "qwen2_vl",
            "qwen3",
            "qwen3_5",
            "qwen3_moe",
            "qwen3_next",
            "qwen3_vl",
            "qwen3_vl_moe",
            "solar",
            "stablelm");

    private static final Map<String, VllmClass> OTHER_FILES =
            Map.of("deepseek_v2", DEEPSEEK, "gpt_oss", GPT_OSS, "transformers", TRANSFORMERS, "ernie45", GENERAL);

    /** Files whose classes read {@code dual_chunk_attention_config}. */
    private static final Set<String> DUAL_CHUNK_FILES =
            Set.of("qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "qwen3_next");

    /** Files whose classes rotate by several positions where no longrope does, and by neighbouring dimensions. */
    private static final Set<String> MROPE_FILES =
            Set.of("glm4_1v", "qwen2_5_vl", "qwen2_vl", "qwen3_5", "qwen3_vl", "qwen3_vl_moe");

    private static final Set<String> NEIGHBOUR_FILES = Set.of("commandr", "ernie45", "ernie45_moe", "glm4");

    /** Files whose classes make a YaRN of whatever the type is. */
    private static final Set<String> YARN_FILES = Set.of("deepseek_v2", "glm4_moe_lite", "gpt_oss");

    private static final EngineTable ARCHITECTURES = EngineTable.of(Engine.VLLM);
    private static final String UNTIL = "until-";
    private static final Set<String> HEADS = Set.of("ForSequenceClassification", "ForTokenClassification", "Model");
    private static final String TEXT = "ForCausalLM";

    /** The class for a configuration; empty if vLLM has none, or one that is not known here. */
    static Optional<VllmClass> of(JsonValues config) {
        return file(config)
                .flatMap(file -> GENERAL_FILES.contains(file)
                        ? Optional.of(GENERAL)
                        : Optional.ofNullable(OTHER_FILES.get(file)));
    }

    static boolean readsDualChunks(JsonValues config) {
        return file(config).filter(DUAL_CHUNK_FILES::contains).isPresent();
    }

    /** Whether vLLM has the very architecture, and not only the text class that serves other heads on a model. */
    static boolean hasArchitecture(JsonValues config) {
        return ARCHITECTURES
                .find(architecture(config))
                .filter(words -> !words.get(0).startsWith(UNTIL))
                .isPresent();
    }

    /** Why the class does not read a longrope, after "it"; empty if it does. */
    static Optional<String> longRopeObstacle(JsonValues config) {
        String file = file(config).orElse("");
        boolean sections = config.object(LayerReading.SCALING).has("mrope_section")
                || config.object(LayerReading.PARAMETERS).has("mrope_section");
        if (sections || MROPE_FILES.contains(file)) {
            return Optional.of("reads no mrope_section beside it");
        }
        if (YARN_FILES.contains(file)) {
            return Optional.of("takes every scaling for YaRN");
        }
        return NEIGHBOUR_FILES.contains(file)
                ? Optional.of("rotates neighbouring dimensions, and its longrope does not")
                : Optional.empty();
    }

    /** Why there is no class for a configuration. */
    static String whyNone(JsonValues config) {
        String named = "architecture " + Shown.value(architecture(config));
        Optional<String> file = file(config);
        if (file.isEmpty()) {
            return named + " is unknown to " + Engine.VLLM.version();
        }
        return file.get().startsWith(UNTIL)
                ? named + " is unknown to " + Engine.VLLM.version() + ", which had it until "
                        + file.get().substring(UNTIL.length())
                : named + " is not covered by the rules for " + Engine.VLLM.version();
    }

    /** The architecture that a file names, else the one that its model type has in transformers; empty if neither. */
    static String architecture(JsonValues config) {
        return config.texts("architectures").stream()
                .findFirst()
                .orElseGet(() -> config.text("model_type")
                        .flatMap(type -> ModelClass.of(Engine.TRANSFORMERS_5, type))
                        .map(ModelClass::architecture)
                        .orElse(""));
    }

    /** Where vLLM has the architecture; other heads on a model are served by its text class. */
    private static Optional<String> file(JsonValues config) {
        String architecture = architecture(config);
        Optional<String> own = ARCHITECTURES.find(architecture).map(words -> words.get(0));
        return own.or(() -> HEADS.stream()
                .filter(architecture::endsWith)
                .map(head -> architecture.substring(0, architecture.length() - head.length()) + TEXT)
                .flatMap(text -> ARCHITECTURES.find(text).stream())
                .map(words -> words.get(0))
                .findFirst());
    }
}
