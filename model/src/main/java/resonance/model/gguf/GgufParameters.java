package resonance.model.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;

/** Finds the tensor of every parameter and checks its sizes; a tensor that nothing takes is an error, as in llama.cpp. */
final class GgufParameters {
    static final String EMBEDDING = "token_embd.weight";

    private final GgufFile file;
    private final ModelDescription model;
    private final boolean halves;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Set<String> consumed;

    /**
     * Where a parameter's values are.
     *
     * @param tensor holds them
     * @param headSize rows of a head that are stored as halves and must be interleaved; 0 if rows stay as they are
     */
    record Parameter(GgufTensor tensor, int headSize) {}

    private GgufParameters(GgufFile file, ModelDescription model, boolean halves, Set<String> consumed) {
        this.file = file;
        this.model = model;
        this.halves = halves;
        this.consumed = consumed;
    }

    static Map<String, Parameter> find(
            GgufFile file, ModelDescription model, GgufArchitecture architecture, Set<String> consumed) {
        return new GgufParameters(file, model, architecture.halves(), consumed).find();
    }

    private Map<String, Parameter> find() {
        long width = model.width();
        matrix("embedding", EMBEDDING, width, model.vocabularySize(), 0);
        for (int layer = 0; layer < model.layers(); layer++) {
            attention("layer." + layer + ".attention.", "blk." + layer + ".");
            feedForward("layer." + layer + ".feedForward.", "blk." + layer + ".");
        }
        vector("finalNorm", "output_norm.weight", width, 0);
        if (!model.tiedEmbedding()) {
            matrix("head", "output.weight", width, model.vocabularySize(), 0);
        }
        for (String name : file.tensors().keySet()) {
            if (!consumed.contains(name)) {
                throw refusal(
                        name,
                        "must be one that architecture '" + model.architecture().label() + "' has",
                        "one that nothing reads");
            }
        }
        return parameters;
    }

    private void attention(String name, String tensor) {
        long width = model.width();
        int headSize = model.headSize();
        int interleaved = halves ? headSize : 0;
        long queries = (long) model.heads() * headSize;
        long keys = (long) model.keyValueHeads() * headSize;
        vector(name + "norm", tensor + "attn_norm.weight", width, 0);
        matrix(name + "query", tensor + "attn_q.weight", width, queries, interleaved);
        matrix(name + "key", tensor + "attn_k.weight", width, keys, interleaved);
        matrix(name + "value", tensor + "attn_v.weight", width, keys, 0);
        if (model.attentionBias()) {
            vector(name + "queryBias", tensor + "attn_q.bias", queries, interleaved);
            vector(name + "keyBias", tensor + "attn_k.bias", keys, interleaved);
            vector(name + "valueBias", tensor + "attn_v.bias", keys, 0);
        }
        if (model.queryKeyNorm()) {
            vector(name + "queryNorm", tensor + "attn_q_norm.weight", headSize, interleaved);
            vector(name + "keyNorm", tensor + "attn_k_norm.weight", headSize, interleaved);
        }
        matrix(name + "output", tensor + "attn_output.weight", queries, width, 0);
        if (model.postNorms()) {
            vector(name + "postNorm", tensor + "post_attention_norm.weight", width, 0);
        }
    }

    private void feedForward(String name, String tensor) {
        long width = model.width();
        long hidden = model.feedForwardWidth();
        vector(name + "norm", tensor + "ffn_norm.weight", width, 0);
        matrix(name + "gate", tensor + "ffn_gate.weight", width, hidden, 0);
        matrix(name + "up", tensor + "ffn_up.weight", width, hidden, 0);
        matrix(name + "down", tensor + "ffn_down.weight", hidden, width, 0);
        if (model.postNorms()) {
            vector(name + "postNorm", tensor + "post_ffw_norm.weight", width, 0);
        }
    }

    private void matrix(String name, String tensorName, long columns, long rows, int headSize) {
        parameters.put(name, new Parameter(tensor(tensorName, List.of(columns, rows)), headSize));
    }

    private void vector(String name, String tensorName, long length, int headSize) {
        GgufTensor tensor = tensor(tensorName, List.of(length));
        if (!tensor.type().isPlain()) {
            throw refusal(
                    tensorName,
                    "must be F32, F16 or BF16, being a vector",
                    tensor.type().name());
        }
        parameters.put(name, new Parameter(tensor, headSize));
    }

    private GgufTensor tensor(String name, List<Long> sizes) {
        GgufTensor tensor = file.tensor(name).orElseThrow(() -> refusal(name, "must be there", "absent"));
        if (!withoutOnes(tensor.sizes()).equals(withoutOnes(sizes))) {
            throw refusal(name, "must have sizes " + sizes, tensor.sizes().toString());
        }
        consumed.add(name);
        return tensor;
    }

    /** Sizes of 1 at the end say nothing. */
    private static List<Long> withoutOnes(List<Long> sizes) {
        int last = sizes.size();
        while (last > 1 && sizes.get(last - 1) == 1) {
            last--;
        }
        return sizes.subList(0, last);
    }

    private ModelFormatException refusal(String tensor, String rule, String value) {
        return new ModelFormatException(
                file.path() + ": tensor " + GgufCursor.shown(tensor) + " " + rule + ", was " + value);
    }
}
