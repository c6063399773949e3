package resonance.language;

import resonance.model.ModelDescription;
import resonance.transformer.DecoderConfig;
import resonance.transformer.FeedForwardKind;

/** The decoder that a model's description asks for. */
final class DecoderConfigs {
    /** Models that were trained with a factor on their logits are not among those that can be read. */
    private static final double OUTPUT_SCALE = 1;

    private static final double NO_DROPOUT = 0;

    private DecoderConfigs() {}

    static DecoderConfig of(ModelDescription description) {
        return new DecoderConfig(
                description.vocabularySize(),
                description.width(),
                description.layers(),
                description.heads(),
                description.keyValueHeads(),
                description.headSize(),
                description.feedForwardWidth(),
                feedForward(description),
                description.attentionBias(),
                description.attentionLogitScale(),
                description.normEpsilon(),
                description.tiedEmbedding(),
                OUTPUT_SCALE,
                NO_DROPOUT,
                description.queryKeyNorm(),
                description.postNorms(),
                description.embeddingScale(),
                description.slidingWindows());
    }

    private static FeedForwardKind feedForward(ModelDescription description) {
        return switch (description.activation()) {
            case SILU -> FeedForwardKind.SWIGLU;
            case GELU_TANH -> FeedForwardKind.GEGLU;
        };
    }
}
