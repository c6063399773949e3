package resonance.model;

import java.util.List;
import resonance.rope.huggingface.ModelRope;

/**
 * Everything about a model but its weights and its tokenizer, whatever the file format.
 *
 * @param architecture the family
 * @param name what the file, or the card in the folder, calls the model; the file's or folder's name if it says nothing
 * @param vocabularySize V, rows of the embedding
 * @param width D, features of the residual stream
 * @param layers number of blocks
 * @param heads H, query heads
 * @param keyValueHeads K, heads of keys and values, a divisor of H
 * @param headSize features of a head, even
 * @param feedForwardWidth F
 * @param activation function of the gated feed-forward
 * @param attentionBias whether query, key and value projections have biases
 * @param queryKeyNorm whether queries and keys pass an RMS norm per head before the rotation (Qwen3, Gemma 3)
 * @param postNorms whether each branch passes an RMS norm before it is added (Gemma 3)
 * @param tiedEmbedding whether the output head is the embedding
 * @param normEpsilon added to the mean square in RMS norms
 * @param attentionLogitScale factor on q·k
 * @param embeddingScale factor on the embedded tokens: sqrt(D) for Gemma, else 1
 * @param slidingWindows one per layer: how many positions a query sees, itself included; 0 for all
 * @param rope encoding of layers that see everything, as the model's own settings say
 * @param slidingRope encoding of layers with a window; the same object as {@code rope} where the model does not tell
 *     them apart; both rotate all of {@code headSize}
 */
public record ModelDescription(
        Architecture architecture,
        String name,
        int vocabularySize,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int feedForwardWidth,
        Activation activation,
        boolean attentionBias,
        boolean queryKeyNorm,
        boolean postNorms,
        boolean tiedEmbedding,
        double normEpsilon,
        double attentionLogitScale,
        double embeddingScale,
        List<Integer> slidingWindows,
        ModelRope rope,
        ModelRope slidingRope) {
    private static final int LONGEST_NAME = 200;

    public ModelDescription {
        slidingWindows = List.copyOf(slidingWindows);
        requireAtLeastOne("vocabularySize", vocabularySize);
        requireAtLeastOne("width", width);
        requireAtLeastOne("layers", layers);
        requireAtLeastOne("heads", heads);
        requireAtLeastOne("keyValueHeads", keyValueHeads);
        requireAtLeastOne("feedForwardWidth", feedForwardWidth);
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("keyValueHeads must divide heads (" + heads + "), was " + keyValueHeads);
        }
        if (headSize < 2 || headSize % 2 != 0) {
            throw new IllegalArgumentException("headSize must be even and at least 2, was " + headSize);
        }
        if (!(normEpsilon >= 0 && normEpsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("normEpsilon must be at least 0 and finite, was " + normEpsilon);
        }
        requireAboveZero("attentionLogitScale", attentionLogitScale);
        requireAboveZero("embeddingScale", embeddingScale);
        if (slidingWindows.size() != layers) {
            throw new IllegalArgumentException(
                    "slidingWindows must be one per layer (" + layers + "), were " + slidingWindows.size());
        }
        for (int window : slidingWindows) {
            if (window < 0) {
                throw new IllegalArgumentException("slidingWindows must be at least 0, were " + window);
            }
        }
        requireWholeHead("rope", rope, headSize);
        requireWholeHead("slidingRope", slidingRope, headSize);
    }

    /** A name as terminals and reports can show it: without control characters and outer blanks, and no longer than 200. */
    public static String printable(String name) {
        String visible = name.replaceAll("[\\p{Cc}\\p{Cf}]", "").strip();
        return visible.length() > LONGEST_NAME ? visible.substring(0, LONGEST_NAME) : visible;
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }

    private static void requireAboveZero(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be above 0 and finite, was " + value);
        }
    }

    private static void requireWholeHead(String name, ModelRope rope, int headSize) {
        if (rope.shape().headSize() != headSize) {
            throw new IllegalArgumentException(name + " must rotate the whole head of " + headSize
                    + " features, rotates " + rope.shape().headSize());
        }
    }
}
