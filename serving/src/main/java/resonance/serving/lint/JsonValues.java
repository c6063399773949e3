package resonance.serving.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lenient access to one JSON object: what is null, of another type or not finite counts as absent. That a value is of the
 * wrong type is a finding of its own; no other rule needs to know.
 *
 * @param place where the object stands, such as "rope_scaling"; empty at the top
 * @param values the object
 */
record JsonValues(String place, Map<String, Object> values) {
    /** Name of a key with its place. */
    String path(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Optional<Double> number(String key) {
        return number(values.get(key));
    }

    /** A number above 0. */
    Optional<Double> positive(String key) {
        return number(key).filter(number -> number > 0);
    }

    Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    boolean is(String key, boolean truth) {
        return values.get(key) instanceof Boolean value && value == truth;
    }

    /** A list of which every element is a number; empty if it is none. */
    Optional<List<Double>> numbers(String key) {
        if (!(values.get(key) instanceof List<?> list)) {
            return Optional.empty();
        }
        List<Double> numbers = new ArrayList<>();
        for (Object element : list) {
            number(element).ifPresent(numbers::add);
        }
        return numbers.size() == list.size() ? Optional.of(numbers) : Optional.empty();
    }

    /** The strings of a list; others are left out. */
    List<String> texts(String key) {
        return values.get(key) instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    /** The object under a key; an empty one if there is none. */
    JsonValues object(String key) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (values.get(key) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> object.put(String.valueOf(name), value));
        }
        return new JsonValues(path(key), object);
    }

    private static Optional<Double> number(@Nullable Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue())
                ? Optional.of(number.doubleValue())
                : Optional.empty();
    }
}
