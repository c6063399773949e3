package resonance.transformer.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import resonance.decoder.DecoderConfig;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;

/**
 * The parameters of a decoder as the matrices that its passes multiply by: weights, copies of another type, or gradients.
 *
 * <p>Parameters that are {@linkplain ParameterRole#joint joined} are one tensor. A tensor has no elements where the decoder
 * has no such parameter, and in gradients where it is not trained. Matrices of layers may have {@linkplain LowRankAdapters
 * adapters}. Whoever gives the tensors owns them.
 */
public final class DecoderTensors {
    /**
     * A matrix that activations are multiplied by, of joined parameters, with the adapters of its parts.
     *
     * @param weight W (O, I)
     */
    public record Matrix(Tensor weight, List<Adapter> adapters) {}

    /**
     * An adapter of some rows of a matrix.
     *
     * @param first A (r, I)
     * @param second B (rows, r)
     * @param row the first of the rows
     * @param scale alpha / r
     */
    public record Adapter(Tensor first, Tensor second, long row, double scale) {}

    /** The tensors of one block. */
    public record Block(
            Tensor attentionNorm, // (D)
            Matrix queryKeyValue, // ((H + 2 K) S, D)
            Tensor queryKeyValueBias, // ((H + 2 K) S) or (0)
            Tensor queryNorm, // (S) or (0)
            Tensor keyNorm, // (S) or (0)
            Matrix attentionOutput, // (D, H S)
            Tensor attentionPostNorm, // (D) or (0)
            Tensor feedForwardNorm, // (D)
            Matrix feedForwardInput, // (F or 2 F, D)
            Matrix feedForwardOutput, // (D, F)
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
        this(config, source, joined -> List.of(), absent);
    }

    /** @param adapters gives the adapters of joined parameters */
    private DecoderTensors(
            DecoderConfig config,
            Function<List<Parameter>, Tensor> source,
            Function<List<Parameter>, List<Adapter>> adapters,
            Tensor absent) {
        Lookup lookup = new Lookup(config, source, adapters, absent);
        embedding = lookup.tensor(ParameterRole.EMBEDDING, Parameter.NO_LAYER);
        List<Block> list = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            list.add(new Block(
                    lookup.tensor(ParameterRole.ATTENTION_NORM, layer),
                    lookup.matrix(ParameterRole.QUERY, layer),
                    lookup.tensor(ParameterRole.QUERY_BIAS, layer),
                    lookup.tensor(ParameterRole.QUERY_NORM, layer),
                    lookup.tensor(ParameterRole.KEY_NORM, layer),
                    lookup.matrix(ParameterRole.ATTENTION_OUTPUT, layer),
                    lookup.tensor(ParameterRole.ATTENTION_POST_NORM, layer),
                    lookup.tensor(ParameterRole.FEED_FORWARD_NORM, layer),
                    lookup.matrix(ParameterRole.GATE, layer),
                    lookup.matrix(ParameterRole.DOWN, layer),
                    lookup.tensor(ParameterRole.FEED_FORWARD_POST_NORM, layer)));
        }
        blocks = List.copyOf(list);
        finalNorm = lookup.tensor(ParameterRole.FINAL_NORM, Parameter.NO_LAYER);
        relativeBias = lookup.tensor(ParameterRole.RELATIVE_BIAS, Parameter.NO_LAYER);
        head = config.embedding().tied() ? embedding : lookup.tensor(ParameterRole.HEAD, Parameter.NO_LAYER);
    }

    private record Lookup(
            DecoderConfig config,
            Function<List<Parameter>, Tensor> source,
            Function<List<Parameter>, List<Adapter>> adapters,
            Tensor absent) {
        Matrix matrix(ParameterRole role, int layer) {
            return new Matrix(tensor(role, layer), adapters.apply(ParameterLayout.joined(config, role, layer)));
        }

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
                    joined -> adapters(layout, joined, flat, arena),
                    absent);
        }
    }

    private static List<Adapter> adapters(
            ParameterLayout layout, List<Parameter> joined, Tensor flat, TensorArena arena) {
        double scale = layout.adapters().map(LowRankAdapters::scale).orElse(0.0);
        List<Adapter> adapters = new ArrayList<>();
        long row = 0;
        for (Parameter parameter : joined) {
            long at = row;
            long rows = parameter.shape().get(0);
            layout.adapterPlace(parameter).ifPresent(place -> {
                Tensor first = flat.narrow(0, place.offset(), place.secondOffset() - place.offset());
                Tensor second = flat.narrow(0, place.secondOffset(), place.end() - place.secondOffset());
                adapters.add(new Adapter(
                        arena.keep(first.view(place.rank(), parameter.columns())),
                        arena.keep(second.view(rows, place.rank())),
                        at,
                        scale));
            });
            row += rows;
        }
        return List.copyOf(adapters);
    }

    /** The shape of joined parameters: their rows one after the other. */
    public static long[] shape(List<Parameter> joined) {
        long rows =
                joined.stream().mapToLong(parameter -> parameter.shape().get(0)).sum();
        Parameter first = joined.get(0);
        return first.shape().size() == 1 ? new long[] {rows} : new long[] {rows, first.columns()};
    }
}
