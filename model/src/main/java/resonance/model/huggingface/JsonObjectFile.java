package resonance.model.huggingface;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;

/**
 * A JSON file that holds one object, read as Python's parser reads it, with limits on its size, its depth and the length of its
 * numbers: {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers, one beyond double is infinite, and of two values of
 * a key the last counts.
 *
 * @param values maps, lists, numbers, strings, booleans and null, in the order of the file
 * @param repeated keys that were given more than once, with their place
 */
record JsonObjectFile(Map<String, Object> values, List<String> repeated) {
    private static final int MOST_BYTES = 1 << 24;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(1000)
                    .build())
            .build();

    /** @throws ModelFormatException if the file can't be read, is too long or holds no JSON object */
    static JsonObjectFile read(Path file) {
        String name = String.valueOf(file.getFileName());
        byte[] bytes = bytes(file);
        if (bytes.length > MOST_BYTES) {
            throw new ModelFormatException(name + ": must be at most " + MOST_BYTES + " bytes, was longer");
        }
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw new ModelFormatException(name
                    + ": must begin with its JSON object, began with a byte order mark, which transformers refuses; save it"
                    + " as UTF-8 without one");
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            List<String> repeated = new ArrayList<>();
            Object value = parser.nextToken() == null ? null : value(parser, "", repeated);
            if (!(value instanceof Map<?, ?>)) {
                throw new ModelFormatException(name + ": must be a JSON object, was " + kind(value, bytes));
            }
            if (parser.nextToken() != null) {
                throw new ModelFormatException(
                        name + ": must end with its JSON object, went on at " + place(parser.currentTokenLocation()));
            }
            @SuppressWarnings("unchecked") // keys of a JSON object are strings
            Map<String, Object> object = (Map<String, Object>) value;
            return new JsonObjectFile(object, repeated);
        } catch (IOException e) {
            throw new ModelFormatException(name + ": must be a JSON object, was damaged" + reason(e), e);
        }
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException missing) {
            throw new ModelFormatException(file + ": must be there, was missing", missing);
        } catch (IOException e) {
            throw new ModelFormatException(
                    file + ": must be a file that can be read, was " + (Files.isDirectory(file) ? "a folder" : "not"),
                    e);
        }
    }

    private static @Nullable Object value(JsonParser parser, String place, List<String> repeated) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, place, repeated);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, place + "[" + list.size() + "]", repeated));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, String place, List<String> repeated)
            throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            String path = place.isEmpty() ? key : place + "." + key;
            parser.nextToken();
            if (object.containsKey(key)) {
                repeated.add(path);
            }
            object.put(key, value(parser, path, repeated));
        }
        return object;
    }

    private static String kind(@Nullable Object value, byte[] bytes) {
        if (value == null) {
            return bytes.length == 0 ? "empty" : "null";
        }
        return value instanceof List ? "a list" : value instanceof String ? "a string" : String.valueOf(value);
    }

    /** Where the text goes wrong, for the end of a refusal. */
    static String reason(IOException refusal) {
        return refusal instanceof JsonProcessingException json && json.getLocation() != null
                ? " at " + place(json.getLocation())
                : "";
    }

    private static String place(JsonLocation location) {
        return "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
