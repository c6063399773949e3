package resonance.language;

import java.util.List;
import resonance.decoder.DecoderConfig;
import resonance.evaluation.perplexity.TextWindow;
import resonance.model.ModelDescription;

/**
 * An estimate of the work of reading tokens, for progress and the time that is left: products with weights for every
 * token, and attention of every token to those before it.
 *
 * @param perToken multiplications with weights for a token
 * @param perPair the same work for a token and one it attends to, in a layer
 * @param windows one per layer: how many positions a token sees, itself included; 0 for all
 */
record ReadingCost(double perToken, double perPair, List<Integer> windows) {
    /**
     * Time of a multiplication of attention, in those of products with weights. Measured with SmolLM2-135M on two cores:
     * about 1.5 between 2,048 and 8,192 tokens, 2.8 between 8,192 and 32,768.
     */
    private static final double ATTENTION_TIME = 2.5;

    static ReadingCost of(ModelDescription model) {
        DecoderConfig decoder = model.decoder();
        double headFeatures = decoder.attention().queryWidth();
        double attention = 2 * headFeatures + 2.0 * decoder.attention().keyWidth();
        double layer =
                decoder.width() * (attention + 3.0 * decoder.feedForward().width());
        double perToken = decoder.layers() * layer + (double) decoder.width() * decoder.vocabularySize();
        return new ReadingCost(perToken, ATTENTION_TIME * 2 * headFeatures, decoder.windows());
    }

    /** Work of reading windows. */
    double of(List<TextWindow> windows) {
        return windows.stream().mapToDouble(window -> of(window.length())).sum();
    }

    /** Work of reading a text of this many tokens from its beginning. */
    double of(long tokens) {
        double pairs = 0;
        for (int window : windows) {
            double seen = window == 0 ? tokens : Math.min(window, tokens);
            pairs += seen * (tokens - seen / 2); // a triangle, then a band
        }
        return perToken * tokens + perPair * pairs;
    }
}
