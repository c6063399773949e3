package resonance.model.gguf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;

/** Finds the tensor of every parameter and checks its sizes; a tensor that nothing takes is an error, as in llama.cpp. */
final class GgufParameters {
    static final String EMBEDDING = "token_embd.weight";

    private final GgufFile file;
    private final ModelDescription model;
    private final boolean halves;
    private final Set<String> consumed;

    /**
     * Where a parameter's values are.
     *
     * @param tensor holds them
     * @param headSize rows of a head that are stored as halves and must be interleaved; 0 if rows stay as they are
     */
    record Source(GgufTensor tensor, int headSize) {}

    private GgufParameters(GgufFile file, ModelDescription model, boolean halves, Set<String> consumed) {
        this.file = file;
        this.model = model;
        this.halves = halves;
        this.consumed = consumed;
    }

    static Map<Parameter, Source> find(
            GgufFile file, ModelDescription model, GgufArchitecture architecture, Set<String> consumed) {
        return new GgufParameters(file, model, architecture.halves(), consumed).find();
    }

    private Map<Parameter, Source> find() {
        Map<Parameter, Source> sources = new LinkedHashMap<>();
        for (Parameter parameter : model.decoder().parameters()) {
            boolean interleaved = halves && hasPairs(parameter.role());
            sources.put(
                    parameter,
                    new Source(
                            tensor(parameter),
                            interleaved ? model.decoder().attention().headSize() : 0));
        }
        for (String name : file.tensors().keySet()) {
            if (!consumed.contains(name)) {
                throw refusal(
                        name,
                        "must be one that architecture '" + model.architecture().label() + "' has",
                        "one that nothing reads");
            }
        }
        return sources;
    }

    private static boolean hasPairs(ParameterRole role) {
        return switch (role) {
            case QUERY, KEY, QUERY_BIAS, KEY_BIAS, QUERY_NORM, KEY_NORM -> true;
            default -> false;
        };
    }

    private static String tensorName(Parameter parameter) {
        String name = switch (parameter.role()) {
            case EMBEDDING -> EMBEDDING;
            case ATTENTION_NORM -> "attn_norm.weight";
            case QUERY -> "attn_q.weight";
            case KEY -> "attn_k.weight";
            case VALUE -> "attn_v.weight";
            case QUERY_BIAS -> "attn_q.bias";
            case KEY_BIAS -> "attn_k.bias";
            case VALUE_BIAS -> "attn_v.bias";
            case QUERY_NORM -> "attn_q_norm.weight";
            case KEY_NORM -> "attn_k_norm.weight";
            case ATTENTION_OUTPUT -> "attn_output.weight";
            case ATTENTION_POST_NORM -> "post_attention_norm.weight";
            case FEED_FORWARD_NORM -> "ffn_norm.weight";
            case GATE -> "ffn_gate.weight";
            case UP -> "ffn_up.weight";
            case DOWN -> "ffn_down.weight";
            case FEED_FORWARD_POST_NORM -> "post_ffw_norm.weight";
            case FINAL_NORM -> "output_norm.weight";
            case HEAD -> "output.weight";
            case RELATIVE_BIAS ->
                throw new IllegalArgumentException(
                        "parameter must be one that rotary models have in such files, was " + parameter.name());
        };
        return parameter.role().inLayers() ? "blk." + parameter.layer() + "." + name : name;
    }

    private GgufTensor tensor(Parameter parameter) {
        String name = tensorName(parameter);
        GgufTensor tensor = file.tensor(name).orElseThrow(() -> refusal(name, "must be there", "absent"));
        List<Long> sizes = new ArrayList<>(parameter.shape());
        Collections.reverse(sizes); // GGUF counts the columns first
        if (!withoutOnes(tensor.sizes()).equals(withoutOnes(sizes))) {
            throw refusal(name, "must have sizes " + sizes, tensor.sizes().toString());
        }
        consumed.add(name);
        if (sizes.size() == 1 && !tensor.type().isPlain()) {
            throw refusal(
                    name,
                    "must be F32, F16 or BF16, being a vector",
                    tensor.type().name());
        }
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
