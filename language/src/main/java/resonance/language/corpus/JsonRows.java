package resonance.language.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import resonance.rope.Refusal;

/** Documents in the lines of a JSONL file, each of which is an object. */
final class JsonRows {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int SHOWN = 40;

    private JsonRows() {}

    static List<Document> documents(Path file, String text, String field) {
        List<Document> documents = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String place = file + ":" + (i + 1);
                documents.add(new Document.Text(place, text(place, lines.get(i), field)));
            }
        }
        if (documents.isEmpty()) {
            throw new IllegalArgumentException(file + ": rows must be at least one, were none; leave the file out");
        }
        return documents;
    }

    private static String text(String place, String line, String field) {
        JsonNode row;
        try {
            row = JSON.readTree(line);
        } catch (JsonProcessingException noJson) {
            throw noObject(place, line);
        }
        if (!row.isObject()) {
            throw noObject(place, line);
        }
        JsonNode text = row.path(field);
        if (!text.isTextual()) {
            List<String> fields = new ArrayList<>();
            row.fieldNames().forEachRemaining(fields::add);
            throw Refusal.of(
                            place + ": {field} '" + field + "'",
                            "must hold text",
                            text.isMissingNode()
                                    ? "was missing among " + shown(String.join(", ", fields))
                                    : "was " + shown(text.toString()))
                    .cure("name the field that holds it");
        }
        if (text.asText().isBlank()) {
            throw Refusal.of(place + ": {field} '" + field + "'", "must hold text", "was empty")
                    .cure("leave the row out");
        }
        return text.asText();
    }

    private static IllegalArgumentException noObject(String place, String line) {
        return new IllegalArgumentException(
                place + ": row must be a JSON object, was " + shown(line.strip()) + "; correct or remove the line");
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
