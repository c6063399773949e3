package resonance.transformer.tensor;

import java.util.ArrayList;
import java.util.List;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;

/**
 * The work of reading tokens forward through a decoder, in multiplications with weights, so that equal amounts take about equal
 * times: products with weights for every token, and attention of every token to those that it sees.
 *
 * <pre>
 *   W(T) = T · perToken + perPair · Σ_layers pairs(T)      pairs(T) = T² / 2, or w (T − w / 2) with a window w ≤ T </pre>
 *
 * <p>A multiplication of attention counts {@value #ATTENTION_TIME} times. Training on a token is three times this work: its way
 * back has two products for each of those forward.
 *
 * @param perToken multiplications with weights for a token, those of the head included; in layers with linear attention also
 *     those with the sums that it keeps
 * @param perPair the same work for a token and one it attends to, in a layer
 * @param windows of the layers with a softmax: how many positions a token sees, itself included; 0 for all
 */
public record ForwardWork(double perToken, double perPair, List<Integer> windows) {
    /**
     * Time of a multiplication of attention, in those of products with weights. Measured with SmolLM2-135M on two cores:
     * about 1.5 between 2,048 and 8,192 tokens, 2.8 between 8,192 and 32,768.
     */
    private static final double ATTENTION_TIME = 2.5;

    public ForwardWork {
        windows = List.copyOf(windows);
    }

    /** The work of a decoder. */
    public static ForwardWork of(DecoderConfig decoder) {
        AttentionShape heads = decoder.attention();
        double attention = heads.joinedWidth() + (double) heads.queryWidth();
        double feedForward = decoder.feedForward().inputWidth()
                + (double) decoder.feedForward().width();
        double head = (double) decoder.width() * decoder.vocabularySize();
        double perToken = decoder.layers() * decoder.width() * (attention + feedForward) + head;
        List<Integer> windows = new ArrayList<>();
        for (AttentionKind kind : decoder.attentionKinds()) {
            if (kind.equals(AttentionKind.LINEAR)) {
                perToken += ATTENTION_TIME * 2 * heads.queryWidth() * heads.headSize();
            } else {
                windows.add(kind.window());
            }
        }
        return new ForwardWork(perToken, ATTENTION_TIME * 2 * heads.queryWidth(), windows);
    }

    /** Work of reading a text of this many tokens from its beginning. */
    public double of(long tokens) {
        double pairs = 0;
        for (int window : windows) {
            double seen = window == 0 ? tokens : Math.min(window, tokens);
            pairs += seen * (tokens - seen / 2); // a triangle, then a band
        }
        return perToken * tokens + perPair * pairs;
    }
}
