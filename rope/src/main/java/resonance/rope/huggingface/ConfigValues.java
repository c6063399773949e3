package resonance.rope.huggingface;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import resonance.rope.Spelling;

/**
 * Typed access to one JSON object; null counts as absent, and every refusal names the key with its place.
 *
 * @param place where the object stands, such as "rope_scaling"; empty at the top level
 * @param values the object
 */
record ConfigValues(String place, Map<String, ?> values) {
    /** Name of a key with its place. */
    String path(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** True if the key is there, even with null. */
    boolean contains(String key) {
        return values.containsKey(key);
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    OptionalDouble number(String key) {
        return value(key, Number.class, "a number").stream()
                .mapToDouble(Number::doubleValue)
                .findFirst();
    }

    double requiredNumber(String key) {
        return number(key).orElseThrow(() -> absent(key));
    }

    OptionalInt length(String key) {
        OptionalDouble value = number(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        double number = value.getAsDouble();
        if (number != Math.rint(number) || number < 1 || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    path(key) + " must be a whole number from 1 to 2147483647, was " + values.get(key));
        }
        return OptionalInt.of((int) number);
    }

    int requiredLength(String key) {
        return length(key).orElseThrow(() -> absent(key));
    }

    Optional<String> text(String key) {
        return value(key, String.class, "a string");
    }

    /** True or false; null is refused, since transformers takes it for false and an absent key for its default. */
    boolean truth(String key, boolean fallback) {
        return values.containsKey(key) ? cast(path(key), values.get(key), Boolean.class, "true or false") : fallback;
    }

    List<Double> requiredNumbers(String key) {
        List<Double> numbers = new ArrayList<>();
        for (Object element : value(key, List.class, "a list").orElseThrow(() -> absent(key))) {
            numbers.add(cast(path(key) + "[" + numbers.size() + "]", element, Number.class, "a number")
                    .doubleValue());
        }
        return numbers;
    }

    List<String> texts(String key) {
        List<?> list = value(key, List.class, "a list").orElse(List.of());
        return list.stream().map(String::valueOf).toList();
    }

    /** The object under this key; an empty one if it is absent. */
    ConfigValues object(String key) {
        Map<String, Object> object = new LinkedHashMap<>();
        Map<?, ?> map = value(key, Map.class, "an object").orElse(Map.of());
        map.forEach((name, element) -> object.put(String.valueOf(name), element));
        return new ConfigValues(path(key), object);
    }

    /** Refuses keys that are not among the known ones. */
    void requireKnown(Collection<String> known, String context) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw unknown(path(key) + " is unknown for " + context, key, known);
            }
        }
    }

    /** A refusal that lists what is known and the nearest of it. */
    static IllegalArgumentException unknown(String what, String word, Collection<String> known) {
        return new IllegalArgumentException(
                what + "; known: " + String.join(", ", known) + Spelling.suggestion(word, known));
    }

    private IllegalArgumentException absent(String key) {
        return new IllegalArgumentException(path(key) + " must be given, was absent");
    }

    private <T> Optional<T> value(String key, Class<T> type, String wanted) {
        return Optional.<Object>ofNullable(values.get(key)).map(value -> cast(path(key), value, type, wanted));
    }

    private static <T> T cast(String path, Object value, Class<T> type, String wanted) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw new IllegalArgumentException(path + " must be " + wanted + ", was '" + value + "'");
    }
}
