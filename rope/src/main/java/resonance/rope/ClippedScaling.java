package resonance.rope;

import java.util.List;

/**
 * Clipped RoPE (CoPE): the slowest pairs are slowed further, along half a cosine, until the last one stands still.
 *
 * <pre>
 *   n        = floor(clippedShare * headSize / 2)
 *   theta'_j = theta_j                                     for j &lt; headSize/2 - n
 *              theta_j * (1 + cos(pi * k / (n - 1))) / 2    for the k-th of the last n, k = 0 .. n - 1
 *   attention scale 1 </pre>
 *
 * <p>Li et al., "CoPE: Clipped RoPE as A Scalable Free Lunch for Long Context LLMs", 2026, arXiv:2602.05258; not the contextual
 * position encoding that has the same short name. The formula is that of the authors' code, github.com/hrlics/CoPE ed52ba5,
 * {@code modeling_cope.py}. Differs from it: there n is 20 whatever the head (of 64 pairs, Llama 3's), here a share of the
 * pairs, 20/64 by default; there it may come after another scaling, here it is over plain RoPE. A single clipped pair (n = 1)
 * keeps its frequency, as there. Nothing depends on a length: it is one encoding for every text.
 *
 * @param clippedShare share of the pairs that are clipped, 0 to 1
 */
public record ClippedScaling(double clippedShare) implements RopeScaling {
    /** The authors' 20 of 64 pairs. */
    public static final double DEFAULT_CLIPPED_SHARE = 20.0 / 64;

    /** Share of the pairs that are clipped. */
    public static final Parameter<Double> CLIPPED_SHARE = Parameter.number(
            "clippedShare",
            DEFAULT_CLIPPED_SHARE,
            Parameter.Range.FRACTION,
            "share of pairs, slowest first, that slow down to rest");

    /** By name. */
    public static final ScalingMethod METHOD = new ScalingMethod(
            "cope",
            "CoPE",
            "slow pairs clipped along a cosine",
            ClippedScaling.class,
            List.of(CLIPPED_SHARE),
            settings -> new ClippedScaling(settings.get(CLIPPED_SHARE)));

    public ClippedScaling {
        Require.fraction("clippedShare", clippedShare);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        int clipped = (int) Math.floor(clippedShare * shape.headSize() / 2);
        int kept = radians.length - clipped;
        for (int k = 1; k < clipped; k++) {
            radians[kept + k] *= (1 + Math.cos(Math.PI * k / (clipped - 1))) / 2;
        }
        return RopeFrequencies.of(radians, 1);
    }
}
