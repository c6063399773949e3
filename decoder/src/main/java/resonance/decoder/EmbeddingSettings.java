package resonance.decoder;

import static resonance.decoder.SizeRules.requireAboveZero;

/**
 * How tokens become features and features logits.
 *
 * @param tied whether the output head is the embedding matrix
 * @param scale factor on the embedded tokens: sqrt(D) in Gemma, else 1; above 0
 * @param outputScale factor on the logits: D^(-1/2) in T5 with tied embeddings, else 1; above 0
 */
public record EmbeddingSettings(boolean tied, double scale, double outputScale) {
    public EmbeddingSettings {
        requireAboveZero("embeddingScale", scale);
        requireAboveZero("outputScale", outputScale);
    }

    /** Without factors. */
    public static EmbeddingSettings plain(boolean tied) {
        return new EmbeddingSettings(tied, 1, 1);
    }
}
