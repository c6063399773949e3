package resonance.model.huggingface;

import resonance.decoder.Parameter;

/** What transformers calls the parameters of a decoder in the files of a model. */
public final class TensorNames {
    private TensorNames() {}

    /**
     * The name of a parameter's tensor: {@code model.layers.0.self_attn.q_proj.weight}, ...
     *
     * @param postNorms whether branches end with a norm too: then the one at the feed-forward's start is called otherwise
     */
    public static String of(Parameter parameter, boolean postNorms) {
        String name = switch (parameter.role()) {
            case EMBEDDING -> "model.embed_tokens.weight";
            case ATTENTION_NORM -> "input_layernorm.weight";
            case QUERY -> "self_attn.q_proj.weight";
            case KEY -> "self_attn.k_proj.weight";
            case VALUE -> "self_attn.v_proj.weight";
            case QUERY_BIAS -> "self_attn.q_proj.bias";
            case KEY_BIAS -> "self_attn.k_proj.bias";
            case VALUE_BIAS -> "self_attn.v_proj.bias";
            case QUERY_NORM -> "self_attn.q_norm.weight";
            case KEY_NORM -> "self_attn.k_norm.weight";
            case ATTENTION_OUTPUT -> "self_attn.o_proj.weight";
            case ATTENTION_POST_NORM -> "post_attention_layernorm.weight";
            case FEED_FORWARD_NORM ->
                postNorms ? "pre_feedforward_layernorm.weight" : "post_attention_layernorm.weight";
            case GATE -> "mlp.gate_proj.weight";
            case UP -> "mlp.up_proj.weight";
            case DOWN -> "mlp.down_proj.weight";
            case FEED_FORWARD_POST_NORM -> "post_feedforward_layernorm.weight";
            case FINAL_NORM -> "model.norm.weight";
            case HEAD -> "lm_head.weight";
            case RELATIVE_BIAS ->
                throw new IllegalArgumentException(
                        "parameter must be one that rotary models have in such files, was " + parameter.name());
        };
        return parameter.role().inLayers() ? "model.layers." + parameter.layer() + "." + name : name;
    }
}
