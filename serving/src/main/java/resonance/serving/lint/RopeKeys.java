package resonance.serving.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The types of scaling that an engine knows and the keys that it reads for each.
 *
 * <p>transformers: ROPE_INIT_FUNCTIONS and the validators of 4.57.6 and 5.18.0. vLLM: get_rope and patch_legacy_rope_type of
 * 0.33.0. All executed.
 */
final class RopeKeys {
    private static final String TRAINED_LENGTH = LayerReading.TRAINED_LENGTH;

    /** More model types whose rotary class reads {@code alpha}; executed. */
    private static final Set<String> READ_ALPHA = Set.of("hunyuan_vl", "hunyuan_vl_text");

    /** Model types whose attention in transformers 5 reads {@code factor} of any scaling; executed, hy_v4 read. */
    private static final Set<String> READ_FACTOR = Set.of(
            "axk1",
            "axk2",
            "deepseek_v2",
            "deepseek_v3",
            "deepseek_v32",
            "glm4_moe_lite",
            "glm_moe_dsa",
            "hy_v4",
            "minicpm3",
            "mistral4",
            "youtu");

    /** The same in transformers 4, of any dictionary; executed. */
    private static final Set<String> READ_FACTOR_IN_4 = Set.of("deepseek_v3", "longcat_flash");

    private RopeKeys() {}

    /** Types that the engine computes. */
    static List<String> types(Engine engine, JsonValues config) {
        List<String> types = new ArrayList<>(List.of("default", "linear", "dynamic", "yarn", "longrope", "llama3"));
        if (engine != Engine.TRANSFORMERS_4) {
            types.add("proportional");
        }
        if (engine == Engine.VLLM) {
            types.addAll(List.of("su", LayerReading.TELECHAT3));
        }
        if (engine == Engine.VLLM && VllmClass.of(config).orElse(VllmClass.GENERAL) != VllmClass.TRANSFORMERS) {
            types.addAll(
                    List.of("ntk", "mllama4", "bailing_mrope", "openpangu", "deepseek_yarn", "deepseek_llama_scaling"));
        }
        return types;
    }

    /** Whether the keys of this type are listed here; those that vLLM alone knows are not. */
    static boolean keysAreKnown(String type) {
        return List.of("default", "linear", "dynamic", "yarn", "longrope", "llama3", "proportional")
                .contains(type);
    }

    /** Keys without which the engine fails. */
    static List<String> required(LayerReading layer, String type) {
        boolean old = layer.engine() == Engine.TRANSFORMERS_4;
        boolean attention = attentionReadsFactor(layer, type);
        return switch (type) {
            case "linear", "dynamic" -> List.of("factor");
            case "yarn" ->
                layer.hasTableOfVllm()
                                && VllmClass.of(layer.config())
                                        .filter(VllmClass.GPT_OSS::equals)
                                        .isPresent()
                        ? List.of("factor", "beta_fast", "beta_slow")
                        : List.of("factor");
            case "longrope" ->
                attention || longRopeWantsFactor(layer)
                        ? List.of("short_factor", "long_factor", "factor")
                        : List.of("short_factor", "long_factor");
            case "llama3" ->
                old
                        ? List.of("factor", "low_freq_factor", "high_freq_factor", TRAINED_LENGTH)
                        : List.of("factor", "low_freq_factor", "high_freq_factor");
            default -> attention ? List.of("factor") : List.of();
        };
    }

    /** Version 4 takes the factor for the magnitude, where neither that nor the ratio of the lengths is given. */
    private static boolean longRopeWantsFactor(LayerReading layer) {
        return layer.engine() == Engine.TRANSFORMERS_4
                && !layer.dictionary().has("attention_factor")
                && !layer.config().has(TRAINED_LENGTH)
                && !layer.isPhi3();
    }

    /** Whether the model's rotary class reads {@code alpha} of a dynamic scaling. */
    static boolean readsAlpha(LayerReading layer) {
        return layer.keys().readsAlpha() || READ_ALPHA.contains(layer.modelType());
    }

    /** Whether the class's attention fails without a factor, whatever the frequencies need. */
    private static boolean attentionReadsFactor(LayerReading layer, String type) {
        return switch (layer.engine()) {
            case TRANSFORMERS_4 ->
                READ_FACTOR_IN_4.contains(layer.modelType())
                        && !layer.dictionary().isEmpty();
            case TRANSFORMERS_5 -> READ_FACTOR.contains(layer.modelType()) && !type.equals("default");
            default -> false;
        };
    }

    /** Keys that have an effect, or whose lack of one is a rule of its own. */
    static List<String> read(LayerReading layer, String type) {
        Engine engine = layer.engine();
        VllmClass kind = VllmClass.of(layer.config()).orElse(VllmClass.GENERAL);
        List<String> keys = new ArrayList<>(List.of(
                "rope_type", "type", "rope_theta", "mrope_section", "mrope_interleaved", "llama_4_scaling_beta"));
        if (engine != Engine.TRANSFORMERS_4) {
            keys.add("partial_rotary_factor");
        }
        boolean vllm = layer.hasTableOfVllm();
        switch (type) {
            case "linear", "proportional" -> keys.add("factor");
            case "dynamic" -> {
                keys.addAll(List.of("factor", TRAINED_LENGTH));
                if (vllm) {
                    keys.addAll(List.of("alpha", "max_trained_positions"));
                } else if (readsAlpha(layer)) {
                    keys.add("alpha");
                }
            }
            case "yarn" -> {
                keys.addAll(List.of("factor", TRAINED_LENGTH, "beta_fast", "beta_slow"));
                // That a magnitude is dropped is a rule of its own.
                keys.addAll(List.of("attention_factor", "mscale", "mscale_all_dim"));
                if (!vllm || kind != VllmClass.DEEPSEEK) {
                    keys.add("truncate");
                }
            }
            case "longrope" -> {
                keys.addAll(List.of("short_factor", "long_factor", "factor", TRAINED_LENGTH, "attention_factor"));
                if (vllm) {
                    keys.addAll(List.of("short_mscale", "long_mscale"));
                }
            }
            case "llama3" -> keys.addAll(List.of("factor", TRAINED_LENGTH, "low_freq_factor", "high_freq_factor"));
            default -> {
                // The default type has no keys of its own.
            }
        }
        return keys;
    }
}
