package resonance.transformer.inference;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.TensorArena;

/** What a pass keeps of every row between its phases. */
final class PassMemory implements AutoCloseable {
    final int rows;
    final Tensor residual; // (rows, D) float32
    final Tensor queries; // (rows H S) float32, flat: a block's part is (K, G, block rows, S)

    private final DecoderConfig config;
    private @Nullable Tensor farQueries; // as queries; made at the first need

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);

    PassMemory(DecoderConfig config, int rows) {
        this.config = config;
        this.rows = rows;
        residual = arena.floats(rows, config.width());
        queries = arena.floats((long) rows * config.attention().queryWidth());
    }

    /** Queries as they are rotated for keys that are far from them, laid out as {@link #queries}. */
    Tensor farQueries() {
        Tensor made = farQueries;
        if (made == null) {
            made = arena.floats((long) rows * config.attention().queryWidth());
            farQueries = made;
        }
        return made;
    }

    TensorArena arena() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}
