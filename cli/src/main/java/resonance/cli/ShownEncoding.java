package resonance.cli;

import resonance.model.EncodedLayers;
import resonance.model.EncodingChoice;
import resonance.rope.RopeScaling;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;

/**
 * A scaling to show.
 *
 * @param name the scaling's; "divisors" for a divisor of its own for every pair, as GGUF files may have
 * @param factor s, as far as the scaling reads it
 * @param scaling the scaling
 */
record ShownEncoding(String name, double factor, RopeScaling scaling) {

    /**
     * The scaling of a method.
     *
     * @throws IllegalArgumentException if it refuses its settings
     */
    static ShownEncoding named(ScalingMethod method, ScalingSettings settings) {
        return new ShownEncoding(method.name(), settings.factor(), method.scaling(settings));
    }

    /** The scaling of layers of a model. */
    static ShownEncoding of(EncodedLayers layers) {
        EncodingChoice choice = layers.encoding();
        return EncodingChoice.isModels(choice.encoding())
                ? own(layers.scaling())
                : new ShownEncoding(
                        choice.encoding().method().name(), choice.settings().factor(), layers.scaling());
    }

    /** A model's own scaling, called by the name of its method. */
    private static ShownEncoding own(RopeScaling own) {
        return new ShownEncoding(own.label(), own.factor(), own);
    }
}
