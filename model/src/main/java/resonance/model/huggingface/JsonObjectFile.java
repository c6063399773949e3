package resonance.model.huggingface;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;

/** Reads a JSON file that holds one object, with limits on its size, its depth and the length of its numbers. */
final class JsonObjectFile {
    private static final int MOST_BYTES = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxNumberLength(40)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonObjectFile() {}

    /** The object: maps, lists, numbers, strings, booleans and null. */
    static Map<String, Object> read(Path file) {
        String name = String.valueOf(file.getFileName());
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new ModelFormatException(file + ": must be readable: " + e, e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new ModelFormatException(name + ": must be at most " + MOST_BYTES + " bytes, was longer");
        }
        try {
            Map<String, Object> object = JSON.readValue(bytes, new TypeReference<@Nullable Map<String, Object>>() {});
            if (object == null) {
                throw new ModelFormatException(name + ": must be a JSON object, was null");
            }
            return object;
        } catch (IOException e) {
            throw new ModelFormatException(name + ": must be a JSON object: " + reason(e), e);
        }
    }

    /** What is wrong with the text, without the parser's picture of its source. */
    static String reason(IOException refusal) {
        return refusal instanceof JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(refusal.getMessage());
    }
}
