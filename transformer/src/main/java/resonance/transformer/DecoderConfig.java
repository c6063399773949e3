package resonance.transformer;

import java.util.Collections;
import java.util.List;
import resonance.rope.Refusal;

/**
 * The shape of a decoder-only Transformer with rotary positions: every size and every architectural choice, in one value.
 *
 * <p>One code serves the paper's two-layer T5-Small-style decoder ({@link #t5Style}) and LLaMA-style decoders ({@link
 * #llamaStyle}); they differ in these settings only:
 *
 * <pre>
 *   x_0     = E[tokens]                                   (B, T, D)
 *   x_mid   = x_l + Dropout(W_o Attention(RmsNorm(x_l)))
 *   x_(l+1) = x_mid + Dropout(W_down Activation(W_up RmsNorm(x_mid)))
 *   logits  = outputScale * Head(Dropout(RmsNorm(x_last)))   (B, T, V)
 * </pre>
 *
 * <p>Models of other families differ by what {@link #withQueryKeyNorm}, {@link #withPostNorms}, {@link
 * #withEmbeddingScale} and {@link #withSlidingWindows} add; such decoders can be run ({@link FrozenDecoder}) but not
 * trained.
 *
 * <p>Paper to code (Wang et al. 2024, section 6.1, and T5): d_model = {@code width} D, d_kv = {@code headSize},
 * d_ff = {@code feedForwardWidth} F.
 *
 * @param vocabularySize V, at least 2
 * @param width D, features of the residual stream, at least 1
 * @param layers number of blocks, at least 1
 * @param heads H, query heads, at least 1
 * @param keyValueHeads heads of keys and values, a divisor of {@code heads}; equal to it for plain multi-head attention
 * @param headSize features of one head, even
 * @param feedForwardWidth F, at least 1
 * @param feedForward activation, and whether it is gated
 * @param attentionBias whether the query, key and value projections have biases (Qwen2)
 * @param attentionLogitScale factor on q·k before the softmax: 1 in T5, 1/sqrt(headSize) in LLaMA; above 0
 * @param normEpsilon added to the mean square in RMS norm, at least 0; with 0 a row of zeros becomes no number
 * @param tiedEmbedding whether the output head is the embedding matrix
 * @param outputScale factor on the logits: D^(-1/2) in T5 with tied embeddings, 1 in LLaMA; above 0
 * @param dropout probability of dropping an element, in [0, 1)
 * @param queryKeyNorm whether queries and keys pass an RMS norm per head before the rotation (Qwen3, Gemma 3)
 * @param postNorms whether each branch passes an RMS norm before it is added to the residual stream (Gemma 3)
 * @param embeddingScale factor on the embedded tokens: sqrt(D) in Gemma, else 1; above 0
 * @param slidingWindows one per layer: how many positions a query sees, its own included; 0 for all of them
 */
