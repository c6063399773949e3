package resonance.rope.huggingface;

import static java.util.Objects.requireNonNull;

import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;

/**
 * The position encoding of a model, or of one type of its layers.
 *
 * @param shape rotary size (as {@code headSize}), base and trained length; its sequence length is the trained length
 * @param scaling the method with its settings
 * @param headDimension dimensions of a head, rotating or not; at least {@code shape.headSize()}
 * @param maximumLength {@code max_position_embeddings}, tokens; at least 1
 */
public record ModelRope(RopeShape shape, RopeScaling scaling, int headDimension, int maximumLength) {
    /** Layer type under which a model has its encoding if all its layers share one. */
    public static final String ALL_LAYERS = "all";

    public ModelRope {
        requireNonNull(shape, "shape must not be null");
        requireNonNull(scaling, "scaling must not be null");
        if (headDimension < shape.headSize()) {
            throw new IllegalArgumentException(
                    "headDimension must be at least shape.headSize (" + shape.headSize() + "), was " + headDimension);
        }
        if (maximumLength < 1) {
            throw new IllegalArgumentException("maximumLength must be at least 1, was " + maximumLength);
        }
    }

    /** Frequencies when the model reads this many tokens. */
    public RopeFrequencies frequencies(long sequenceLength) {
        return scaling.frequencies(shape.withSequenceLength(sequenceLength));
    }
}
