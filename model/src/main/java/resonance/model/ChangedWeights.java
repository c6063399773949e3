package resonance.model;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Set;
import resonance.decoder.Parameter;
import resonance.decoder.WeightSource;

/**
 * New values for some of a model's parameters, as training leaves them.
 *
 * @param parameters those that have new values
 * @param values theirs, as float32
 */
public record ChangedWeights(Set<Parameter> parameters, WeightSource values) {
    /** All as they were. */
    public static final ChangedWeights NONE =
            new ChangedWeights(Set.of(), (parameter, first, count, target, offset) -> {
                throw new IllegalArgumentException("parameter must be a changed one, was " + parameter.name());
            });

    public ChangedWeights {
        parameters = Set.copyOf(parameters);
        requireNonNull(values, "values must not be null");
    }

    /** All elements of a parameter, row-major. */
    public float[] all(Parameter parameter) {
        float[] all = new float[Math.toIntExact(parameter.size())];
        values.read(parameter, 0, all.length, all, 0);
        return all;
    }

    /**
     * The whole model: these where they changed, and the others as they were.
     *
     * @param former every parameter of the model
     * @param rounding what storing does to values, in place
     */
    public WeightSource over(WeightSource former, Rounding rounding) {
        return (parameter, firstElement, count, target, offset) -> {
            if (!parameters.contains(parameter)) {
                former.read(parameter, firstElement, count, target, offset);
                return;
            }
            values.read(parameter, firstElement, count, target, offset);
            float[] rounded = Arrays.copyOfRange(target, offset, offset + count);
            rounding.round(parameter, rounded);
            System.arraycopy(rounded, 0, target, offset, count);
        };
    }

    /** What becomes of values that are stored and read again. */
    @FunctionalInterface
    public interface Rounding {
        /** Rounds elements of a parameter in place. */
        void round(Parameter parameter, float[] elements);
    }
}
