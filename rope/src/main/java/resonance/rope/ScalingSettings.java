package resonance.rope;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of parameters, from which each scaling takes those that it reads. Immutable; equal if all values are.
 *
 * <p>A value is checked against its parameter's range when it is given. Whether values fit each other is known when all are
 * there: {@link #requireOrdered}, and every scaling when it is made.
 */
public final class ScalingSettings {
    /** Every parameter at its default. */
    public static final ScalingSettings DEFAULTS = new ScalingSettings(Map.of());

    /** What is not at its default, in the order it was given. */
    private final Map<Parameter<?>, Object> values;

    private ScalingSettings(Map<Parameter<?>, Object> values) {
        this.values = values;
    }

    /** Every parameter but the factor at its default. */
    public static ScalingSettings ofFactor(double factor) {
        return DEFAULTS.withFactor(factor);
    }

    /** These settings with another factor. */
    public ScalingSettings withFactor(double factor) {
        return with(Parameter.FACTOR, factor);
    }

    /**
     * These settings with another value.
     *
     * @param value of the parameter's {@link Parameter.Kind}; for an optional number also the number itself
     * @throws Refusal if it is out of range
     * @throws ClassCastException if it is of another kind
     */
    public ScalingSettings with(Parameter<?> parameter, Object value) {
        Object checked = parameter.checked(value);
        Map<Parameter<?>, Object> changed = new LinkedHashMap<>(values);
        if (checked.equals(parameter.standard())) {
            changed.remove(parameter);
        } else {
            changed.put(parameter, checked);
        }
        return new ScalingSettings(changed);
    }

    /** The value of a parameter. */
    public <T> T get(Parameter<T> parameter) {
        Object value = values.get(parameter);
        return value == null ? parameter.standard() : parameter.checked(value);
    }

    /** The factor. */
    public double factor() {
        return get(Parameter.FACTOR);
    }

    /**
     * Refuses a value that is not above the one it must be above, whether a scaling reads them or not.
     *
     * @return these settings
     */
    public ScalingSettings requireOrdered(Iterable<Parameter<?>> parameters) {
        for (Parameter<?> parameter : parameters) {
            parameter.bound().ifPresent(bound -> {
                double lower = get(bound);
                if (get(parameter) instanceof Double value && !(value > lower)) {
                    throw Require.notAbove(parameter.name(), value, bound.name(), lower);
                }
            });
        }
        return this;
    }

    /** The values that are not at their default as text, by name, in the order of {@code parameters}. */
    public Map<String, String> text(Iterable<Parameter<?>> parameters) {
        Map<String, String> text = new LinkedHashMap<>();
        for (Parameter<?> parameter : parameters) {
            Object value = values.get(parameter);
            if (value != null) {
                text.put(parameter.name(), Parameter.text(value));
            }
        }
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScalingSettings that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "ScalingSettings" + values;
    }
}
