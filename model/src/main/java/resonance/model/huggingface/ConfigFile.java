package resonance.model.huggingface;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.model.ModelFormatException;

/**
 * Typed access to a model's configuration; null counts as absent, and every refusal names the file and the key.
 *
 * @param name of the file, for refusals
 * @param values the whole object
 * @param repeated keys that the file gives more than once, with their place
 */
record ConfigFile(String name, Map<String, Object> values, List<String> repeated) {
    /** Above any size of a model, and low enough for the product of two to be a long. */
    private static final int LARGEST_SIZE = 1 << 24;

    static ConfigFile read(Path file) {
        JsonObjectFile json = JsonObjectFile.read(file);
        return new ConfigFile(String.valueOf(file.getFileName()), json.values(), json.repeated());
    }

    /** True if the key is there, even with null. */
    boolean contains(String key) {
        return values.containsKey(key);
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Optional<Integer> size(String key) {
        Optional<Double> size = number(key);
        if (size.filter(value -> value != Math.rint(value) || value < 1 || value > LARGEST_SIZE)
                .isPresent()) {
            throw refusal(key, "must be a whole number from 1 to " + LARGEST_SIZE);
        }
        return size.map(Double::intValue);
    }

    int requiredSize(String key) {
        return size(key).orElseThrow(() -> new ModelFormatException(name + ": " + key + " must be given, was absent"));
    }

    Optional<Double> number(String key) {
        return value(key, Number.class, "a number").map(Number::doubleValue);
    }

    double positive(String key, double fallback) {
        double value = number(key).orElse(fallback);
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw refusal(key, "must be above 0 and finite");
        }
        return value;
    }

    boolean truth(String key, boolean fallback) {
        return value(key, Boolean.class, "true or false").orElse(fallback);
    }

    Optional<String> text(String key) {
        return value(key, String.class, "a string");
    }

    Optional<List<String>> texts(String key) {
        return value(key, List.class, "a list of strings").map(list -> {
            List<String> texts = new ArrayList<>();
            for (Object element : list) {
                if (!(element instanceof String text)) {
                    throw refusal(key, "must be a list of strings");
                }
                texts.add(text);
            }
            return texts;
        });
    }

    private <T> Optional<T> value(String key, Class<T> type, String what) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw refusal(key, "must be " + what);
        }
        return Optional.ofNullable(value).map(type::cast);
    }

    /** A refusal of a key's value. */
    ModelFormatException refusal(String key, String rule) {
        Object value = values.get(key);
        String shown = value instanceof String ? "'" + value + "'" : String.valueOf(value);
        String cut = shown.length() <= 80 ? shown : shown.substring(0, 80) + "...";
        return new ModelFormatException(name + ": " + key + " " + rule + ", was " + cut);
    }
}
