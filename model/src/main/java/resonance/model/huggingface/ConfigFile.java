package resonance.model.huggingface;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import resonance.model.ModelFormatException;

/**
 * Typed access to a model's configuration; null counts as absent, and every refusal names the file and the key.
 *
 * @param name of the file, for refusals
 * @param values the whole object
 */
record ConfigFile(String name, Map<String, Object> values) {
    /** Above any size of a model, and low enough for the product of two to be a long. */
    private static final int LARGEST_SIZE = 1 << 24;

    static ConfigFile read(Path file) {
        return new ConfigFile(String.valueOf(file.getFileName()), JsonObjectFile.read(file));
    }

    /** True if the key is there, even with null. */
    boolean contains(String key) {
        return values.containsKey(key);
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    OptionalInt size(String key) {
        OptionalDouble number = number(key);
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        double value = number.getAsDouble();
        if (value != Math.rint(value) || value < 1 || value > LARGEST_SIZE) {
            throw refusal(key, "must be a whole number from 1 to " + LARGEST_SIZE);
        }
        return OptionalInt.of((int) value);
    }

    int requiredSize(String key) {
        return size(key).orElseThrow(() -> new ModelFormatException(name + ": " + key + " must be given, was absent"));
    }

    OptionalDouble number(String key) {
        Object value = values.get(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (value instanceof Number number) {
            return OptionalDouble.of(number.doubleValue());
        }
        throw refusal(key, "must be a number");
    }

    double positive(String key, double fallback) {
        double value = number(key).orElse(fallback);
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw refusal(key, "must be above 0 and finite");
        }
        return value;
    }

    boolean truth(String key, boolean fallback) {
        Object value = values.get(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw refusal(key, "must be true or false");
    }

    Optional<String> text(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw refusal(key, "must be a string");
    }

    Optional<List<String>> texts(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list)) {
            throw refusal(key, "must be a list of strings");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw refusal(key, "must be a list of strings");
            }
            texts.add(text);
        }
        return Optional.of(texts);
    }

    /** A refusal of a key's value. */
    ModelFormatException refusal(String key, String rule) {
        Object value = values.get(key);
        String shown = value instanceof String ? "'" + value + "'" : String.valueOf(value);
        String cut = shown.length() <= 80 ? shown : shown.substring(0, 80) + "...";
        return new ModelFormatException(name + ": " + key + " " + rule + ", was " + cut);
    }
}