public record DecoderConfig(
        int vocabularySize,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int feedForwardWidth,
        FeedForwardKind feedForward,
        boolean attentionBias,
        double attentionLogitScale,
        double normEpsilon,
        boolean tiedEmbedding,
        double outputScale,
        double dropout,
        boolean queryKeyNorm,
        boolean postNorms,
        double embeddingScale,
        List<Integer> slidingWindows) {

    public DecoderConfig {
        requireAtLeast("vocabularySize", vocabularySize, 2);
        requireAtLeast("width", width, 1);
        requireAtLeast("layers", layers, 1);
        requireAtLeast("heads", heads, 1);
        requireAtLeast("keyValueHeads", keyValueHeads, 1);
        requireAtLeast("headSize", headSize, 2);
        requireAtLeast("feedForwardWidth", feedForwardWidth, 1);
        if (headSize % 2 != 0) {
            throw Refusal.of("headSize", "must be even", "was " + headSize);
        }
        if (heads % keyValueHeads != 0) {
            throw Refusal.was("keyValueHeads", "must divide {heads} (" + heads + ")", keyValueHeads);
        }
        requireAboveZero("attentionLogitScale", attentionLogitScale);
        if (!(normEpsilon >= 0 && normEpsilon < Double.POSITIVE_INFINITY)) {
            throw Refusal.of("normEpsilon", "must be at least 0 and finite", "was " + normEpsilon);
        }
        requireAboveZero("outputScale", outputScale);
        if (!(dropout >= 0 && dropout < 1)) {
            throw Refusal.of("dropout", "must be at least 0 and below 1", "was " + dropout);
        }
        requireAboveZero("embeddingScale", embeddingScale);
        slidingWindows = List.copyOf(slidingWindows);
        if (slidingWindows.size() != layers) {
            throw new IllegalArgumentException(
                    "slidingWindows must be one for each of " + layers + " layers, were " + slidingWindows.size());
        }
        for (int window : slidingWindows) {
            requireAtLeast("slidingWindows", window, 0);
        }
    }

    /** A decoder without the additions of other families: no q/k norm, no post norms, plain embedding, no windows. */
    public DecoderConfig(
            int vocabularySize,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int feedForwardWidth,
            FeedForwardKind feedForward,
            boolean attentionBias,
            double attentionLogitScale,
            double normEpsilon,
            boolean tiedEmbedding,
            double outputScale,
            double dropout) {
        this(
                vocabularySize,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                feedForwardWidth,
                feedForward,
                attentionBias,
                attentionLogitScale,
                normEpsilon,
                tiedEmbedding,
                outputScale,
                dropout,
                false,
                false,
                1,
                Collections.nCopies(layers, 0));
    }

    /** The same decoder with an RMS norm per head on queries and keys. */
    public DecoderConfig withQueryKeyNorm() {
        return with(true, postNorms, embeddingScale, slidingWindows);
    }

    /** The same decoder with an RMS norm at the end of each branch. */
    public DecoderConfig withPostNorms() {
        return with(queryKeyNorm, true, embeddingScale, slidingWindows);
    }

    /** The same decoder with this factor on the embedded tokens. */
    public DecoderConfig withEmbeddingScale(double scale) {
        return with(queryKeyNorm, postNorms, scale, slidingWindows);
    }

    /** The same decoder with these windows, one per layer; 0 for a layer that sees everything. */
    public DecoderConfig withSlidingWindows(List<Integer> windows) {
        return with(queryKeyNorm, postNorms, embeddingScale, windows);
    }

    private DecoderConfig with(boolean norm, boolean post, double scale, List<Integer> windows) {
        return new DecoderConfig(
                vocabularySize,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                feedForwardWidth,
                feedForward,
                attentionBias,
                attentionLogitScale,
                normEpsilon,
                tiedEmbedding,
                outputScale,
                dropout,
                norm,
                post,
                scale,
                windows);
    }

    /** Whether the hand-written gradients cover this decoder. */
    boolean trainable() {
        return !queryKeyNorm
                && !postNorms
                && embeddingScale == 1
                && slidingWindows.stream().allMatch(w -> w == 0);
    }

    /**
     * The decoder of the paper's section 6.1: T5-Small's layer without biases, attention logits not divided by
     * sqrt(headSize), tied embedding with the output scaled by width^(-1/2).
     */
    public static DecoderConfig t5Style(
            int vocabularySize, int width, int layers, int heads, int headSize, int feedForwardWidth, double dropout) {
        return new DecoderConfig(
                vocabularySize,
                width,
                layers,
                heads,
                heads,
                headSize,
                feedForwardWidth,
                FeedForwardKind.RELU,
                false,
                1.0,
                1e-6,
                true,
                1 / Math.sqrt(width),
                dropout);
    }

    /** A LLaMA-style decoder: grouped-query attention scaled by headSize^(-1/2), SwiGLU, no biases. */
    public static DecoderConfig llamaStyle(
            int vocabularySize,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int feedForwardWidth,
            double normEpsilon,
            boolean tiedEmbedding) {
        return new DecoderConfig(
                vocabularySize,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                feedForwardWidth,
                FeedForwardKind.SWIGLU,
                false,
                1 / Math.sqrt(headSize),
                normEpsilon,
                tiedEmbedding,
                1.0,
                0.0);
    }

    /** Rows of the joined query, key and value projection: (H + 2 KV) · headSize. */
    int queryKeyValueWidth() {
        return (heads + 2 * keyValueHeads) * headSize;
    }

    /** Rows of the feed-forward's first projection: F, or 2 F where it is gated. */
    int feedForwardInputWidth() {
        return feedForward.gated() ? 2 * feedForwardWidth : feedForwardWidth;
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw Refusal.was(name, "must be at least " + least, value);
        }
    }

    private static void requireAboveZero(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw Refusal.of(name, "must be above 0 and finite", "was " + value);
        }
    }
}
