package resonance.evaluation.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import resonance.study.Sha256;

/**
 * A benchmark's file of JSON objects, one a line; blank lines are passed over. Every refusal names the file, and the line where
 * there is one.
 *
 * @param file where it is
 * @param sha256 SHA-256 (hex) of its bytes
 * @param rows its objects, at least one
 */
public record JsonLines(Path file, String sha256, List<Row> rows) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public JsonLines {
        rows = List.copyOf(rows);
    }

    /**
     * Reads a file.
     *
     * @throws TaskDataException if it is missing, is not UTF-8, has no row, or a row that is no JSON object
     */
    public static JsonLines read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new TaskDataException(file + " must be a file, " + (Files.exists(file) ? "is none" : "was not found")
                    + "; name the folder that has it");
        }
        byte[] bytes = Files.readAllBytes(file);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TaskDataException(file + " must be UTF-8, is not; get it anew, or convert it with iconv", e);
        }
        List<Row> rows = new ArrayList<>();
        int number = 0;
        // By line feeds alone: a string may hold other characters that end lines elsewhere.
        for (String line :
                (Iterable<String>) () -> List.of(text.split("\n", -1)).iterator()) {
            number++;
            if (!line.isBlank()) {
                rows.add(row(file, number, line));
            }
        }
        if (rows.isEmpty()) {
            throw new TaskDataException(file + " must have at least one row, is empty; get it anew");
        }
        return new JsonLines(file, Sha256.of(bytes), rows);
    }

    private static Row row(Path file, int number, String line) {
        String where = file + ", line " + number;
        try {
            JsonNode value = MAPPER.readTree(line);
            if (value.isObject()) {
                return new Row(where, value);
            }
        } catch (JsonProcessingException e) {
            throw new TaskDataException(where + " must be JSON, is not; get the file anew", e);
        }
        throw new TaskDataException(where + " must be a JSON object, is none; get the file anew");
    }

    /**
     * One object.
     *
     * @param where its file and line, for people
     * @param value what it holds
     */
    public record Row(String where, JsonNode value) {

        /**
         * The text of a key.
         *
         * @throws TaskDataException if there is none
         */
        public String text(String key) {
            JsonNode text = value.path(key);
            if (!text.isTextual()) {
                throw refusal(key, "a text", text);
            }
            return text.textValue();
        }

        /**
         * The texts of a key.
         *
         * @throws TaskDataException if it is no list of texts
         */
        public List<String> texts(String key) {
            JsonNode list = value.path(key);
            if (!list.isArray()) {
                throw refusal(key, "a list of texts", list);
            }
            List<String> texts = new ArrayList<>();
            for (JsonNode text : list) {
                if (!text.isTextual()) {
                    throw refusal(key, "a list of texts", list);
                }
                texts.add(text.textValue());
            }
            return List.copyOf(texts);
        }

        /** Its keys, in their order. */
        public List<String> keys() {
            List<String> keys = new ArrayList<>();
            for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
                keys.add(names.next());
            }
            return List.copyOf(keys);
        }

        private TaskDataException refusal(String key, String rule, JsonNode found) {
            return new TaskDataException(where + ": " + key + " must be " + rule + ", "
                    + (found.isMissingNode() ? "is missing" : "is not") + "; get the file anew");
        }
    }
}
