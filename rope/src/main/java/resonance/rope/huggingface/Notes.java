package resonance.rope.huggingface;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import resonance.rope.PlainNumber;
import resonance.rope.Spelling;

/** What a reading has to say that changes nothing; each sentence once. */
final class Notes {
    private static final int LONGEST_VALUE = 60;

    private final Set<String> notes = new LinkedHashSet<>();

    void add(String note) {
        notes.add(note);
    }

    /** Keys of a dictionary that are not among those that are read; null counts as absent. */
    void unread(ConfigValues dictionary, Collection<String> read, String context) {
        for (Map.Entry<String, ?> entry : dictionary.values().entrySet()) {
            String key = entry.getKey();
            if (entry.getValue() != null && !read.contains(key)) {
                add(dictionary.path(key) + " = " + shown(entry.getValue()) + " is not read for " + context
                        + (key.length() <= LONGEST_VALUE ? Spelling.suggestion(key, read) : ""));
            }
        }
    }

    List<String> list() {
        return List.copyOf(notes);
    }

    /** A value of a file as messages show it. */
    static String shown(Object value) {
        if (value instanceof Number number) {
            double plain = number.doubleValue();
            return Double.isFinite(plain) ? PlainNumber.text(plain) : number.toString();
        }
        String text = value instanceof String string ? string : json(value);
        String cut = text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
        return value instanceof String ? "'" + cut + "'" : cut;
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> json(String.valueOf(entry.getKey())) + ": " + json(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(Notes::json).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text
                ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : String.valueOf(value);
    }
}
