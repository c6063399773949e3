package resonance.transformer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The matrices of a decoder that is only run, read once from a {@link WeightSource}.
 *
 * <p>Matrices of the blocks are of the compute type; embedding, head, norms and biases stay float32, so logits are
 * float32 products whatever the precision. Where a decoder lacks a norm or a bias, its tensor has no elements.
 */
final class FrozenWeights implements AutoCloseable {
    /** Elements read at a time. */
    private static final int CHUNK = 1 << 22;

    /** One block. */
    record Block(
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

    final Tensor embedding; // (V, D)
    final List<Block> blocks;
    final Tensor finalNorm; // (D)
    final Tensor head; // (V, D); the embedding where tied

    private final ParameterLayout layout;
    private final WeightSource source;
    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final float[] chunk = new float[CHUNK];

    FrozenWeights(DecoderConfig config, WeightSource source, Precision precision) {
        this.layout = new ParameterLayout(config);
        this.source = source;
        ScalarType compute = precision.scalarType();
        boolean read = false;
        try {
            int d = config.width();
            boolean norms = config.queryKeyNorm();
            boolean post = config.postNorms();
            boolean bias = config.attentionBias();
            embedding = matrix(ScalarType.Float, config.vocabularySize(), d, "embedding");
            List<Block> list = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                String attention = "layer." + i + ".attention.";
                String feedForward = "layer." + i + ".feedForward.";
                list.add(new Block(
                        vector(true, attention + "norm"),
                        matrix(
                                compute,
                                config.queryKeyValueWidth(),
                                d,
                                attention + "query",
                                attention + "key",
                                attention + "value"),
                        vector(bias, attention + "queryBias", attention + "keyBias", attention + "valueBias"),
                        vector(norms, attention + "queryNorm"),
                        vector(norms, attention + "keyNorm"),
                        matrix(compute, d, (long) config.heads() * config.headSize(), attention + "output"),
                        vector(post, attention + "postNorm"),
                        vector(true, feedForward + "norm"),
                        config.feedForward().gated()
                                ? matrix(
                                        compute,
                                        config.feedForwardInputWidth(),
                                        d,
                                        feedForward + "gate",
                                        feedForward + "up")
                                : matrix(compute, config.feedForwardInputWidth(), d, feedForward + "up"),
                        matrix(compute, d, config.feedForwardWidth(), feedForward + "down"),
                        vector(post, feedForward + "postNorm")));
            }
            blocks = List.copyOf(list);
            finalNorm = vector(true, "finalNorm");
            head = config.tiedEmbedding() ? embedding : matrix(ScalarType.Float, config.vocabularySize(), d, "head");
            read = true;
        } finally {
            if (!read) {
                arena.close();
            }
        }
    }

    private Tensor vector(boolean present, String... names) {
        return present ? filled(arena.floats(total(names)), names) : arena.floats(0);
    }

    private Tensor matrix(ScalarType type, long rows, long columns, String... names) {
        Tensor tensor = arena.empty(type, rows, columns);
        if (total(names) != rows * columns) {
            throw new IllegalStateException("layout of " + names[0] + " must have " + rows * columns + " elements");
        }
        return filled(tensor, names);
    }

    private long total(String... names) {
        long sum = 0;
        for (String name : names) {
            sum += layout.entry(name).size();
        }
        return sum;
    }

    /** Reads the named parameters one after the other into a tensor, whole rows at a time. */
    private Tensor filled(Tensor tensor, String... names) {
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = tensor.view(-1);
            long at = 0;
            for (String name : names) {
                ParameterLayout.Entry entry = layout.entry(name);
                List<Integer> shape = entry.shape();
                int row = shape.get(shape.size() - 1);
                int step = (int) Math.min(entry.size(), (long) Math.max(1, CHUNK / row) * row);
                float[] values = step <= CHUNK ? chunk : new float[step];
                for (long first = 0; first < entry.size(); first += step) {
                    int count = (int) Math.min(step, entry.size() - first);
                    source.read(name, first, count, values, 0);
                    try (PointerScope inner = new PointerScope()) {
                        FloatPointer native_ = new FloatPointer(count).put(values, 0, count);
                        flat.narrow(0, at + first, count).copy_(torch.from_blob(native_, new long[] {count}));
                    }
                }
                at += entry.size();
            }
        }
        return tensor;
    }

    @Override
    public void close() {
        arena.close();
    }
}
