package resonance.decoder;

import static java.util.Objects.requireNonNull;
import static resonance.decoder.SizeRules.require;
import static resonance.decoder.SizeRules.requireAtLeast;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A decoder-only Transformer: every size and every architectural choice, in one value.
 *
 * <p>One code serves the paper's two-layer T5-Small-style decoder ({@link #t5Style}) and LLaMA-style decoders ({@link
 * #llamaStyle}); they differ in these settings only:
 *
 * <pre>
 *   x_0     = scale · E[tokens]                           (B, T, D)
 *   x_mid   = x_l + Dropout(W_o Attention(RmsNorm(x_l)))
 *   x_(l+1) = x_mid + Dropout(W_down Activation(W_up RmsNorm(x_mid)))
 *   logits  = outputScale · Head(Dropout(RmsNorm(x_last)))   (B, T, V)
 * </pre>
 *
 * <p>Paper to code (Wang et al. 2024, section 6.1, and T5): d_model = {@code width} D, d_kv = {@code headSize} S,
 * d_ff = {@code feedForward.width} F. How positions are told apart is no part of it, so that a decoder can be run with any
 * encoding, but for a bias that is learned.
 *
 * @param vocabularySize V, at least 1
 * @param width D, features of the residual stream, at least 1
 * @param attentionKinds what each layer's queries see, first layer to last; at least one
 * @param attention heads of every layer
 * @param feedForward of every layer
 * @param norms epsilon and the norms that only some families have
 * @param embedding ties and factors of embedding and head
 * @param dropout probability of dropping an element in training, in [0, 1)
 * @param relativeBias learned bias on the scores of every layer; empty for none
 */
