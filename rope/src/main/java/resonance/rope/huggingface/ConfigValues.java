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
        Object value = values.get(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(asNumber(path(key), value));
    }

    double requiredNumber(String key) {
        return number(key).orElseThrow(() -> new IllegalArgumentException(path(key) + " must be given, was absent"));
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
        return length(key).orElseThrow(() -> new IllegalArgumentException(path(key) + " must be given, was absent"));
    }

    Optional<String> text(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw wrongType(path(key), "a string", value);
    }

    /** True or false; null is refused, since transformers takes it for false and an absent key for its default. */
    boolean truth(String key, boolean fallback) {
        if (!values.containsKey(key)) {
            return fallback;
        }
        Object value = values.get(key);
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw wrongType(path(key), "true or false", value);
    }

    List<Double> requiredNumbers(String key) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(path(key) + " must be given, was absent");
        }
        List<Double> numbers = new ArrayList<>();
        for (Object element : list(key, value)) {
            numbers.add(asNumber(path(key) + "[" + numbers.size() + "]", element));
        }
        return numbers;
    }

    List<String> texts(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list(key, value)) {
            texts.add(String.valueOf(element));
        }
        return texts;
    }

    /** The object under this key; an empty one if it is absent. */
    ConfigValues object(String key) {
        Object value = values.get(key);
        if (value == null) {
            return new ConfigValues(path(key), Map.of());
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> object = new LinkedHashMap<>();
            map.forEach((name, element) -> object.put(String.valueOf(name), element));
            return new ConfigValues(path(key), object);
        }
        throw wrongType(path(key), "an object", value);
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
        String nearest = Spelling.nearest(word, known)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
        return new IllegalArgumentException(what + "; known: " + String.join(", ", known) + nearest);
    }

    private List<?> list(String key, Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrongType(path(key), "a list", value);
    }

    private static double asNumber(String path, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrongType(path, "a number", value);
    }

    private static IllegalArgumentException wrongType(String path, String wanted, Object value) {
        return new IllegalArgumentException(path + " must be " + wanted + ", was '" + value + "'");
    }
}
