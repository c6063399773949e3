package resonance.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import resonance.rope.huggingface.ModelRope;

/**
 * What a model's files say of positions: all that is needed to show its encoding or to put another in its place.
 *
 * @param modelType what the files call the kind of model: "llama", "qwen3_5_text"
 * @param rope encoding of layers that see the whole text, as the model's own settings say
 * @param slidingRope encoding of layers with a window; equal to {@code rope} where the model does not tell them apart. Their
 *     heads may be of another size
 * @param windows one value for each layer that rotates, in their order: tokens that it sees at most, with its own; 0 for the
 *     whole text
 * @param unrotated number of layers whose attention does not rotate, or that have none
 */
public record PositionSettings(
        String modelType, ModelRope rope, ModelRope slidingRope, List<Integer> windows, int unrotated) {
    public PositionSettings {
        requireNonNull(modelType, "modelType must not be null");
        requireNonNull(rope, "rope must not be null");
        requireNonNull(slidingRope, "slidingRope must not be null");
        windows = List.copyOf(windows);
        if (unrotated < 0) {
            throw new IllegalArgumentException("unrotated must be at least 0, was " + unrotated);
        }
    }

    /** Whether all layers that rotate have one encoding. */
    public boolean sharesOneEncoding() {
        return rope.equals(slidingRope);
    }
}
