package resonance.language;

/**
 * Thrown where a model's results are no numbers: its weights are damaged, or overflow under an encoding. Whatever it is asked
 * there has no answer, and none is kept.
 */
public final class BrokenModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param what "logits", "loss", ...
     * @param value NaN or infinite
     * @param where the encoding, the length and the place in the text
     */
    BrokenModelException(String what, double value, String where) {
        super(what + " must be numbers, were " + value + " with " + where
                + "; the model is damaged or overflows: try precision float32, or leave the encoding out");
    }

    /** Refuses logits among which one is NaN, or none is finite. */
    static float[] require(float[] logits, String where) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit); // NaN if one is
        }
        if (!Float.isFinite(largest)) {
            throw new BrokenModelException("logits", largest, where);
        }
        return logits;
    }
}
