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

    /** A whole number that a class of transformers 5 holds to be one: a decimal point gets a note. */
    OptionalInt strictLength(String key, Notes notes) {
        OptionalInt length = length(key);
        if (values.get(key) instanceof Double) {
            notes.add(path(key) + " is " + values.get(key) + ", which transformers 5 refuses; write "
                    + length.orElseThrow());
        }
        return length;
    }

    /** A whole number, with a decimal point or without. */
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

    /** True or false as Python takes any value; what is neither gets a note. */
    boolean truth(String key, boolean fallback, Notes notes) {
        if (!values.containsKey(key) || values.get(key) instanceof Boolean) {
            return values.get(key) instanceof Boolean truth ? truth : fallback;
        }
        Object value = values.get(key);
        boolean truth = !(value == null
                || (value instanceof Number number && number.doubleValue() == 0)
                || (value instanceof String text && text.isEmpty())
                || (value instanceof Collection<?> collection && collection.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty()));
        notes.add(path(key) + " is " + (value == null ? "null" : Notes.shown(value)) + ", which transformers takes for "
                + truth);
        return truth;
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

    /** The map under a key of a map, which is made if there is none. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> nested(Map<String, Object> values, String key) {
        return (Map<String, Object>) values.computeIfAbsent(key, absent -> new LinkedHashMap<String, Object>());
    }

    /** A refusal that lists what is known and the nearest of it. */
    static IllegalArgumentException unknown(String what, String word, Collection<String> known) {
        return new IllegalArgumentException(
                what + "; known: " + String.join(", ", known) + Spelling.suggestion(word, known));
    }

    IllegalArgumentException absent(String key) {
        return new IllegalArgumentException(path(key) + " must be given, was absent");
    }

    private <T> Optional<T> value(String key, Class<T> type, String wanted) {
        return Optional.<Object>ofNullable(values.get(key)).map(value -> cast(path(key), value, type, wanted));
    }

    private static <T> T cast(String path, Object value, Class<T> type, String wanted) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw new IllegalArgumentException(path + " must be " + wanted + ", was " + Notes.shown(value));
    }
}
