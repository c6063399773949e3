package resonance.transformer.training;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.position.RotaryTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.TensorArena;

/** An encoding's tables as the passes of training and evaluation read them, shared by all workers. */
final class TrainingPositions implements AutoCloseable {
    private final PositionTensors tensors;
    private final TensorArena arena;
    private final List<HeadRotation> rotations = new ArrayList<>(); // of each layer

    /**
     * @param positions tokens of the longest sequence to come
     * @param training whether there are passes backward
     */
    TrainingPositions(
            PositionEncoding encoding, DecoderConfig config, int positions, boolean training, ComputeDevice device) {
        tensors = new PositionTensors(encoding, config, positions, device);
        arena = new TensorArena(device);
        IdentityHashMap<RotaryTensors, HeadRotation> distinct = new IdentityHashMap<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            rotations.add(distinct.computeIfAbsent(
                    tensors.rotation(layer), one -> HeadRotation.of(one, config.attention(), training, arena)));
        }
    }

    PositionTensors tensors() {
        return tensors;
    }

    HeadRotation rotation(int layer) {
        return rotations.get(layer);
    }

    /** @throws IllegalArgumentException if a batch is longer than the tables */
    void requireRoom(TokenBatch batch) {
        if (batch.length() > tensors.positions()) {
            throw new IllegalArgumentException(
                    "batch length must be at most " + tensors.positions() + " tokens, was " + batch.length());
        }
    }

    @Override
    public void close() {
        tensors.close();
        arena.close();
    }
}
