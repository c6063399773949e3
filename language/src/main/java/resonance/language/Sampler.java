package resonance.language;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * Chooses tokens from logits, one after the other, the same ones every time for the same seed.
 *
 * <p>In this order: repetition penalty, temperature, top-k, top-p, min-p, then one draw from what is left; each step
 * sees the probabilities that the steps before it left. Among equal logits the smaller id counts as the likelier.
 * Random numbers are those of {@link Random}, whose sequence Java defines.
 */
public final class Sampler {
    private final SamplingSettings settings;
    private final Random random;
    private final BitSet seen = new BitSet();

    public Sampler(SamplingSettings settings) {
        this.settings = settings;
        this.random = new Random(settings.seed());
    }

    /** Notes tokens that the text has, for the repetition penalty. Chosen tokens are noted by themselves. */
    public void see(int... tokens) {
        for (int token : tokens) {
            seen.set(token);
        }
    }

    /**
     * The next token.
     *
     * @param logits one per token of the vocabulary; left as they are
     * @throws IllegalArgumentException if a logit is not a number, or none is finite
     */
    public int choose(float[] logits) {
        float[] scores = penalised(logits);
        long[] ranked = rank(scores);
        int chosen = settings.temperature() == 0 ? token(ranked, 0) : draw(scores, ranked);
        seen.set(chosen);
        return chosen;
    }

    private float[] penalised(float[] logits) {
        if (settings.repetitionPenalty() == 1) {
            return logits;
        }
        float[] scores = logits.clone();
        seen.stream().filter(token -> token < scores.length).forEach(token -> {
            double penalty = settings.repetitionPenalty();
            scores[token] = (float) (scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty);
        });
        return scores;
    }

    /**
     * Tokens from the least to the most likely, each as (order of its score, descending id) in one number; only the
     * last one is in its place if the sampler is greedy.
     */
    private long[] rank(float[] scores) {
        long[] ranked = new long[scores.length];
        int largest = 0;
        for (int token = 0; token < scores.length; token++) {
            if (Float.isNaN(scores[token])) {
                throw new IllegalArgumentException("logits must be numbers, the one of token " + token + " was NaN");
            }
            int bits = Float.floatToIntBits(scores[token] + 0f); // -0 and 0 are equals
            int order = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            ranked[token] = ((long) order << 32) | (Integer.MAX_VALUE - token);
            if (ranked[token] > ranked[largest]) {
                largest = token;
            }
        }
        if (scores.length == 0 || !Float.isFinite(scores[largest])) {
            throw new IllegalArgumentException("the largest logit must be finite, was "
                    + (scores.length == 0 ? "absent" : String.valueOf(scores[largest])));
        }
        if (settings.temperature() == 0) {
            ranked[scores.length - 1] = ranked[largest];
        } else {
            Arrays.sort(ranked);
        }
        return ranked;
    }

    /** The token of this rank, 0 the likeliest. */
    private static int token(long[] ranked, int rank) {
        return Integer.MAX_VALUE - (int) ranked[ranked.length - 1 - rank];
    }

    private int draw(float[] scores, long[] ranked) {
        double largest = scores[token(ranked, 0)];
        int kept = settings.topK() == 0 ? ranked.length : Math.min(settings.topK(), ranked.length);
        double[] weights = new double[kept];
        double total = 0;
        for (int rank = 0; rank < kept; rank++) {
            weights[rank] = Math.exp((scores[token(ranked, rank)] - largest) / settings.temperature());
            total += weights[rank];
        }
        kept = keptByTopP(weights, total);
        while (weights[kept - 1] < settings.minP()) { // the likeliest weighs 1
            kept--;
        }
        double keptTotal = 0;
        for (int rank = 0; rank < kept; rank++) {
            keptTotal += weights[rank];
        }
        double left = random.nextDouble() * keptTotal;
        int rank = 0;
        while (rank < kept - 1 && left >= weights[rank]) {
            left -= weights[rank];
            rank++;
        }
        return token(ranked, rank);
    }

    private int keptByTopP(double[] weights, double total) {
        if (settings.topP() == 1) {
            return weights.length;
        }
        double sum = 0;
        int kept = 0;
        while (kept < weights.length && sum < settings.topP() * total) {
            sum += weights[kept];
            kept++;
        }
        return kept;
    }
}
