package resonance.transformer.training;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import resonance.decoder.RelativeBias;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/**
 * A learned bias on the scores of one pass, spread from buckets to pairs of tokens, and its gradient gathered back.
 *
 * <pre>
 *   scores[h, t, u]   = table[bucket(t − u), h]                                    u ≤ t
 *   gradient[b, h]   += Σ dscore[h, t, u] over layers, sequences and pairs with bucket(t − u) = b </pre>
 *
 * <p>What it has for keys after a query is of no account: the mask hides them, and their gradient is 0.
 */
final class LearnedBias {
    private static final long[] SEQUENCES = {0};

    private final Tensor buckets; // (T T) int64: of every pair
    private final Tensor members; // (buckets, T T): 1 where a pair is in a bucket; no columns without training
    private final Tensor scores; // (H, T, T)
    private final Tensor gradient; // (H, T, T) or (0)
    private final Tensor scoresByPair; // the same memory, (H, T T)
    private final Tensor gradientByPair; // the same memory, (T T, H)

    LearnedBias(PassShape shape, RelativeBias bias) {
        int length = shape.length;
        int heads = shape.config.attention().heads();
        int pairs = Math.multiplyExact(length, length);
        int[] ids = new int[pairs];
        for (int query = 0; query < length; query++) {
            for (int key = 0; key <= query; key++) {
                ids[query * length + key] = bias.bucket(query - key);
            }
        }
        TensorArena arena = shape.arena;
        int gathered = shape.training ? heads : 0;
        buckets = arena.empty(ScalarType.Long, pairs);
        scores = arena.floats(heads, length, length);
        gradient = arena.floats(gathered, length, length);
        members = arena.floats(bias.buckets(), shape.training ? pairs : 0);
        try (PointerScope scope = new PointerScope()) {
            buckets.copy_(HostCopy.ids(ids, 0, pairs));
            scoresByPair = arena.keep(scores.view(heads, pairs));
            gradientByPair = arena.keep(gradient.view(gathered, pairs).t());
        }
        if (shape.training) {
            HostCopy.into(members, membership(ids, bias.buckets()));
        }
    }

    private static float[] membership(int[] ids, int buckets) {
        float[] ones = new float[Math.multiplyExact(buckets, ids.length)];
        for (int pair = 0; pair < ids.length; pair++) {
            ones[ids[pair] * ids.length + pair] = 1;
        }
        return ones;
    }

    /** Takes over the table, float32 (buckets, H), as it is now. */
    void spread(Tensor table) {
        try (PointerScope scope = new PointerScope()) {
            scoresByPair.copy_(torch.index_select(table, 0, buckets).t());
        }
    }

    /** What is added to every sequence's scores, (H, T, T). */
    Tensor scores() {
        return scores;
    }

    void clearGradient() {
        gradient.zero_();
    }

    /** Adds the gradient of a layer's scores, (B, H, T, T), 0 for keys after a query. */
    void add(Tensor scoreGradient) {
        try (PointerScope scope = new PointerScope()) {
            gradient.add_(scoreGradient.sum(SEQUENCES));
        }
    }

    /** Adds what was gathered to the table's gradient, where that has elements. */
    void addGradient(Tensor tableGradient) {
        if (tableGradient.numel() > 0) {
            tableGradient.addmm_(members, gradientByPair);
        }
    }
}
