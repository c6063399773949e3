package resonance.language.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import resonance.rope.Refusal;

/**
 * A text of its own among those that a model is trained on: a file of plain text, or the field of a row of a JSONL file, in which
 * every line is an object.
 *
 * @param place its file, and its line where a file holds many
 * @param text not empty
 */
public record Document(String place, String text) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int SHOWN = 40;

    /** A file and the documents in it. */
    public record OfFile(SourceText source, List<Document> documents) {
        public OfFile {
            documents = List.copyOf(documents);
        }
    }

    /** Whether a file is taken for rows of JSON, by the end of its name: {@code .jsonl} or {@code .ndjson}. */
    public static boolean isRows(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") || name.endsWith(".ndjson");
    }

    /**
     * Reads a file's documents. Blank lines between rows are passed over.
     *
     * @param field of each row that holds its text; not read of plain text
     * @throws IllegalArgumentException if the file is empty or not UTF-8, a row is no JSON object, lacks the field or has no text
     *     in it, or the file is of a kind that is not read; the message names file and line
     */
    public static OfFile read(Path file, String field) throws IOException {
        if (String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".parquet")) {
            throw Refusal.of("{texts} " + file, "must be text or JSONL", "was Parquet")
                    .cure("convert it, for example by pandas.read_parquet(...).to_json(..., orient=\"records\","
                            + " lines=True)");
        }
        SourceText.Read read = SourceText.read(file);
        if (!isRows(file)) {
            return new OfFile(read.source(), List.of(new Document(file.toString(), read.text())));
        }
        List<Document> documents = new ArrayList<>();
        List<String> lines = read.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String place = file + ":" + (i + 1);
                documents.add(new Document(place, text(place, lines.get(i), field)));
            }
        }
        if (documents.isEmpty()) {
            throw new IllegalArgumentException(file + ": rows must be at least one, were none; leave the file out");
        }
        return new OfFile(read.source(), documents);
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
