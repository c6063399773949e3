package resonance.study;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.ser.BeanSerializerFactory;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Records to JSON and back; a class that has a {@code valueOf(String)} is the text of its {@code toString}. Reading is
 * strict: an unknown, missing, repeated or null key, a number written as text or anything after the document is an error.
 */
public final class RecordJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .serializerFactory(BeanSerializerFactory.instance.withAdditionalSerializers(new NameSerializers()))
            .build();

    /** Jackson reads a class from text by its {@code valueOf}; this writes it as the text that {@code valueOf} reads. */
    private static final class NameSerializers extends Serializers.Base {
        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription description) {
            boolean ours = !type.isEnumType() && !type.getRawClass().getName().startsWith("java.");
            return ours && description.getFactoryMethods().stream().anyMatch(NameSerializers::readsText)
                    ? ToStringSerializer.instance
                    : null;
        }

        private static boolean readsText(AnnotatedMethod factory) {
            return factory.getName().equals("valueOf") && factory.getRawParameterType(0) == String.class;
        }
    }

    private RecordJson() {}

    /** The value as an indented JSON document. */
    public static String write(Object tree) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers, text and lists must have a JSON form", e);
        }
    }

    /** The value's JSON form as a tree. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Reads a document of a type.
     *
     * @throws RecordFormatException if the file is not exactly such a document; the message names file and field
     */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return strictly(file, () -> MAPPER.readValue(bytes, type));
    }

    /** Reads a finished cell with a result of a type. */
    static <R> FinishedCell<R> readCell(Path file, Class<R> resultType) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        JavaType type = MAPPER.getTypeFactory().constructParametricType(FinishedCell.class, resultType);
        return strictly(file, () -> MAPPER.<FinishedCell<R>>readValue(bytes, type));
    }

    /** Part of a file's document as a type. */
    static <T> T convert(Path file, JsonNode tree, Class<T> type) throws IOException {
        return strictly(file, () -> MAPPER.treeToValue(tree, type));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T strictly(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
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
