package resonance.evaluation.perplexity;

/**
 * Losses added up: how many, their sum and the sum of their squares. A loss is −ln p in nats.
 *
 * <pre>  perplexity     = exp(mean)
 *   standard error = perplexity · sqrt((mean of squares − mean²) / (count − 1)) </pre>
 *
 * <p>The standard error is llama.cpp's: that of the mean of independent losses, carried through the exponential. Losses
 * of neighbouring tokens are not independent, so it tells too little rather than too much.
 *
 * @param count losses, at least 0
 * @param sum their sum
 * @param sumOfSquares the sum of their squares
 */
public record LossSum(long count, double sum, double sumOfSquares) {

    /** No losses. */
    public static final LossSum NONE = new LossSum(0, 0, 0);

    public LossSum {
        if (count < 0) {
            throw new IllegalArgumentException("count must be at least 0, was " + count);
        }
    }

    /** These losses and one more. */
    public LossSum plus(double loss) {
        return new LossSum(count + 1, sum + loss, sumOfSquares + loss * loss);
    }

    /** These losses and the others'. */
    public LossSum plus(LossSum other) {
        return new LossSum(count + other.count, sum + other.sum, sumOfSquares + other.sumOfSquares);
    }

    /** Mean loss in nats; NaN if there is none. */
    public double mean() {
        return sum / count;
    }

    /** The exponential of the mean loss; NaN if there is no loss. */
    public double perplexity() {
        return Math.exp(mean());
    }

    /** Standard error of the perplexity; NaN for fewer than two losses. */
    public double standardError() {
        if (count < 2) {
            return Double.NaN;
        }
        double variance = Math.max(0, sumOfSquares / count - mean() * mean());
        return perplexity() * Math.sqrt(variance / (count - 1));
    }
}
