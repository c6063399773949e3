package resonance.evaluation;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records to JSON and back, strictly: an unknown, missing, repeated or null key, a number written as text or anything
 * after the document is an error. Only the build that made a record may be missing, as it was in records of earlier builds.
 */
public final class RecordJson {
    /** Injected for the build that made a record where the record does not say. */
    static final String UNKNOWN_BUILD = "unknown";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .injectableValues(new InjectableValues.Std().addValue(UNKNOWN_BUILD, UNKNOWN_BUILD))
            .build();

    private RecordJson() {}

    /** The value as an indented JSON document. */
    public static String write(Object tree) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers, text and lists must have a JSON form", e);
        }
    }

    /**
     * Reads a document of a type.
     *
     * @throws RecordFormatException if the file is not exactly such a document; the message names file and field
     */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return MAPPER.readValue(bytes, type);
        } catch (UnrecognizedPropertyException e) {
            throw new RecordFormatException(
                    file + ": " + path(e) + " is unknown; known: "
                            + e.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .toList(),
                    e);
        } catch (ValueInstantiationException e) {
            String reason = e.getCause() instanceof IllegalArgumentException refusal
                    ? String.valueOf(refusal.getMessage())
                    : path(e) + ": " + e.getOriginalMessage();
            throw new RecordFormatException(file + ": " + reason, e);
        } catch (JsonParseException e) {
            throw new RecordFormatException(
                    file + ": line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        } catch (JsonMappingException e) {
            String path = path(e);
            throw new RecordFormatException(
                    file + ": " + (path.isEmpty() ? "" : path + ": ") + withoutFeatureName(e.getOriginalMessage()), e);
        }
    }

    /** Jackson ends some messages with the name of the switch that made it strict, which helps no reader of a file. */
    private static String withoutFeatureName(String message) {
        int feature = message.indexOf("; `DeserializationFeature.");
        return feature < 0 ? message : message.substring(0, feature);
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }
}
