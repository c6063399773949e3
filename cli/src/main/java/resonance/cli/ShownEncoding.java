package resonance.cli;

import resonance.model.gguf.EngineScaling;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeScaling;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;

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

    /** A model's own scaling, called by the name of its method. */
    static ShownEncoding own(RopeScaling own) {
        if (own instanceof EngineScaling engine) {
            return new ShownEncoding(engineName(engine), engine.factor(), own);
        }
        String name = RopeEncodings.installed().methods().stream()
                .filter(method -> method.type().isInstance(own))
                .map(ScalingMethod::name)
                .findFirst()
                .orElse(own.getClass().getSimpleName());
        return new ShownEncoding(name, factor(own), own);
    }

    /** The factor of a scaling that a model's files can say. */
    private static double factor(RopeScaling own) {
        if (own instanceof LinearScaling linear) {
            return linear.factor();
        } else if (own instanceof DynamicNtkScaling dynamic) {
            return dynamic.factor();
        } else if (own instanceof YarnScaling yarn) {
            return yarn.factor();
        } else if (own instanceof Llama3Scaling llama3) {
            return llama3.factor();
        } else if (own instanceof LongRopeScaling longRope) {
            return longRope.factor();
        }
        return own instanceof ProportionalScaling proportional ? proportional.factor() : 1;
    }

    private static String engineName(EngineScaling engine) {
        if (!engine.shortDivisors().isEmpty() || !engine.longDivisors().isEmpty()) {
            return "divisors";
        }
        return engine.yarn() ? "yarn" : engine.factor() == 1 ? "none" : "linear";
    }
}
