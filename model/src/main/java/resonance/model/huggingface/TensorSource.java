package resonance.model.huggingface;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.model.Architecture;
import resonance.model.ModelDescription;

/**
 * Where one parameter of {@link resonance.model.ModelWeights} is found in a Hugging Face model, and what is done to it.
 *
 * @param tensor its name there
 * @param rows of a matrix; elements of a vector
 * @param columns of a matrix; 1 for a vector
 * @param matrix whether it has two dimensions
 * @param pairedHeads heads whose rows are to be put from halves into interleaved pairs; 0 to leave the order
 * @param added to every element
 */
record TensorSource(String tensor, long rows, int columns, boolean matrix, int pairedHeads, float added) {
    /** Elements of the parameter. */
    long elements() {
        return rows * columns;
    }

    /** The shape that the tensor must have. */
    List<Long> shape() {
        return matrix ? List.of(rows, (long) columns) : List.of(rows);
    }

    /** All parameters of a model by their names, but for a head that is the embedding. */
    static Map<String, TensorSource> of(ModelDescription model) {
        Map<String, TensorSource> sources = new LinkedHashMap<>();
        int width = model.width();
        sources.put("embedding", matrix("model.embed_tokens.weight", model.vocabularySize(), width));
        for (int layer = 0; layer < model.layers(); layer++) {
            attention(model, "layer." + layer + ".attention.", "model.layers." + layer + ".", sources);
            feedForward(model, "layer." + layer + ".feedForward.", "model.layers." + layer + ".", sources);
        }
        sources.put("finalNorm", norm(model, "model.norm.weight", width, 0));
        if (!model.tiedEmbedding()) {
            sources.put("head", matrix("lm_head.weight", model.vocabularySize(), width));
        }
        return sources;
    }

    private static void attention(
            ModelDescription model, String prefix, String block, Map<String, TensorSource> sources) {
        int width = model.width();
        int heads = model.heads();
        int keyValueHeads = model.keyValueHeads();
        long queries = (long) heads * model.headSize();
        long keys = (long) keyValueHeads * model.headSize();
        String attention = block + "self_attn.";
        sources.put(prefix + "norm", norm(model, block + "input_layernorm.weight", width, 0));
        sources.put(prefix + "query", new TensorSource(attention + "q_proj.weight", queries, width, true, heads, 0));
        sources.put(prefix + "key", new TensorSource(attention + "k_proj.weight", keys, width, true, keyValueHeads, 0));
        sources.put(prefix + "value", matrix(attention + "v_proj.weight", keys, width));
        if (model.attentionBias()) {
            sources.put(prefix + "queryBias", new TensorSource(attention + "q_proj.bias", queries, 1, false, heads, 0));
            sources.put(
                    prefix + "keyBias", new TensorSource(attention + "k_proj.bias", keys, 1, false, keyValueHeads, 0));
            sources.put(prefix + "valueBias", new TensorSource(attention + "v_proj.bias", keys, 1, false, 0, 0));
        }
        if (model.queryKeyNorm()) {
            sources.put(prefix + "queryNorm", norm(model, attention + "q_norm.weight", model.headSize(), 1));
            sources.put(prefix + "keyNorm", norm(model, attention + "k_norm.weight", model.headSize(), 1));
        }
        sources.put(prefix + "output", matrix(attention + "o_proj.weight", width, Math.toIntExact(queries)));
        if (model.postNorms()) {
            sources.put(prefix + "postNorm", norm(model, block + "post_attention_layernorm.weight", width, 0));
        }
    }

    private static void feedForward(
            ModelDescription model, String prefix, String block, Map<String, TensorSource> sources) {
        int width = model.width();
        int hidden = model.feedForwardWidth();
        String norm = model.postNorms() ? "pre_feedforward_layernorm.weight" : "post_attention_layernorm.weight";
        sources.put(prefix + "norm", norm(model, block + norm, width, 0));
        sources.put(prefix + "gate", matrix(block + "mlp.gate_proj.weight", hidden, width));
        sources.put(prefix + "up", matrix(block + "mlp.up_proj.weight", hidden, width));
        sources.put(prefix + "down", matrix(block + "mlp.down_proj.weight", width, hidden));
        if (model.postNorms()) {
            sources.put(prefix + "postNorm", norm(model, block + "post_feedforward_layernorm.weight", width, 0));
        }
    }

    private static TensorSource matrix(String tensor, long rows, int columns) {
        return new TensorSource(tensor, rows, columns, true, 0, 0);
    }

    /** Gemma's norms multiply by one more than their weight. */
    private static TensorSource norm(ModelDescription model, String tensor, int size, int pairedHeads) {
        return new TensorSource(
                tensor, size, 1, false, pairedHeads, model.architecture() == Architecture.GEMMA3 ? 1 : 0);
    }
}
