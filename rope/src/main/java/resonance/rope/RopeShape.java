package resonance.rope;

import static java.util.Objects.checkIndex;

/**
 * What a scaling needs to know of a model: how many dimensions rotate, the rotary base, and the two lengths.
 *
 * <p>Paper to code (Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 3): d = {@code headSize},
 * b = {@code base}, L = {@code trainedLength}.
 *
 * @param headSize dimensions of a head that rotate, even; for a model with partial rotary this is the rotated part
 *     ({@link #rotarySize})
 * @param base rotary base, above 1
 * @param trainedLength longest sequence of the training before any scaling, tokens; at least 1. This is
 *     what Hugging Face calls {@code original_max_position_embeddings} (for {@code dynamic}:
 *     {@code max_position_embeddings})
 * @param sequenceLength current length, tokens; at least 1. Read only by scalings for which
 *     {@link RopeScaling#dependsOnSequenceLength()} is true
 */
public record RopeShape(int headSize, double base, int trainedLength, long sequenceLength) {
    /** Rotary base of the first RoPE models (Su et al., "RoFormer", 2021, arXiv:2104.09864) and of LLaMA. */
    public static final double DEFAULT_BASE = 10_000;

    public RopeShape {
        if (headSize < 2 || headSize % 2 != 0) {
            throw Refusal.was("headSize", "must be even and at least 2", headSize)
                    .cure("a rotation turns pairs of dimensions");
        }
        Require.above("base", base, 1);
        Require.atLeast("trainedLength", trainedLength, 1);
        Require.atLeast("sequenceLength", sequenceLength, 1);
    }

    /** A shape whose current length is the trained length. */
    public static RopeShape of(int headSize, double base, int trainedLength) {
        return new RopeShape(headSize, base, trainedLength, trainedLength);
    }

    /** The same model reading {@code newSequenceLength} tokens. */
    public RopeShape withSequenceLength(long newSequenceLength) {
        return new RopeShape(headSize, base, trainedLength, newSequenceLength);
    }

    /** The same model with another rotary base. */
    public RopeShape withBase(double newBase) {
        return new RopeShape(headSize, newBase, trainedLength, sequenceLength);
    }

    /** Number of features (pairs of dimensions), d/2. */
    public int pairs() {
        return headSize / 2;
    }

    /**
     * Unscaled frequency of one pair, {@code base^(-2*pair/headSize)} radians per token (RoFormer, section 3.2.2;
     * Resonance RoPE, eq. 7).
     */
    public double radiansPerToken(int pair) {
        checkIndex(pair, pairs());
        return Math.pow(base, -2.0 * pair / headSize);
    }

    /** Unscaled frequencies of all pairs, radians per token. */
    public double[] radiansPerToken() {
        double[] radians = new double[pairs()];
        for (int pair = 0; pair < radians.length; pair++) {
            radians[pair] = radiansPerToken(pair);
        }
        return radians;
    }

    /**
     * Dimensions that rotate in a model with partial rotary: {@code floor(headDimension * partialRotaryFactor)}, as
     * Hugging Face computes it. {@link Rotation} leaves the other dimensions as they are.
     *
     * @param headDimension dimensions of a head, rotating or not; at least 1
     * @param partialRotaryFactor share of them that rotates, from 0 to 1
     * @return rounded down; may be odd, which a shape then refuses
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static int rotarySize(int headDimension, double partialRotaryFactor) {
        Require.atLeast("headDimension", headDimension, 1);
        Require.fraction("partialRotaryFactor", partialRotaryFactor);
        return (int) (headDimension * partialRotaryFactor);
    }
}
