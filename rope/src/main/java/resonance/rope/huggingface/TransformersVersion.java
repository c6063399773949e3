package resonance.rope.huggingface;

import java.util.Map;
import java.util.Set;

/** Which reading of a configuration is meant; see the package's table. */
public enum TransformersVersion {
    /** Transformers 4, as of 4.57.6: {@code rope_theta} and {@code rope_scaling}. */
    V4(4),
    /** Transformers 5, as of 5.18.0: {@code rope_parameters}, or the layout of 4. */
    V5(5);

    /** Types that {@code AutoConfig} of 4.57.6 does not know, executed; of multimodal models those of the whole. */
    private static final Set<String> NEW_IN_5 = Set.of(
            "ministral3",
            "qwen3_5_text",
            "qwen3_5_moe_text",
            "gemma4_text",
            "glm4_moe_lite",
            "minicpm3",
            "youtu",
            "lfm2_moe",
            "hy_v3",
            "minimax_m2",
            "jais2",
            "hyperclovax",
            "solar_open",
            "nanochat",
            "audioflamingo3",
            "exaone4_5",
            "fast_vlm",
            "gemma4",
            "glm46v",
            "granite4_vision",
            "lighton_ocr",
            "qwen3_5",
            "qwen3_5_moe",
            "qwen3_asr",
            "video_llama_3");

    private final int major;

    TransformersVersion(int major) {
        this.major = major;
    }

    /** The major version number. */
    public int major() {
        return major;
    }

    /**
     * The version that wrote a configuration: 5 for a model that 4.57.6 does not know, whatever the file says; else by the major
     * number of {@code transformers_version} where it is 4 or 5, else by whether there is a {@code rope_parameters}, at the top
     * or in the part about text.
     */
    public static TransformersVersion of(Map<String, ?> config) {
        ConfigValues text = TextConfig.textPart(new ConfigValues("", config));
        if (NEW_IN_5.contains(String.valueOf(config.get("model_type")))
                || NEW_IN_5.contains(String.valueOf(text.values().get("model_type")))) {
            return V5;
        }
        String version = String.valueOf(config.get("transformers_version"));
        if (version.startsWith("4.")) {
            return V4;
        }
        boolean layoutOf5 = config.containsKey("rope_parameters") || text.contains("rope_parameters");
        return version.startsWith("5.") || layoutOf5 ? V5 : V4;
    }
}
