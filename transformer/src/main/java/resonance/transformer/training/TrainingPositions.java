package resonance.transformer.training;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.position.RotaryTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.TensorArena;

/** An encoding's tables as the passes of training and evaluation read them, shared by all workers. */
final class TrainingPositions implements AutoCloseable {
    /**
     * The rotations of a layer's query and key heads, side by side as a projection has them: one product rotates all heads of a
     * token (see {@link RotaryTensors} for the numbers), and one with the conjugates takes a gradient back.
     *
     * @param forward (T, (H + K) S/2) complex
     * @param backward the conjugates; without rows where only run forwards
     */
    record Rotation(Tensor forward, Tensor backward) {}

    private final DecoderConfig config;
    private final PositionTensors tensors;
    private final TensorArena arena;
    private final List<Rotation> rotations = new ArrayList<>(); // of each layer

    /**
     * @param positions how many positions, from 0 on, the tokens to come stand at
     * @param training whether there are passes backward
     */
    TrainingPositions(
            PositionEncoding encoding, DecoderConfig config, int positions, boolean training, ComputeDevice device) {
        this.config = config;
        if (config.attentionKinds().stream()
                .anyMatch(kind -> encoding.remap(kind).isPresent())) {
            throw new IllegalArgumentException(
                    "encoding must be one that does not remap positions, which a FrozenDecoder runs, was " + encoding);
        }
        tensors = new PositionTensors(encoding, config, positions, device);
        arena = new TensorArena(device);
        IdentityHashMap<RotaryTensors, Rotation> distinct = new IdentityHashMap<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            rotations.add(distinct.computeIfAbsent(
                    tensors.rotation(layer), one -> sideBySide(one, config.attention(), positions, training)));
        }
    }

    private Rotation sideBySide(RotaryTensors one, AttentionShape attention, int positions, boolean training) {
        int h = attention.heads();
        int k = attention.keyValueHeads();
        try (PointerScope scope = new PointerScope()) {
            Tensor beside = arena.empty(ScalarType.ComplexFloat, positions, h + k, attention.headSize() / 2);
            beside.narrow(1, 0, h).copy_(one.query.unsqueeze(1));
            beside.narrow(1, h, k).copy_(one.key.unsqueeze(1));
            Tensor forward = arena.keep(beside.view(positions, -1));
            return new Rotation(
                    forward, arena.keep(torch.conj_physical(forward.narrow(0, 0, training ? positions : 0))));
        }
    }

    PositionTensors tensors() {
        return tensors;
    }

    Rotation rotation(int layer) {
        return rotations.get(layer);
    }

    /**
     * Checks that these are the tables for a batch.
     *
     * @throws IllegalArgumentException if a token stands beyond them, or the batch has positions where scores are biased by
     *     distance, or {@code firstSeen} with linear attention
     */
    void requireServes(TokenBatch batch) {
        if (batch.positions().length == 0 && batch.length() > tensors.positions()) {
            throw new IllegalArgumentException(
                    "batch length must be at most " + tensors.positions() + " tokens, was " + batch.length());
        }
        if (batch.positionsNeeded() > tensors.positions()) {
            throw new IllegalArgumentException("positions must be at most " + (tensors.positions() - 1) + ", was "
                    + (batch.positionsNeeded() - 1));
        }
        if (batch.positions().length > 0
                && (tensors.hasScoreBias() || config.relativeBias().isPresent())) {
            throw new IllegalArgumentException(
                    "positions must be none where scores are biased by the distance in the row, were given");
        }
        if (batch.firstSeen().length > 0 && config.attentionKinds().contains(AttentionKind.LINEAR)) {
            throw new IllegalArgumentException(
                    "firstSeen must be none with linear attention, whose sums go over the whole row, was given");
        }
    }

    @Override
    public void close() {
        tensors.close();
        arena.close();
    }
}
