package resonance.decoder;

import java.util.Arrays;
import java.util.List;

/**
 * What a parameter does in a decoder; the order is that of the parameters.
 *
 * <p>Some matrices lie one after the other so that they are one product: queries, keys and values (and their biases), and
 * the gate and up halves of a gated feed-forward. Those have the same {@link #joint}.
 *
 * <p>D width, H query heads, K heads of keys and values, S head size, F feed-forward width, V vocabulary.
 */
public enum ParameterRole {
    /** (V, D). */
    EMBEDDING("embedding", Kind.MATRIX),
    /** (D), before attention. */
    ATTENTION_NORM("attention.norm", Kind.NORM),
    /** (H S, D). */
    QUERY("attention.query", Kind.MATRIX),
    /** (K S, D). */
    KEY("attention.key", Kind.MATRIX),
    /** (K S, D). */
    VALUE("attention.value", Kind.MATRIX),
    /** (H S). */
    QUERY_BIAS("attention.queryBias", Kind.BIAS),
    /** (K S). */
    KEY_BIAS("attention.keyBias", Kind.BIAS),
    /** (K S). */
    VALUE_BIAS("attention.valueBias", Kind.BIAS),
    /** (S), the same for every head. */
    QUERY_NORM("attention.queryNorm", Kind.NORM),
    /** (S), the same for every head. */
    KEY_NORM("attention.keyNorm", Kind.NORM),
    /** (D, H S). */
    ATTENTION_OUTPUT("attention.output", Kind.MATRIX),
    /** (D), after attention. */
    ATTENTION_POST_NORM("attention.postNorm", Kind.NORM),
    /** (D), before the feed-forward. */
    FEED_FORWARD_NORM("feedForward.norm", Kind.NORM),
    /** (F, D). */
    GATE("feedForward.gate", Kind.MATRIX),
    /** (F, D). */
    UP("feedForward.up", Kind.MATRIX),
    /** (D, F). */
    DOWN("feedForward.down", Kind.MATRIX),
    /** (D), after the feed-forward. */
    FEED_FORWARD_POST_NORM("feedForward.postNorm", Kind.NORM),
    /** (D), after the last layer. */
    FINAL_NORM("finalNorm", Kind.NORM),
    /** (V, D), unless it is the embedding. */
    HEAD("head", Kind.MATRIX),
    /** (buckets, H), the same for every layer; last, so that the others begin alike with it or without. */
    RELATIVE_BIAS("relativeBias", Kind.MATRIX);

    /** What kind of numbers a parameter holds, which decides how a new one begins. */
    public enum Kind {
        /** Drawn at random, with a spread by role. */
        MATRIX,
        /** A factor of each feature, 1 at first. */
        NORM,
        /** Added to each feature, 0 at first. */
        BIAS
    }

    static final List<ParameterRole> BEFORE_LAYERS = List.of(EMBEDDING);
    static final List<ParameterRole> AFTER_LAYERS = List.of(FINAL_NORM, HEAD, RELATIVE_BIAS);
    static final List<ParameterRole> IN_LAYERS =
            Arrays.stream(values()).filter(ParameterRole::inLayers).toList();

    private final String label;
    private final Kind kind;

    ParameterRole(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    /** The role's part of a parameter's name. */
    String label() {
        return label;
    }

    /** What kind of numbers it holds. */
    public Kind kind() {
        return kind;
    }

    /** Whether every layer has one of its own. */
    public boolean inLayers() {
        return switch (this) {
            case EMBEDDING, FINAL_NORM, HEAD, RELATIVE_BIAS -> false;
            default -> true;
        };
    }

    /** The role at the head of the matrix or vector that this one is a part of; itself where it stands alone. */
    public ParameterRole joint() {
        return switch (this) {
            case KEY, VALUE -> QUERY;
            case KEY_BIAS, VALUE_BIAS -> QUERY_BIAS;
            case UP -> GATE;
            default -> this;
        };
    }

    /** Dimensions in a decoder, row-major; empty where the decoder has no such parameter. */
    List<Long> shape(DecoderConfig config) {
        boolean has = switch (this) {
            case QUERY_BIAS, KEY_BIAS, VALUE_BIAS -> config.attention().bias();
            case QUERY_NORM, KEY_NORM -> config.norms().queryKey();
            case ATTENTION_POST_NORM, FEED_FORWARD_POST_NORM -> config.norms().post();
            case GATE -> config.feedForward().kind().gated();
            case HEAD -> !config.embedding().tied();
            case RELATIVE_BIAS -> config.relativeBias().isPresent();
            default -> true;
        };
        return has ? shape(config, config.width(), config.feedForward().width()) : List.of();
    }

    private List<Long> shape(DecoderConfig config, long d, long f) {
        AttentionShape attention = config.attention();
        return switch (this) {
            case EMBEDDING, HEAD -> List.of((long) config.vocabularySize(), d);
            case ATTENTION_NORM, ATTENTION_POST_NORM, FEED_FORWARD_NORM, FEED_FORWARD_POST_NORM, FINAL_NORM ->
                List.of(d);
            case QUERY -> List.of(attention.queryWidth(), d);
            case KEY, VALUE -> List.of(attention.keyWidth(), d);
            case QUERY_BIAS -> List.of(attention.queryWidth());
            case KEY_BIAS, VALUE_BIAS -> List.of(attention.keyWidth());
            case QUERY_NORM, KEY_NORM -> List.of((long) attention.headSize());
            case ATTENTION_OUTPUT -> List.of(d, attention.queryWidth());
            case GATE, UP -> List.of(f, d);
            case DOWN -> List.of(d, f);
            case RELATIVE_BIAS ->
                List.of((long) config.relativeBias().map(RelativeBias::buckets).orElse(0), (long) attention.heads());
        };
    }
}
