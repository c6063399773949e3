package resonance.transformer.training;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.AttentionShape;
import resonance.transformer.position.RotaryTensors;
import resonance.transformer.tensor.TensorArena;

/**
 * The rotations of a layer's query and key heads, side by side as a projection has them: (T, (H + K) S/2) complex numbers.
 *
 * <p>One product rotates all heads of a token (see {@link RotaryTensors} for the numbers), and one with the conjugates takes
 * a gradient back.
 *
 * @param forward the rotations
 * @param backward their conjugates; without rows where only run forwards
 */
record HeadRotation(Tensor forward, Tensor backward) {
    /** @param arena keeps the tables */
    static HeadRotation of(RotaryTensors one, AttentionShape attention, boolean training, TensorArena arena) {
        int h = attention.heads();
        int k = attention.keyValueHeads();
        long positions = one.query.size(0);
        try (PointerScope scope = new PointerScope()) {
            Tensor beside = arena.empty(ScalarType.ComplexFloat, positions, h + k, attention.headSize() / 2);
            beside.narrow(1, 0, h).copy_(one.query.unsqueeze(1));
            beside.narrow(1, h, k).copy_(one.key.unsqueeze(1));
            Tensor forward = arena.keep(beside.view(positions, -1));
            return new HeadRotation(
                    forward, arena.keep(torch.conj_physical(forward.narrow(0, 0, training ? positions : 0))));
        }
    }
}
