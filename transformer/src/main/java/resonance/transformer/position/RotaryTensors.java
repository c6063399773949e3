package resonance.transformer.position;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.rope.PositionRemap;
import resonance.rope.RopeFrequencies;
import resonance.rope.RotaryTable;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/**
 * The rotations of positions 0 … T−1 as complex numbers a·(cos, sin), shape (T, S/2).
 *
 * <p>A feature pair (2i, 2i+1) is a complex number, rotating it is one multiplication, and rotating back is one with
 * the conjugate. The attention scale a of YaRN is in both tables; the query's table also carries the factor on the
 * attention logits, which then costs nothing. Without a rotation the cosines are 1 and the sines 0.
 */
public final class RotaryTensors {
    public final Tensor query; // (T, S/2) complex
    public final Tensor key; // (T, S/2) complex
    /** What the product of a rotated query and a rotated key is multiplied by: a² and the factor on the logits. */
    public final double magnitude;

    /** @param arena keeps the tables */
    RotaryTensors(RopeFrequencies frequencies, int positions, double logitScale, TensorArena arena) {
        int pairs = frequencies.pairs();
        float[] cosines = new float[Math.multiplyExact(positions, pairs)];
        float[] sines = new float[cosines.length];
        RotaryTable.of(frequencies).fill(0, positions, cosines, sines);
        query = complex(cosines, sines, pairs, (float) logitScale, arena);
        key = complex(cosines, sines, pairs, 1, arena);
        magnitude = logitScale * frequencies.attentionScale() * frequencies.attentionScale();
    }

    /**
     * Tables of positions that a remap gives.
     *
     * @param far of keys that are far from a query; else those of near ones, which differ from plain tables by the remap's factor on
     *     queries alone
     */
    RotaryTensors(
            RopeFrequencies frequencies,
            PositionRemap remap,
            boolean far,
            int positions,
            double logitScale,
            TensorArena arena) {
        int pairs = frequencies.pairs();
        long[] queryAt = new long[positions];
        long[] keyAt = new long[positions];
        for (int position = 0; position < positions; position++) {
            queryAt[position] = far ? remap.farQuery(position) : position;
            keyAt[position] = far ? remap.farKey(position) : position;
        }
        float[] cosines = new float[Math.multiplyExact(positions, pairs)];
        float[] sines = new float[cosines.length];
        RotaryTable table = RotaryTable.of(frequencies);
        table.fillAt(keyAt, cosines, sines);
        key = complex(cosines, sines, pairs, 1, arena);
        table.fillAt(queryAt, cosines, sines);
        for (int i = 0; i < cosines.length; i++) {
            float factor = (float) remap.queryFactor(i / pairs);
            cosines[i] *= factor;
            sines[i] *= factor;
        }
        query = complex(cosines, sines, pairs, (float) logitScale, arena);
        magnitude = logitScale * frequencies.attentionScale() * frequencies.attentionScale();
    }

    private static Tensor complex(float[] cosines, float[] sines, int pairs, float scale, TensorArena arena) {
        float[] joined = new float[Math.multiplyExact(2, cosines.length)];
        for (int i = 0; i < cosines.length; i++) {
            joined[2 * i] = scale * cosines[i];
            joined[2 * i + 1] = scale * sines[i];
        }
        try (PointerScope scope = new PointerScope()) {
            Tensor table = arena.floats(cosines.length / pairs, pairs, 2);
            HostCopy.into(table, joined);
            return arena.keep(torch.view_as_complex(table));
        }
    }
}
