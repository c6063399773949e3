package resonance.transformer;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.rope.RopeFrequencies;
import resonance.rope.RotaryTable;

/**
 * The rotations of positions 0 … T−1 as complex numbers a·(cos, sin), shape (T, S/2), and what the passes need of them.
 *
 * <p>A feature pair (2i, 2i+1) is a complex number, rotating it is one multiplication, and rotating back is one with
 * the conjugate. The attention scale a of YaRN is in both tables; the query's table also carries the factor on the
 * attention logits, which then costs nothing.
 */
final class RotaryTensors implements AutoCloseable {
    final int positions;
    final Tensor query; // (T, S/2) complex
    final Tensor key; // (T, S/2) complex
    final Tensor queryBackward; // (T, S/2) complex: the conjugates; without rows where only run forwards
    final Tensor keyBackward; // (T, S/2) complex; likewise

    private final TensorArena arena;

    /** Tables of both directions. */
    static RotaryTensors forTraining(
            RopeFrequencies frequencies, int positions, double logitScale, ComputeDevice device) {
        return new RotaryTensors(frequencies, positions, positions, logitScale, device);
    }

    /** Tables of the forward direction only, on the CPU. */
    static RotaryTensors forward(RopeFrequencies frequencies, int positions, double logitScale) {
        return forward(frequencies, positions, logitScale, ComputeDevice.CPU);
    }

    /** Tables of the forward direction only. */
    static RotaryTensors forward(RopeFrequencies frequencies, int positions, double logitScale, ComputeDevice device) {
        return new RotaryTensors(frequencies, positions, 0, logitScale, device);
    }

    private RotaryTensors(
            RopeFrequencies frequencies, int positions, int backward, double logitScale, ComputeDevice device) {
        this.positions = positions;
        arena = new TensorArena(device);
        int pairs = frequencies.pairs();
        float[] cosines = new float[positions * pairs];
        float[] sines = new float[positions * pairs];
        RotaryTable.of(frequencies).fill(0, positions, cosines, sines);
        query = complex(cosines, sines, positions, pairs, (float) logitScale, 1);
        key = complex(cosines, sines, positions, pairs, 1, 1);
        queryBackward = complex(cosines, sines, backward, pairs, (float) logitScale, -1);
        keyBackward = complex(cosines, sines, backward, pairs, 1, -1);
    }

    private Tensor complex(float[] cosines, float[] sines, int rows, int pairs, float scale, int sign) {
        float[] joined = new float[2 * rows * pairs];
        for (int i = 0; i < rows * pairs; i++) {
            joined[2 * i] = scale * cosines[i];
            joined[2 * i + 1] = sign * scale * sines[i];
        }
        try (PointerScope scope = new PointerScope()) {
            Tensor table = arena.floats(rows, pairs, 2);
            table.copy_(torch.from_blob(new FloatPointer(joined), new long[] {rows, pairs, 2}));
            return arena.keep(torch.view_as_complex(table));
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
