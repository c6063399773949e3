package resonance.language.pretraining;

import resonance.decoder.DecoderConfig;
import resonance.rope.NoScaling;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeShape;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;

/**
 * The shape of a LLaMA-style model to be trained: RMS norms, SwiGLU, grouped queries, embedding and head tied, plain RoPE.
 *
 * @param vocabularySize most tokens of the tokenizer, {@value BytePairTrainer#SMALLEST_VOCABULARY} to 2^20
 * @param width features of the residual stream
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads heads of keys and values, a divisor of {@code heads}
 * @param headSize features of a head, even
 * @param feedForwardWidth features between the two halves of a feed-forward
 * @param trainedLength tokens of a training sequence, at least 2
 * @param ropeBase θ: pair i turns by θ^(−2i/headSize) a token; above 1
 */
public record PretrainedShape(
        int vocabularySize,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int feedForwardWidth,
        int trainedLength,
        double ropeBase) {
    /** Above that of any model. */
    private static final int LARGEST_VOCABULARY = 1 << 20;

    /** Added to the mean square in RMS norms; LLaMA 2's. */
    static final double NORM_EPSILON = 1e-5;

    /** The model that ships: 2.0 million parameters, 3.9 MB in bfloat16. */
    public static final PretrainedShape DEFAULT = new PretrainedShape(2048, 192, 4, 6, 2, 32, 512, 256, 10_000);

    public PretrainedShape {
        requireAtLeast("vocabularySize", vocabularySize, BytePairTrainer.SMALLEST_VOCABULARY);
        if (vocabularySize > LARGEST_VOCABULARY) {
            throw Refusal.was("vocabularySize", "must be at most " + LARGEST_VOCABULARY, vocabularySize);
        }
        requireAtLeast("trainedLength", trainedLength, 2);
        if (!(ropeBase > 1 && ropeBase < Double.POSITIVE_INFINITY)) {
            throw Refusal.of("ropeBase", "must be above 1 and finite", "was " + ropeBase);
        }
        decoderConfig(vocabularySize, width, layers, heads, keyValueHeads, headSize, feedForwardWidth);
        double rows = 2.0 * headSize * ((double) heads + keyValueHeads) + 3.0 * feedForwardWidth;
        double parameters = width * (layers * rows + BytePairTrainer.SMALLEST_VOCABULARY);
        if (parameters > Integer.MAX_VALUE) {
            throw Refusal.of(
                            "the model's sizes",
                            "must make at most " + Integer.MAX_VALUE + " parameters",
                            "made " + PlainNumber.text(Math.rint(parameters)))
                    .cure("take smaller ones");
        }
    }

    /** The decoder for a tokenizer with this many tokens. */
    DecoderConfig decoderConfig(int tokens) {
        return decoderConfig(tokens, width, layers, heads, keyValueHeads, headSize, feedForwardWidth);
    }

    private static DecoderConfig decoderConfig(
            int tokens, int width, int layers, int heads, int keyValueHeads, int headSize, int feedForwardWidth) {
        return DecoderConfig.llamaStyle(
                tokens, width, layers, heads, keyValueHeads, headSize, feedForwardWidth, NORM_EPSILON, true);
    }

    /** The encoding of training. */
    PositionEncoding encoding() {
        return RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(headSize, ropeBase, trainedLength)));
    }

    static void requireAtLeast(String name, long value, long least) {
        if (value < least) {
            throw Refusal.was(name, "must be at least " + least, value);
        }
    }
}
