package resonance.model.huggingface;

import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.NormSettings;
import resonance.model.Architecture;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.PositionSettings;
import resonance.rope.huggingface.ModelRope;

/**
 * Turns a model's configuration into its description.
 *
 * <p>Sizes must be given, except those that transformers derives from others; the few defaults taken over are those of
 * all its classes alike. Keys that don't change the computation are not looked at.
 */
final class DescriptionReader {
    private static final double DEFAULT_NORM_EPSILON = 1e-6;
    private static final double DEFAULT_GEMMA_ATTENTION_SCALAR = 256;

    private final ConfigFile config;
    private final HuggingFaceFamily family;

    private DescriptionReader(ConfigFile config) {
        this.config = config;
        this.family = HuggingFaceFamily.of(config);
    }

    /**
     * Reads a description.
     *
     * @param name what the model is called
     * @param positions what the same configuration says of positions
     * @param embeddingType how the embedding is stored: Gemma's factor on it is rounded to that type, as in transformers
     */
    static ModelDescription read(
            ConfigFile config, String name, PositionSettings positions, SafetensorsType embeddingType) {
        return new DescriptionReader(config).read(name, positions, embeddingType);
    }

    private ModelDescription read(String name, PositionSettings positions, SafetensorsType embeddingType) {
        boolean gemma = gemma();
        int width = config.requiredSize("hidden_size");
        int heads = config.requiredSize("num_attention_heads");
        int headSize = headSize(width, heads);
        requireWholeHead(positions.rope(), headSize);
        requireWholeHead(positions.slidingRope(), headSize);
        DecoderConfig decoder = new DecoderConfig(
                config.requiredSize("vocab_size"),
                width,
                AttentionKind.ofWindows(positions.windows()),
                new AttentionShape(
                        heads,
                        keyValueHeads(heads),
                        headSize,
                        family.architecture() == Architecture.QWEN2,
                        1 / Math.sqrt(attentionScalar(headSize))),
                new FeedForwardShape(
                        feedForward(gemma ? "hidden_activation" : "hidden_act"),
                        config.requiredSize("intermediate_size")),
                new NormSettings(
                        config.positive("rms_norm_eps", DEFAULT_NORM_EPSILON),
                        gemma || family.architecture() == Architecture.QWEN3,
                        gemma),
                new EmbeddingSettings(
                        config.truth("tie_word_embeddings", gemma),
                        gemma ? embeddingType.rounded((float) Math.sqrt(width)) : 1,
                        1),
                0);
        return new ModelDescription(family.architecture(), name, decoder, positions);
    }

    private boolean gemma() {
        return family.architecture() == Architecture.GEMMA3;
    }

    private double attentionScalar(int headSize) {
        return gemma() ? config.positive("query_pre_attn_scalar", DEFAULT_GEMMA_ATTENTION_SCALAR) : headSize;
    }

    /** Qwen 3 and Gemma 3 have default sizes of their own, which no real model leaves to the default. */
    private int headSize(int width, int heads) {
        boolean given = switch (family) {
            case LLAMA, MISTRAL, QWEN2 -> config.has("head_dim");
            case QWEN3, GEMMA3 -> true;
        };
        int size = given ? config.requiredSize("head_dim") : width / heads;
        if (size < 2 || size % 2 != 0 || (!given && width % heads != 0)) {
            throw new ModelFormatException(config.name() + ": "
                    + (given ? "head_dim" : "hidden_size / num_attention_heads")
                    + " must be even and at least 2, was " + (given ? size : width + " / " + heads));
        }
        return size;
    }

    private int keyValueHeads(int heads) {
        boolean derived = config.contains("num_key_value_heads") || family.architecture() == Architecture.LLAMA;
        int keyValueHeads =
                derived ? config.size("num_key_value_heads").orElse(heads) : config.requiredSize("num_key_value_heads");
        if (heads % keyValueHeads != 0) {
            throw config.refusal("num_key_value_heads", "must divide num_attention_heads (" + heads + ")");
        }
        return keyValueHeads;
    }

    private FeedForwardKind feedForward(String key) {
        String fallback = gemma() ? "gelu_pytorch_tanh" : "silu";
        return switch (config.text(key).orElse(fallback)) {
            case "silu", "swish" -> FeedForwardKind.SWIGLU;
            case "gelu_pytorch_tanh" -> FeedForwardKind.GEGLU;
            default -> throw config.refusal(key, "must be silu, swish or gelu_pytorch_tanh");
        };
    }

    private void requireWholeHead(ModelRope rope, int headSize) {
        if (rope.headDimension() != headSize || rope.shape().headSize() != headSize) {
            throw new ModelFormatException(config.name() + ": partial_rotary_factor must leave the whole head of "
                    + headSize + " dimensions rotating, leaves " + rope.shape().headSize());
        }
    }
}
