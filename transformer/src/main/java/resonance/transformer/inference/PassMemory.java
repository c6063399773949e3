package resonance.transformer.inference;

import org.bytedeco.pytorch.Tensor;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.TensorArena;

/** What a pass keeps of every row between its phases. */
final class PassMemory implements AutoCloseable {
    final int rows;
    final Tensor residual; // (rows, D) float32
    final Tensor queries; // (rows H S) float32, flat: a block's part is (K, G, block rows, S)

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);

    PassMemory(DecoderConfig config, int rows) {
        this.rows = rows;
        residual = arena.floats(rows, config.width());
        queries = arena.floats(rows * config.attention().queryWidth());
    }

    TensorArena arena() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}
