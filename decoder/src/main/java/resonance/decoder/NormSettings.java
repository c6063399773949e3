package resonance.decoder;

/**
 * The RMS norms beside those that begin every branch and end the decoder.
 *
 * @param epsilon added to the mean square, at least 0; with 0 a row of zeros becomes no number
 * @param queryKey whether queries and keys pass an RMS norm per head before the rotation (Qwen3, Gemma 3)
 * @param post whether each branch passes an RMS norm before it is added to the residual stream (Gemma 3)
 */
public record NormSettings(double epsilon, boolean queryKey, boolean post) {
    public NormSettings {
        SizeRules.require(
                epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY, "normEpsilon", "at least 0 and finite", epsilon);
    }

    /** No other norms than those every decoder has. */
    public static NormSettings plain(double epsilon) {
        return new NormSettings(epsilon, false, false);
    }
}