public record DecoderConfig(
        int vocabularySize,
        int width,
        List<AttentionKind> attentionKinds,
        AttentionShape attention,
        FeedForwardShape feedForward,
        NormSettings norms,
        EmbeddingSettings embedding,
        double dropout,
        Optional<RelativeBias> relativeBias) {

    public DecoderConfig {
        requireAtLeast("vocabularySize", vocabularySize, 1);
        requireAtLeast("width", width, 1);
        attentionKinds = List.copyOf(attentionKinds);
        requireAtLeast("layers", attentionKinds.size(), 1);
        requireNonNull(attention, "attention must not be null");
        requireNonNull(feedForward, "feedForward must not be null");
        requireNonNull(norms, "norms must not be null");
        requireNonNull(embedding, "embedding must not be null");
        require(dropout >= 0 && dropout < 1, "dropout", "at least 0 and below 1", dropout);
        requireNonNull(relativeBias, "relativeBias must not be null");
        if (relativeBias.isPresent() && attentionKinds.contains(AttentionKind.LINEAR)) {
            throw new IllegalArgumentException(
                    "relativeBias must be none with linear attention, which has no scores to add it to, was "
                            + relativeBias.get());
        }
    }

    /** A decoder without a learned bias on its scores. */
    public DecoderConfig(
            int vocabularySize,
            int width,
            List<AttentionKind> attentionKinds,
            AttentionShape attention,
            FeedForwardShape feedForward,
            NormSettings norms,
            EmbeddingSettings embedding,
            double dropout) {
        this(
                vocabularySize,
                width,
                attentionKinds,
                attention,
                feedForward,
                norms,
                embedding,
                dropout,
                Optional.empty());
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
                AttentionKind.full(layers),
                new AttentionShape(heads, heads, headSize, false, 1),
                new FeedForwardShape(FeedForwardKind.RELU, feedForwardWidth),
                NormSettings.plain(1e-6),
                new EmbeddingSettings(true, 1, 1 / Math.sqrt(requireAtLeast("width", width, 1))),
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
                AttentionKind.full(layers),
                new AttentionShape(
                        heads, keyValueHeads, headSize, false, 1 / Math.sqrt(requireAtLeast("headSize", headSize, 2))),
                new FeedForwardShape(FeedForwardKind.SWIGLU, feedForwardWidth),
                NormSettings.plain(normEpsilon),
                EmbeddingSettings.plain(tiedEmbedding),
                0);
    }

    /** The same decoder with other kinds of attention, one a layer. */
    public DecoderConfig with(List<AttentionKind> kinds) {
        return new DecoderConfig(
                vocabularySize, width, kinds, attention, feedForward, norms, embedding, dropout, relativeBias);
    }

    /** The same decoder with other heads. */
    public DecoderConfig with(AttentionShape heads) {
        return new DecoderConfig(
                vocabularySize, width, attentionKinds, heads, feedForward, norms, embedding, dropout, relativeBias);
    }

    /** The same decoder with another feed-forward. */
    public DecoderConfig with(FeedForwardShape other) {
        return new DecoderConfig(
                vocabularySize, width, attentionKinds, attention, other, norms, embedding, dropout, relativeBias);
    }

    /** The same decoder with other norms. */
    public DecoderConfig with(NormSettings others) {
        return new DecoderConfig(
                vocabularySize,
                width,
                attentionKinds,
                attention,
                feedForward,
                others,
                embedding,
                dropout,
                relativeBias);
    }

    /** The same decoder with other ties and factors of its embedding. */
    public DecoderConfig with(EmbeddingSettings other) {
        return new DecoderConfig(
                vocabularySize, width, attentionKinds, attention, feedForward, norms, other, dropout, relativeBias);
    }

    /** The same decoder with another probability of dropping an element in training. */
    public DecoderConfig withDropout(double probability) {
        return new DecoderConfig(
                vocabularySize,
                width,
                attentionKinds,
                attention,
                feedForward,
                norms,
                embedding,
                probability,
                relativeBias);
    }

    /** The same decoder with a learned bias on its scores. */
    public DecoderConfig with(RelativeBias bias) {
        return new DecoderConfig(
                vocabularySize,
                width,
                attentionKinds,
                attention,
                feedForward,
                norms,
                embedding,
                dropout,
                Optional.of(bias));
    }

    /** Number of blocks. */
    public int layers() {
        return attentionKinds.size();
    }

    /** How many positions a query of each layer sees, its own included; 0 for all. */
    public List<Integer> windows() {
        return attentionKinds.stream().map(AttentionKind::window).toList();
    }

    /** Every parameter, from the embedding through the layers to the head. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        add(parameters, ParameterRole.BEFORE_LAYERS, Parameter.NO_LAYER);
        for (int layer = 0; layer < layers(); layer++) {
            add(parameters, ParameterRole.IN_LAYERS, layer);
        }
        add(parameters, ParameterRole.AFTER_LAYERS, Parameter.NO_LAYER);
        return parameters;
    }

    private void add(List<Parameter> parameters, List<ParameterRole> roles, int layer) {
        for (ParameterRole role : roles) {
            List<Long> shape = role.shape(this);
            if (!shape.isEmpty()) {
                parameters.add(new Parameter(role, layer, shape));
            }
        }
    }

    /**
     * The parameter of a role outside the layers.
     *
     * @throws IllegalArgumentException if this decoder has none
     */
    public Parameter parameter(ParameterRole role) {
        return parameter(role, Parameter.NO_LAYER);
    }

    /**
     * The parameter of a role in a layer, counted from 0.
     *
     * @throws IllegalArgumentException if this decoder has none
     */
    public Parameter parameter(ParameterRole role, int layer) {
        boolean placed = role.inLayers() ? layer >= 0 && layer < layers() : layer == Parameter.NO_LAYER;
        List<Long> shape = role.shape(this);
        if (!placed || shape.isEmpty()) {
            throw new IllegalArgumentException("parameter must be one of a decoder with " + layers() + " layers, "
                    + norms + " and " + embedding + ", was " + Parameter.name(role, layer));
        }
        return new Parameter(role, layer, shape);
    }
}
