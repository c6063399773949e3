package resonance.cli;

import resonance.model.EncodedLayers;
import resonance.model.EncodingChoice;
import resonance.model.gguf.EngineScaling;
import resonance.rope.PlainNumber;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeScaling;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;
import resonance.rope.huggingface.ModelRope;

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

    /** A model's own encoding in words: {@code yarn with factor 4}. */
    static String text(ModelRope own) {
        return own(own.scaling()).text();
    }

    /** Name and factor: {@code yarn with factor 4}, {@code none}. */
    String text() {
        return factor == 1 ? name : name + " with factor " + PlainNumber.text(factor);
    }

    /** A model's own scaling, called by the name of its method. */
    static ShownEncoding own(RopeScaling own) {
        String name = own instanceof EngineScaling engine ? engineName(engine) : methodName(own);
        return new ShownEncoding(name, own.factor(), own);
    }

    private static String methodName(RopeScaling own) {
        return RopeEncodings.installed().methods().stream()
                .filter(method -> method.type().isInstance(own))
                .map(ScalingMethod::name)
                .findFirst()
                .orElse(own.getClass().getSimpleName());
    }

    private static String engineName(EngineScaling engine) {
        if (!engine.shortDivisors().isEmpty() || !engine.longDivisors().isEmpty()) {
            return "divisors";
        }
        return engine.yarn() ? "yarn" : engine.factor() == 1 ? "none" : "linear";
    }
}
