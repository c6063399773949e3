package resonance.transformer.inference;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * The matrices of a decoder that is only run, read once from a {@link WeightSource}.
 *
 * <p>Matrices of the blocks are of the compute type; embedding, head, norms and biases stay float32, so logits are
 * float32 products whatever the precision.
 */
final class FrozenWeights implements AutoCloseable {
    /** Elements read at a time. */
    private static final int CHUNK = 1 << 22;

    final DecoderTensors tensors;

    private final WeightSource source;
    private final ScalarType compute;
    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);
    private final float[] chunk = new float[CHUNK];

    FrozenWeights(DecoderConfig config, WeightSource source, Precision precision) {
        this.source = source;
        this.compute = precision.scalarType();
        boolean read = false;
        try {
            tensors = new DecoderTensors(config, this::read, arena.floats(0));
            read = true;
        } finally {
            if (!read) {
                arena.close();
            }
        }
    }

    /** Whether a parameter is of the compute type: it is a matrix of a block. */
    static boolean isNarrow(Parameter parameter) {
        return parameter.role().inLayers() && parameter.shape().size() == 2;
    }

    /** Reads joined parameters one after the other into a tensor, whole rows at a time. */
    private Tensor read(List<Parameter> joined) {
        ScalarType type = isNarrow(joined.get(0)) ? compute : ScalarType.Float;
        Tensor tensor = arena.empty(type, DecoderTensors.shape(joined));
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = tensor.view(-1);
            long at = 0;
            for (Parameter parameter : joined) {
                long size = parameter.size();
                int row = parameter.columns();
                int step = (int) Math.min(size, (long) Math.max(1, CHUNK / row) * row);
                float[] values = step <= CHUNK ? chunk : new float[step];
                for (long first = 0; first < size; first += step) {
                    int count = (int) Math.min(step, size - first);
                    source.read(parameter, first, count, values, 0);
                    try (PointerScope inner = new PointerScope()) {
                        FloatPointer native_ = new FloatPointer(count).put(values, 0, count);
                        flat.narrow(0, at + first, count).copy_(torch.from_blob(native_, new long[] {count}));
                    }
                }
                at += size;
            }
        }
        return tensor;
    }

    @Override
    public void close() {
        arena.close();
    }
}
