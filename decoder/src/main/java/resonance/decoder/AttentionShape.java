package resonance.decoder;

import static resonance.decoder.SizeRules.require;
import static resonance.decoder.SizeRules.requireAboveZero;
import static resonance.decoder.SizeRules.requireAtLeast;

import resonance.rope.Refusal;

/**
 * The heads of every layer's attention.
 *
 * @param heads H, query heads, at least 1
 * @param keyValueHeads K, heads of keys and values, a divisor of {@code heads}; equal to it for plain multi-head attention
 * @param headSize S, features of one head, even
 * @param bias whether the query, key and value projections have biases (Qwen2)
 * @param logitScale factor on q·k before the softmax: 1 in T5, 1/sqrt(headSize) in LLaMA; above 0
 */
public record AttentionShape(int heads, int keyValueHeads, int headSize, boolean bias, double logitScale) {
    public AttentionShape {
        requireAtLeast("heads", heads, 1);
        requireAtLeast("keyValueHeads", keyValueHeads, 1);
        requireAtLeast("headSize", headSize, 2);
        require(headSize % 2 == 0, "headSize", "even", headSize);
        if (heads % keyValueHeads != 0) {
            throw Refusal.was("keyValueHeads", "must divide {heads} (" + heads + ")", keyValueHeads);
        }
        requireAboveZero("attentionLogitScale", logitScale);
    }

    /** G = H / K, query heads that share a head of keys and values. */
    public int group() {
        return heads / keyValueHeads;
    }

    /** H S, rows of the query projection. */
    public long queryWidth() {
        return (long) heads * headSize;
    }

    /** K S, rows of the key and of the value projection. */
    public long keyWidth() {
        return (long) keyValueHeads * headSize;
    }

    /** (H + 2 K) S, rows of the joined query, key and value projection. */
    public int joinedWidth() {
        return Math.toIntExact(queryWidth() + 2 * keyWidth());
    }
}
