package resonance.cli;

import resonance.model.gguf.EngineScaling;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeSettings;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

/**
 * An encoding to show, before and after its wavelengths are rounded.
 *
 * @param scaling name of the scaling; "divisors" for a divisor of its own for every pair, as GGUF files may have
 * @param factor s, as far as the scaling reads it
 * @param resonance whether wavelengths are rounded after the scaling
 * @param scaled after the scaling
 * @param used after the rounding; the same as {@code scaled} where there is none
 */
record ShownEncoding(String scaling, double factor, boolean resonance, RopeFrequencies scaled, RopeFrequencies used) {

    /**
     * The encoding of a scaling's name.
     *
     * @throws IllegalArgumentException if the name is unknown, or the scaling refuses its settings or the shape
     */
    static ShownEncoding named(String scaling, RopeSettings settings, boolean resonance, RopeShape shape) {
        RopeScaling method = RopeEncodings.standard().scaling(scaling, settings);
        return of(new Method(scaling, settings.factor()), method, resonance, shape);
    }

    /** A model's own encoding, called by the name of its method. */
    static ShownEncoding own(RopeScaling own, boolean resonance, RopeShape shape) {
        return of(method(own), own, resonance, shape);
    }

    private static ShownEncoding of(Method name, RopeScaling scaling, boolean resonance, RopeShape shape) {
        RopeFrequencies scaled = scaling.frequencies(shape);
        RopeFrequencies used = resonance ? new Resonance(scaling).frequencies(shape) : scaled;
        return new ShownEncoding(name.name, name.factor, resonance, scaled, used);
    }

    private record Method(String name, double factor) {}

    private static Method method(RopeScaling own) {
        if (own instanceof NoScaling) {
            return new Method("none", 1);
        } else if (own instanceof LinearScaling linear) {
            return new Method("linear", linear.factor());
        } else if (own instanceof DynamicNtkScaling dynamic) {
            return new Method("dynamic-ntk", dynamic.factor());
        } else if (own instanceof YarnScaling yarn) {
            return new Method("yarn", yarn.factor());
        } else if (own instanceof Llama3Scaling llama3) {
            return new Method("llama3", llama3.factor());
        } else if (own instanceof LongRopeScaling longRope) {
            return new Method("longrope", longRope.factor());
        } else if (own instanceof ProportionalScaling proportional) {
            return new Method("proportional", proportional.factor());
        } else if (own instanceof EngineScaling engine) {
            return new Method(engineName(engine), engine.factor());
        }
        return new Method(own.getClass().getSimpleName(), 1);
    }

    private static String engineName(EngineScaling engine) {
        if (!engine.shortDivisors().isEmpty() || !engine.longDivisors().isEmpty()) {
            return "divisors";
        }
        return engine.yarn() ? "yarn" : engine.factor() == 1 ? "none" : "linear";
    }
}
