package resonance.transformer;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The extents of one pass of rows through the decoder, and the scratch tensors that its steps share.
 *
 * <p>A scratch tensor is valid within one step of one operator; whoever asks for the same type and shape next gets the
 * same memory.
 */
final class PassShape {
    /** B: sequences in the pass. */
    final int rows;
    /** T: tokens of a sequence. */
    final int length;
    /** N = B T. */
    final long tokens;

    final DecoderConfig config;
    final Precision precision;
    final TensorArena arena;

    private final Map<String, Tensor> scratch = new HashMap<>();

    PassShape(DecoderConfig config, Precision precision, int rows, int length, TensorArena arena) {
        this.config = config;
        this.precision = precision;
        this.rows = rows;
        this.length = length;
        this.tokens = (long) rows * length;
        this.arena = arena;
    }

    /** The type of the factors of products with weights. */
    ScalarType computeType() {
        return precision.scalarType();
    }

    /** Shared float32 scratch; {@code slot} tells apart tensors of the same shape in use at the same time. */
    Tensor scratch(int slot, long... shape) {
        return scratch(ScalarType.Float, slot, shape);
    }

    /** Shared scratch of the compute type. */
    Tensor computeScratch(int slot, long... shape) {
        return scratch(computeType(), slot, shape);
    }

    private Tensor scratch(ScalarType type, int slot, long... shape) {
        String key = type + "/" + slot + "/" + java.util.Arrays.toString(shape);
        return scratch.computeIfAbsent(key, absent -> arena.empty(type, shape));
    }
}
