package resonance.transformer.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;

/**
 * The parameters of a decoder as the matrices that its passes multiply by: weights, copies of another type, or gradients.
 *
 * <p>Parameters that are {@linkplain ParameterRole#joint joined} are one tensor. A tensor has no elements where the decoder
 * has no such parameter, and in gradients where it is not trained. Whoever gives the tensors owns them.
 */
public final class DecoderTensors {
    /** The tensors of one block. */
    public record Block(
            Tensor attentionNorm, // (D)
            Tensor queryKeyValue, // ((H + 2 K) S, D)
            Tensor queryKeyValueBias, // ((H + 2 K) S) or (0)
            Tensor queryNorm, // (S) or (0)
            Tensor keyNorm, // (S) or (0)
            Tensor attentionOutput, // (D, H S)
            Tensor attentionPostNorm, // (D) or (0)
            Tensor feedForwardNorm, // (D)
            Tensor feedForwardInput, // (F or 2 F, D)
            Tensor feedForwardOutput, // (D, F)
            Tensor feedForwardPostNorm // (D) or (0)
            ) {}

    public final Tensor embedding; // (V, D)
    public final List<Block> blocks;
    public final Tensor finalNorm; // (D)
    public final Tensor head; // (V, D); the embedding where tied
    public final Tensor relativeBias; // (buckets, H) or (0)

    /**
     * @param source gives the tensor of joined parameters, of which there is at least one
     * @param absent a tensor without elements
     */
    public DecoderTensors(DecoderConfig config, Function<List<Parameter>, Tensor> source, Tensor absent) {
        Lookup lookup = new Lookup(config, source, absent);
        embedding = lookup.tensor(ParameterRole.EMBEDDING, Parameter.NO_LAYER);
        List<Block> list = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            list.add(new Block(
                    lookup.tensor(ParameterRole.ATTENTION_NORM, layer),
                    lookup.tensor(ParameterRole.QUERY, layer),
                    lookup.tensor(ParameterRole.QUERY_BIAS, layer),
                    lookup.tensor(ParameterRole.QUERY_NORM, layer),
                    lookup.tensor(ParameterRole.KEY_NORM, layer),
                    lookup.tensor(ParameterRole.ATTENTION_OUTPUT, layer),
                    lookup.tensor(ParameterRole.ATTENTION_POST_NORM, layer),
                    lookup.tensor(ParameterRole.FEED_FORWARD_NORM, layer),
                    lookup.tensor(ParameterRole.GATE, layer),
                    lookup.tensor(ParameterRole.DOWN, layer),
                    lookup.tensor(ParameterRole.FEED_FORWARD_POST_NORM, layer)));
        }
        blocks = List.copyOf(list);
        finalNorm = lookup.tensor(ParameterRole.FINAL_NORM, Parameter.NO_LAYER);
        relativeBias = lookup.tensor(ParameterRole.RELATIVE_BIAS, Parameter.NO_LAYER);
        head = config.embedding().tied() ? embedding : lookup.tensor(ParameterRole.HEAD, Parameter.NO_LAYER);
    }

    private record Lookup(DecoderConfig config, Function<List<Parameter>, Tensor> source, Tensor absent) {
        Tensor tensor(ParameterRole role, int layer) {
            List<Parameter> joined = ParameterLayout.joined(config, role, layer);
            return joined.isEmpty() ? absent : source.apply(joined);
        }
    }

    /**
     * Views of the beginning of a flat vector, without elements for parameters that lie beyond its end.
     *
     * @param arena keeps the views, not the vector
     */
    public static DecoderTensors views(ParameterLayout layout, Tensor flat, TensorArena arena) {
        long length = flat.numel();
        Tensor absent = arena.floats(0);
        try (PointerScope scope = new PointerScope()) {
            return new DecoderTensors(
                    layout.config(),
                    joined -> {
                        long from = layout.entry(joined.get(0)).offset();
                        long size = joined.stream().mapToLong(Parameter::size).sum();
                        return from + size > length
                                ? absent
                                : arena.keep(flat.narrow(0, from, size).view(shape(joined)));
                    },
                    absent);
        }
    }

    /** The shape of joined parameters: their rows one after the other. */
    public static long[] shape(List<Parameter> joined) {
        long rows =
                joined.stream().mapToLong(parameter -> parameter.shape().get(0)).sum();
        Parameter first = joined.get(0);
        return first.shape().size() == 1 ? new long[] {rows} : new long[] {rows, first.columns()};
    }
}
