package resonance.transformer;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.rope.RopeFrequencies;

/**
 * The rotations of a decoder's query and key heads, side by side as a projection has them: (T, (H + K) S/2) complex numbers.
 *
 * <p>One product rotates all heads of a token (see {@link RotaryTensors} for the numbers), and one with the conjugates takes
 * a gradient back.
 */
final class HeadRotation implements AutoCloseable {
    final int positions;
    final Tensor forward; // (T, (H + K) S/2) complex
    final Tensor backward; // the conjugates; without rows where only run forwards

    private final TensorArena arena;

    HeadRotation(
            DecoderConfig config, RopeFrequencies frequencies, int positions, boolean training, ComputeDevice device) {
        this.positions = positions;
        arena = new TensorArena(device);
        int h = config.heads();
        int k = config.keyValueHeads();
        try (PointerScope scope = new PointerScope();
                RotaryTensors one = new RotaryTensors(frequencies, positions, config.attentionLogitScale(), device)) {
            Tensor beside = arena.empty(ScalarType.ComplexFloat, positions, h + k, config.headSize() / 2);
            beside.narrow(1, 0, h).copy_(one.query.unsqueeze(1));
            beside.narrow(1, h, k).copy_(one.key.unsqueeze(1));
            forward = arena.keep(beside.view(positions, -1));
            backward = arena.keep(torch.conj_physical(forward.narrow(0, 0, training ? positions : 0)));
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
