package resonance.transformer;

import org.bytedeco.pytorch.Tensor;

/** What a pass keeps of every row between its phases. */
final class PassMemory implements AutoCloseable {
    final int rows;
    final Tensor residual; // (rows, D) float32
    final Tensor queries; // (rows H S) float32, flat: a block's part is (K, G, block rows, S)

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);

    PassMemory(DecoderConfig config, int rows) {
        this.rows = rows;
        residual = arena.floats(rows, config.width());
        queries = arena.floats((long) rows * config.heads() * config.headSize());
    }

    TensorArena arena() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}
