package resonance.language;

/** Log-probabilities from logits, in double. */
final class LogProbability {
    private LogProbability() {}

    /** −ln p of a token, nats: ln of the sum of all exponentials, less the token's logit. */
    static double negative(float[] logits, int token) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum) - logits[token];
    }
}
