package resonance.decoder;

import static resonance.decoder.SizeRules.requireAtLeast;

import resonance.rope.Refusal;

/**
 * A bias on the attention scores that is learned for each range of distances ("bucket") and query head, and shared by all
 * layers (Raffel et al., "T5", 2020, arXiv:1910.10683, section 2.1).
 *
 * <pre>
 *   score[h][t, u] += table[bucket(t − u), h]                        u ≤ t, table (buckets, H), a parameter
 *   bucket(d) = d                                                    d &lt; E = buckets / 2
 *   bucket(d) = min(buckets − 1, E + ⌊(buckets − E)·ln(d/E) / ln(maxDistance/E)⌋)    else </pre>
 *
 * <p>These are the buckets of a causal decoder, which needs none for what comes after a token; those of T5's encoder are other
 * ones. From {@code maxDistance} on all distances share the last bucket. A model trained on L tokens has learnt nothing for
 * buckets that begin at L or beyond: there the bias is what it was drawn as, but for weight decay.
 *
 * <p>Because it is learned, it is a part of the decoder and not of the position encoding, which can be exchanged.
 *
 * @param buckets ranges of distances, even, at least 2
 * @param maxDistance tokens; above {@code buckets} / 2
 */
public record RelativeBias(int buckets, int maxDistance) {
    /** T5's own: 32 buckets up to 128 tokens. */
    public static final RelativeBias T5 = new RelativeBias(32, 128);

    public RelativeBias {
        requireAtLeast("buckets", buckets, 2);
        SizeRules.require(buckets % 2 == 0, "buckets", "even", buckets);
        if (maxDistance <= buckets / 2) {
            throw Refusal.was("maxDistance", "must be above half of {buckets} (" + buckets + ")", maxDistance);
        }
    }

    /**
     * The bucket of a distance.
     *
     * @param distance tokens from a key to the query, at least 0
     */
    public int bucket(int distance) {
        int exact = buckets / 2;
        if (distance < exact) {
            return distance;
        }
        double share = Math.log(distance / (double) exact) / Math.log(maxDistance / (double) exact);
        return (int) Math.min(buckets - 1, exact + (long) (share * (buckets - exact)));
    }
}
