package resonance.transformer;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One worker's passes and causal masks, made once for each shape met; all memory lies in one arena. */
final class PassCache implements AutoCloseable {
    private record Key(int rows, int length) {}

    private final DecoderConfig config;
    private final Precision precision;
    private final boolean training;
    private final TensorArena arena;
    private final Map<Key, DecoderPass> passes = new HashMap<>();
    private final Map<Integer, Tensor> masks = new HashMap<>();

    PassCache(DecoderConfig config, Precision precision, boolean training, ComputeDevice device) {
        this.config = config;
        this.precision = precision;
        this.training = training;
        this.arena = new TensorArena(device);
    }

    TensorArena arena() {
        return arena;
    }

    DecoderPass pass(int rows, int length) {
        return passes.computeIfAbsent(
                new Key(rows, length),
                key -> new DecoderPass(new PassShape(config, precision, rows, length, training, arena)));
    }

    /** 0 on and below the diagonal, −∞ above it, (T, T). */
    Tensor causalMask(int length) {
        return masks.computeIfAbsent(length, key -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor mask = arena.floats(length, length);
                mask.fill_(new Scalar(Double.NEGATIVE_INFINITY));
                return mask.triu_(1);
            }
        });
    }

    @Override
    public void close() {
        arena.close();
    }
}
