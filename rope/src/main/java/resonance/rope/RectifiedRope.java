package resonance.rope;

/**
 * ReRoPE, rectified RoPE: no distance is above a window, and queries beyond the trained length are sharpened.
 *
 * <pre>
 *   distance = min(m − n, W)
 *   query m is multiplied by max(1, ln(m + 1) / ln L) </pre>
 *
 * <p>Su, "Rectified Rotary Position Embeddings", 2023, github.com/bojone/rerope (rerope_patch.py, which was read); it has W = 512
 * of L = 4,096, its table W = 1,024.
 *
 * @param window W, at least 1
 * @param trainedLength L, tokens, at least 2
 */
public record RectifiedRope(int window, int trainedLength) implements PositionRemap {
    /** Name and source. */
    public static final RemapMethod METHOD =
            new RemapMethod("rerope", "ReRoPE", "no distance above a window", (trained, length) -> of(trained));

    public RectifiedRope {
        Require.atLeast("window", window, 1);
        Require.atLeast("trainedLength", trainedLength, 2);
    }

    /** A quarter of the trained length as the window. */
    static RectifiedRope of(int trainedLength) {
        return new RectifiedRope(Math.max(1, trainedLength / 4), Math.max(2, trainedLength));
    }

    @Override
    public long farQuery(long position) {
        return window;
    }

    @Override
    public long farKey(long position) {
        return 0;
    }

    @Override
    public double queryFactor(long position) {
        return Math.max(1, Math.log(position + 1.0) / Math.log(trainedLength));
    }
}
