package resonance.experiment;

import java.util.Collections;
import java.util.Locale;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.rope.Refusal;

/**
 * The size of the T5-style decoder that is trained, and what its queries see.
 *
 * @param width d_model
 * @param layers number of blocks
 * @param heads attention heads
 * @param headSize features of a head, even
 * @param feedForwardWidth d_ff
 * @param dropout probability of dropping an element in training
 * @param attention what the queries of every layer see
 */
public record ModelSize(
        int width, int layers, int heads, int headSize, int feedForwardWidth, double dropout, AttentionKind attention) {
    /** Two layers of T5-Small (section 6.1): d_model 512, 8 heads of 64, d_ff 2048, dropout 0.1. */
    public static final ModelSize PAPER = new ModelSize(512, 2, 8, 64, 2048, 0.1);

    /** A size whose queries see everything before them. */
    public ModelSize(int width, int layers, int heads, int headSize, int feedForwardWidth, double dropout) {
        this(width, layers, heads, headSize, feedForwardWidth, dropout, AttentionKind.FULL);
    }

    /**
     * The decoder for the tokens of a task and the start token.
     *
     * @throws IllegalArgumentException if a size is out of range, or there are more parameters than one array holds
     */
    DecoderConfig decoderConfig(int vocabulary) {
        requireOneArray(vocabulary + 1.0);
        return DecoderConfig.t5Style(vocabulary + 1, width, layers, heads, headSize, feedForwardWidth, dropout)
                .with(Collections.nCopies(layers, attention));
    }

    /** The trainer keeps all parameters in one array. Counted in double, which no size overflows. */
    private void requireOneArray(double vocabulary) {
        double block = 4.0 * width * heads * headSize + 2.0 * width * feedForwardWidth + 2.0 * width;
        double parameters = vocabulary * width + layers * block + width;
        if (parameters > Integer.MAX_VALUE) {
            throw Refusal.of(
                            "the model's sizes",
                            String.format(Locale.ROOT, "must make at most %,d parameters", Integer.MAX_VALUE),
                            String.format(Locale.ROOT, "made %,.0f", parameters))
                    .cure("take smaller ones");
        }
    }
}
