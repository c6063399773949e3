package resonance.study;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
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
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.BeanSerializerFactory;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records to JSON and back; a class that has a {@code valueOf(String)} is the text of its {@code toString}. Reading is
 * strict: an unknown, missing, repeated or null key, a number written as text or anything after the document is an error.
 */
public final class RecordJson {
    private static final String CHECKSUM = "sha256";

    /** No record comes near it; what claims to be larger is not read into memory. */
    private static final long LARGEST = 1L << 28;

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

    /**
     * A document as a value that {@link #write} writes as the same document, within another.
     *
     * @throws IllegalArgumentException if the text is no JSON
     */
    public static Object parse(String document) {
        try {
            return MAPPER.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("document must be JSON, is none", e);
        }
    }

    /** The value as a JSON document of one line, without blanks between its parts. */
    public static String writeLine(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers, text and lists must have a JSON form", e);
        }
    }

    /** The value's JSON form as a tree. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * The value as an indented JSON document that carries its checksum: the key {@value #CHECKSUM} before its own keys, the
     * SHA-256 of the rest without blanks.
     */
    static String seal(Object value) {
        ObjectNode own = (ObjectNode) written(value);
        ObjectNode sealed = MAPPER.createObjectNode();
        sealed.put(CHECKSUM, checksum(own));
        sealed.setAll(own);
        return write(sealed);
    }

    /** As it will be read, so that the checksum is of what stands in the file. */
    private static JsonNode written(Object value) {
        try {
            return MAPPER.readTree(writeLine(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers, text and lists must have a JSON form", e);
        }
    }

    private static String checksum(JsonNode tree) {
        return Sha256.of(writeLine(tree));
    }

    /**
     * Reads a document that {@link #seal} made.
     *
     * @throws RecordFormatException if the file is damaged, or has no checksum or another form and so is of another version
     */
    static <T> T unseal(Path file, Class<T> type) throws IOException {
        return convert(file, intact(file), type);
    }

    /** Reads a finished cell with a result of a type, as {@link #unseal(Path, Class)} reads. */
    static <R> FinishedCell<R> unsealCell(Path file, Class<R> resultType) throws IOException {
        JavaType type = MAPPER.getTypeFactory().constructParametricType(FinishedCell.class, resultType);
        JsonNode own = intact(file);
        return inForm(file, () -> MAPPER.<FinishedCell<R>>treeToValue(own, type));
    }

    /** Part of a file's document as a type. */
    static <T> T convert(Path file, JsonNode tree, Class<T> type) throws IOException {
        return inForm(file, () -> MAPPER.treeToValue(tree, type));
    }

    private static <T> T inForm(Path file, Reading<T> reading) throws IOException {
        try {
            @Nullable T value = reading.read();
            if (value != null) {
                return value;
            }
        } catch (JsonProcessingException ofAnotherVersion) {
            throw otherForm(file, ofAnotherVersion instanceof JsonMappingException e ? path(e) : "", ofAnotherVersion);
        }
        throw otherForm(file, "", null);
    }

    private static RecordFormatException otherForm(Path file, String where, @Nullable Exception cause) {
        String message = file + " must be a record in the form of this version, "
                + (where.isEmpty() ? "is none" : where + " is not") + "; use the version that made it";
        return cause == null ? new RecordFormatException(message) : new RecordFormatException(message, cause);
    }

    /** A sealed file's own keys, once they match its checksum. */
    private static ObjectNode intact(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw damaged(file, "it is a folder");
        }
        if (Files.size(file) > LARGEST) {
            throw damaged(file, "it is larger than any record");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged(file, "it is not UTF-8");
        }
        if (text.isBlank()) {
            throw damaged(file, "it is empty");
        }
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw damaged(
                    file,
                    "it is no JSON"
                            + (e.getLocation() == null
                                    ? ""
                                    : " from line " + e.getLocation().getLineNr() + " on"));
        }
        if (!(tree instanceof ObjectNode own)) {
            throw damaged(file, "it is no JSON object");
        }
        @Nullable JsonNode checksum = own.remove(CHECKSUM);
        if (checksum == null) {
            throw RecordFormatException.ofAnother(
                    file + " must be a record with the key " + CHECKSUM + ", has none", null);
        }
        if (!checksum(own).equals(checksum.asText())) {
            throw damaged(file, "its content does not match its checksum");
        }
        return own;
    }

    /** The checksum that a sealed file begins with, whether or not the rest is as it was written; empty if it begins otherwise. */
    static Optional<String> statedChecksum(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = MAPPER.createParser(in)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                            && CHECKSUM.equals(parser.nextFieldName())
                            && parser.nextToken() == JsonToken.VALUE_STRING
                    ? Optional.of(parser.getText())
                    : Optional.empty();
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
    }

    private static RecordFormatException damaged(Path file, String how) {
        return RecordFormatException.damaged(file + " must be as it was written, but " + how);
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
