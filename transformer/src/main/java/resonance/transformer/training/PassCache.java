package resonance.transformer.training;

import java.util.HashMap;
import java.util.Map;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/** One worker's passes and masks, made once for each shape met; all memory lies in one arena. */
final class PassCache implements AutoCloseable {
    private record Key(int rows, int length) {}

    private final DecoderConfig config;
    private final Precision precision;
    private final boolean training;
    private final TrainingPositions tables;
    private final TensorArena arena;
    private final Map<Key, DecoderPass> passes = new HashMap<>();
    private final Map<Integer, PassPositions> positions = new HashMap<>();

    PassCache(
            DecoderConfig config,
            Precision precision,
            boolean training,
            TrainingPositions tables,
            ComputeDevice device) {
        this.config = config;
        this.precision = precision;
        this.training = training;
        this.tables = tables;
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

    /** What the encoding does to passes of this length. */
    PassPositions positions(int length) {
        return positions.computeIfAbsent(length, key -> PassPositions.of(config, tables, length, arena));
    }

    @Override
    public void close() {
        arena.close();
    }
}
