package resonance.model.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a {@code tokenizer.json} from checked parts, without truncation, padding and templates. */
final class TokenizerText {
    private static final JsonFactory JSON = new ObjectMapper().getFactory();

    private TokenizerText() {}

    static String write(
            BytePairModel model, List<AddedToken> added, JsonNode normalizer, JsonNode preTokenizer, JsonNode decoder) {
        StringWriter text = new StringWriter(1 << 16);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            json.writeArrayFieldStart("added_tokens");
            for (AddedToken token : added) {
                write(json, token);
            }
            json.writeEndArray();
            json.writeObjectField("normalizer", normalizer);
            json.writeObjectField("pre_tokenizer", preTokenizer);
            json.writeNullField("post_processor");
            json.writeObjectField("decoder", decoder);
            json.writeFieldName("model");
            model.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, AddedToken token) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", token.id());
        json.writeStringField("content", token.content());
        json.writeBooleanField("single_word", token.singleWord());
        json.writeBooleanField("lstrip", token.stripsLeft());
        json.writeBooleanField("rstrip", token.stripsRight());
        json.writeBooleanField("normalized", token.normalized());
        json.writeBooleanField("special", token.special());
        json.writeEndObject();
    }
}
