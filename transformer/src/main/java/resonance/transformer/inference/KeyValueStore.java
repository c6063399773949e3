package resonance.transformer.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/**
 * Rotated keys, and values, of the tokens read so far.
 *
 * <p>A text that will be continued keeps them for every layer (a KV cache). A text that is only scored needs those of
 * two layers: the one being attended to and the next, which is being filled; layers then take turns.
 */
final class KeyValueStore {
    private static final long[] LAST = {-1};

    private final List<Tensor> keys = new ArrayList<>(); // each (K, capacity, S) float32
    private final List<Tensor> farKeys = new ArrayList<>(); // the same for queries that are far; none unless asked for
    private final List<Tensor> values = new ArrayList<>(); // each (K, capacity, S) of the compute type
    private final int layers;
    private final float[][] largestKeys; // slot, K: the largest norm of a key

    /** @param far whether keys are rotated otherwise for queries that are far from them, and so kept twice */
    KeyValueStore(DecoderConfig config, Precision precision, int slots, long capacity, boolean far, TensorArena arena) {
        layers = config.layers();
        for (int slot = 0; slot < slots; slot++) {
            if (far) {
                farKeys.add(arena.floats(
                        config.attention().keyValueHeads(),
                        capacity,
                        config.attention().headSize()));
            }
            keys.add(arena.floats(
                    config.attention().keyValueHeads(),
                    capacity,
                    config.attention().headSize()));
            values.add(arena.empty(
                    precision.scalarType(),
                    config.attention().keyValueHeads(),
                    capacity,
                    config.attention().headSize()));
        }
        largestKeys = new float[slots][config.attention().keyValueHeads()];
    }

    Tensor keys(int layer) {
        return keys.get(layer % keys.size());
    }

    /** Keys as they are rotated for queries that are far from them. */
    Tensor farKeys(int layer) {
        return farKeys.get(layer % farKeys.size());
    }

    boolean keepsFarKeys() {
        return !farKeys.isEmpty();
    }

    Tensor values(int layer) {
        return values.get(layer % values.size());
    }

    /**
     * Forgets the norms of a slot's keys before it is filled anew. A bound that remembers other keys is still one, but decides
     * how attention is rounded, and results must not depend on what was read before.
     *
     * @param anew whether all texts are read from their beginning; slots that layers share are always filled anew
     */
    void prepare(int layer, boolean anew) {
        if (anew || keys.size() < layers) {
            Arrays.fill(largestKeys[layer % keys.size()], 0);
        }
    }

    /** Forgets the norms of all keys but those of the first {@code length} tokens. */
    void forgetNormsFrom(int length) {
        for (int slot = 0; slot < keys.size(); slot++) {
            Arrays.fill(largestKeys[slot], 0);
            if (length > 0) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor kept = keys.get(slot).narrow(1, 0, length);
                    noteNorms(slot, largestNorms(kept));
                }
            }
        }
    }

    /** The largest norm of each head's keys (K, tokens, S). */
    static float[] largestNorms(Tensor keys) {
        Tensor norms = torch.linalg_vector_norm(keys, new Scalar(2.0), LAST, false, new ScalarTypeOptional());
        float[] largest = new float[Math.toIntExact(keys.size(0))];
        new FloatPointer(torch.amax(norms, LAST, false).data_ptr()).get(largest);
        return largest;
    }

    /** Takes note of the norms of keys just written. */
    synchronized void noteNorms(int layer, float[] norms) {
        for (int head = 0; head < norms.length; head++) {
            noteNorm(layer, head, norms[head]);
        }
    }

    /** Takes note of the norm, or a bound on it, of a head's key just written. */
    synchronized void noteNorm(int layer, int head, float norm) {
        float[] largest = largestKeys[layer % keys.size()];
        largest[head] = Math.max(largest[head], norm);
    }

    /** An upper bound on the norm of this head's keys. */
    float largestKey(int layer, int head) {
        return largestKeys[layer % keys.size()][head];
    }
}
