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

    private final TensorArena arena;

    RotaryTensors(RopeFrequencies frequencies, int positions, double logitScale, ComputeDevice device) {
        this.positions = positions;
        arena = new TensorArena(device);
        int pairs = frequencies.pairs();
        float[] cosines = new float[positions * pairs];
        float[] sines = new float[positions * pairs];
        RotaryTable.of(frequencies).fill(0, positions, cosines, sines);
        query = complex(cosines, sines, positions, pairs, (float) logitScale);
        key = complex(cosines, sines, positions, pairs, 1);
    }

    private Tensor complex(float[] cosines, float[] sines, int rows, int pairs, float scale) {
        float[] joined = new float[2 * rows * pairs];
        for (int i = 0; i < rows * pairs; i++) {
            joined[2 * i] = scale * cosines[i];
            joined[2 * i + 1] = scale * sines[i];
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
