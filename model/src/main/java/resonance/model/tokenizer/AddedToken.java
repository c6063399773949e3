package resonance.model.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * A token that is looked for in a text before anything else is done with it.
 *
 * @param id its id
 * @param content how it is written, not empty
 * @param singleWord whether only between characters that belong to no word
 * @param stripsLeft whether white space before it is swallowed
 * @param stripsRight whether white space after it is swallowed
 * @param normalized whether it is looked for after normalising, and normalised itself
 * @param special whether decoding leaves it out
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean stripsLeft,
        boolean stripsRight,
        boolean normalized,
        boolean special) {

    /** A token looked for as it is written. */
    static AddedToken plain(int id, String content, boolean special) {
        return new AddedToken(id, content, false, false, false, false, special);
    }

    /** Writes an element of {@code added_tokens} in a {@code tokenizer.json}. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeStringField("content", content);
        json.writeBooleanField("single_word", singleWord);
        json.writeBooleanField("lstrip", stripsLeft);
        json.writeBooleanField("rstrip", stripsRight);
        json.writeBooleanField("normalized", normalized);
        json.writeBooleanField("special", special);
        json.writeEndObject();
    }
}
