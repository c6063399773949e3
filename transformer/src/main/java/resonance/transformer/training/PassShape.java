package resonance.transformer.training;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * The extents of one pass of rows through the decoder, and the scratch tensors that its steps share.
 *
 * <p>Operators ask for their scratch once, when they are made. Whoever asks for the same type, slot and shape gets the same
 * memory, so a scratch tensor is valid within one call of one operator only. Slots are constants of a private enum of each
 * kind of operator, so that no two kinds can share one by mistake.
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
    /** Whether the pass goes backward too. */
    final boolean training;

    /** What it keeps for that. */
    final PassPlan plan;

    private record ScratchKey(ScalarType type, Enum<?> slot, List<Long> extents) {}

    private final Map<ScratchKey, Tensor> scratch = new HashMap<>();
    private final IdentityHashMap<Tensor, Tensor> transposes = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Map<Integer, Tensor>> parts = new IdentityHashMap<>(); // by first row

    /** A pass that keeps everything. */
    PassShape(DecoderConfig config, Precision precision, int rows, int length, boolean training, TensorArena arena) {
        this(config, precision, rows, length, training, PassPlan.WHOLE, arena);
    }

    PassShape(
            DecoderConfig config,
            Precision precision,
            int rows,
            int length,
            boolean training,
            PassPlan plan,
            TensorArena arena) {
        this.config = config;
        this.precision = precision;
        this.rows = rows;
        this.length = length;
        this.tokens = (long) rows * length;
        this.training = training;
        this.plan = plan;
        this.arena = arena;
    }

    /** The type of the factors of products with weights. */
    ScalarType computeType() {
        return precision.scalarType();
    }

    /** Shared float32 scratch; {@code slot}, the asking operator's own, tells apart tensors in use at the same time. */
    Tensor scratch(Enum<?> slot, long... shape) {
        return scratch(ScalarType.Float, slot, shape);
    }

    /** Shared scratch of the compute type. */
    Tensor computeScratch(Enum<?> slot, long... shape) {
        return scratch(computeType(), slot, shape);
    }

    /** {@link #scratch} for the backward direction: without elements in a pass that is not for training. */
    Tensor gradientScratch(Enum<?> slot, long... shape) {
        return training ? scratch(slot, shape) : scratch(slot, 0);
    }

    /** {@link #computeScratch} for the backward direction: without elements in a pass that is not for training. */
    Tensor computeGradientScratch(Enum<?> slot, long... shape) {
        return training ? computeScratch(slot, shape) : computeScratch(slot, 0);
    }

    /** Whether every block has activations of its own, which stand until the pass goes backward. */
    boolean keepsBlocks() {
        return training && !plan.recomputes();
    }

    /** The extents of so many of its rows. */
    PassShape ofRun(int run) {
        return new PassShape(config, precision, 1, run, training, plan, arena);
    }

    /** A run of rows of a matrix, itself if they are all, a view made once: for tensors that live as long as the pass. */
    Tensor part(Tensor matrix, int from, int count) {
        if (count == matrix.size(0)) {
            return matrix;
        }
        return parts.computeIfAbsent(matrix, key -> new HashMap<>()).computeIfAbsent(from, key -> {
            try (PointerScope scope = new PointerScope()) {
                return arena.keep(matrix.narrow(0, from, count));
            }
        });
    }

    /** The transpose of a matrix, a view made once: for tensors that live as long as the pass, not for passing ones. */
    Tensor transposed(Tensor matrix) {
        return transposes.computeIfAbsent(matrix, key -> {
            try (PointerScope scope = new PointerScope()) {
                return arena.keep(key.t());
            }
        });
    }

    private Tensor scratch(ScalarType type, Enum<?> slot, long... shape) {
        ScratchKey key = new ScratchKey(type, slot, Arrays.stream(shape).boxed().toList());
        return scratch.computeIfAbsent(key, absent -> arena.empty(type, shape));
    }
}
