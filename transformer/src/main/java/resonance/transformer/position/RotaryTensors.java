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

    private RotaryTensors(RopeFrequencies frequencies, double logitScale, Tensor query, Tensor key) {
        this.query = query;
        this.key = key;
        magnitude = logitScale * frequencies.attentionScale() * frequencies.attentionScale();
    }

    /** @param arena keeps the tables */
    static RotaryTensors of(RopeFrequencies frequencies, int positions, double logitScale, TensorArena arena) {
        Rotations all = Rotations.of(frequencies, positions);
        RotaryTable.of(frequencies).fill(0, positions, all.cosines, all.sines);
        return new RotaryTensors(frequencies, logitScale, all.times(logitScale, arena), all.times(1, arena));
    }

    /**
     * Tables of positions that a remap gives.
     *
     * @param far of keys that are far from a query; else those of near ones, which differ from plain tables by the remap's factor on
     *     queries alone
     */
    static RotaryTensors of(
            RopeFrequencies frequencies,
            PositionRemap remap,
            boolean far,
            int positions,
            double logitScale,
            TensorArena arena) {
        long[] queryAt = new long[positions];
        long[] keyAt = new long[positions];
        for (int position = 0; position < positions; position++) {
            queryAt[position] = far ? remap.farQuery(position) : position;
            keyAt[position] = far ? remap.farKey(position) : position;
        }
        RotaryTable table = RotaryTable.of(frequencies);
        Rotations rotations = Rotations.of(frequencies, positions);
        table.fillAt(keyAt, rotations.cosines, rotations.sines);
        Tensor key = rotations.times(1, arena);
        table.fillAt(queryAt, rotations.cosines, rotations.sines);
        rotations.lengthen(remap);
        return new RotaryTensors(frequencies, logitScale, rotations.times(logitScale, arena), key);
    }

    /** Cosines and sines on the heap, position by position. */
    @SuppressWarnings("ArrayRecordComponent") // a buffer, never compared
    private record Rotations(int pairs, float[] cosines, float[] sines) {
        static Rotations of(RopeFrequencies frequencies, int positions) {
            int values = Math.multiplyExact(positions, frequencies.pairs());
            return new Rotations(frequencies.pairs(), new float[values], new float[values]);
        }

        /** Multiplies each position by the remap's factor on its query. */
        void lengthen(PositionRemap remap) {
            for (int i = 0; i < cosines.length; i++) {
                float factor = (float) remap.queryFactor(i / pairs);
                cosines[i] *= factor;
                sines[i] *= factor;
            }
        }

        /** A table of complex numbers. */
        Tensor times(double scale, TensorArena arena) {
            float factor = (float) scale;
            float[] joined = new float[Math.multiplyExact(2, cosines.length)];
            for (int i = 0; i < cosines.length; i++) {
                joined[2 * i] = factor * cosines[i];
                joined[2 * i + 1] = factor * sines[i];
            }
            try (PointerScope scope = new PointerScope()) {
                Tensor table = arena.floats(cosines.length / pairs, pairs, 2);
                HostCopy.into(table, joined);
                return arena.keep(torch.view_as_complex(table));
            }
        }
    }
}
