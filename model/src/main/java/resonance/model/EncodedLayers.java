package resonance.model;

import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;

/**
 * Layers of a model that share an encoding; {@link EncodingChoice#layers} finds them.
 *
 * @param kind which layers of the model these are
 * @param count number of these layers, at least 1
 * @param window tokens that they see at most; 0 for the whole text
 * @param encoding what they have by name
 * @param shape rotary size, base and trained length of the model's own encoding of these layers, and the length of the text
 * @param scaling what is meant by {@code encoding}, before Resonance
 * @param targetLength tokens that they see of the longest text: at most the window, if that is above the trained length
 */
public record EncodedLayers(
        Kind kind,
        int count,
        int window,
        EncodingChoice encoding,
        RopeShape shape,
        RopeScaling scaling,
        long targetLength) {
    /** Which layers. */
    public enum Kind {
        /** All layers, where they share one encoding. */
        ALL,
        /** Layers that see the whole text. */
        FULL,
        /** Layers with a window. */
        SLIDING
    }
}
