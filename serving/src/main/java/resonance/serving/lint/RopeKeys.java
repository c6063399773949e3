package resonance.serving.lint;

import java.util.ArrayList;
import java.util.List;

/**
 * The types of scaling that an engine knows and the keys that it reads for each.
 *
 * <p>transformers: ROPE_INIT_FUNCTIONS and the validators of 4.57.6 and 5.18.0, executed. vLLM: get_rope, read.
 */
final class RopeKeys {
    private static final String TRAINED_LENGTH = LayerReading.TRAINED_LENGTH;

    private RopeKeys() {}

    /** Types that the engine computes. */
    static List<String> types(Engine engine) {
        List<String> types = new ArrayList<>(List.of("default", "linear", "dynamic", "yarn", "longrope", "llama3"));
        if (engine != Engine.TRANSFORMERS_4) {
            types.add("proportional");
        }
        if (engine == Engine.VLLM) {
            types.addAll(List.of("ntk", "mllama4", "xdrope", "deepseek_yarn", "deepseek_llama_scaling", "mrope", "su"));
        }
        return types;
    }

    /** Whether the keys of this type are listed here; those that vLLM alone knows are not. */
    static boolean keysAreKnown(String type) {
        return types(Engine.TRANSFORMERS_5).contains(type);
    }

    /** Keys without which the engine fails. */
    static List<String> required(LayerReading layer, String type) {
        boolean old = layer.engine() == Engine.TRANSFORMERS_4;
        return switch (type) {
            case "linear", "dynamic", "yarn" -> List.of("factor");
            case "longrope" ->
                old
                                && !layer.dictionary().has("attention_factor")
                                && !layer.config().has(TRAINED_LENGTH)
                                && !layer.isPhi3()
                        ? List.of("short_factor", "long_factor", "factor")
                        : List.of("short_factor", "long_factor");
            case "llama3" ->
                old
                        ? List.of("factor", "low_freq_factor", "high_freq_factor", TRAINED_LENGTH)
                        : List.of("factor", "low_freq_factor", "high_freq_factor");
            default -> List.of();
        };
    }

    /** Keys that have an effect, or whose lack of one is a rule of its own. */
    static List<String> read(Engine engine, String type) {
        List<String> keys = new ArrayList<>(List.of(
                "rope_type", "type", "rope_theta", "mrope_section", "mrope_interleaved", "llama_4_scaling_beta"));
        if (engine != Engine.TRANSFORMERS_4) {
            keys.add("partial_rotary_factor");
        }
        boolean vllm = engine == Engine.VLLM;
        switch (type) {
            case "linear", "proportional" -> keys.add("factor");
            case "dynamic" -> {
                keys.addAll(List.of("factor", TRAINED_LENGTH));
                if (vllm) {
                    keys.add("alpha");
                }
            }
            case "yarn" -> {
                keys.addAll(List.of("factor", TRAINED_LENGTH, "beta_fast", "beta_slow", "truncate"));
                keys.addAll(List.of("attention_factor", "mscale", "mscale_all_dim"));
                if (vllm) {
                    keys.addAll(List.of("extrapolation_factor", "attn_factor", "apply_yarn_scaling"));
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
