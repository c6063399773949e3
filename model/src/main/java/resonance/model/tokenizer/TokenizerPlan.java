package resonance.model.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import resonance.model.ModelFormatException;

/**
 * Everything that a tokenizer is made of, from either kind of file.
 *
 * @param model vocabulary and merges
 * @param added tokens looked for before anything else, with the ids that the library will give them
 * @param normalizer checked, or null in JSON's sense
 * @param preTokenizer checked, or null in JSON's sense
 * @param decoder checked, or null in JSON's sense
 * @param where the file, for messages
 */
record TokenizerPlan(
        BytePairModel model,
        List<AddedToken> added,
        JsonNode normalizer,
        JsonNode preTokenizer,
        JsonNode decoder,
        String where) {

    /** The library compares each added token with all before it; 6,500 are the most in use. */
    static final int MOST_ADDED = 20_000;

    private static final JsonFactory JSON = new ObjectMapper().getFactory();

    TokenizerPlan {
        added = List.copyOf(added);
        if (added.size() > MOST_ADDED) {
            throw new ModelFormatException(
                    where + ": there must be at most " + MOST_ADDED + " added tokens, were " + added.size());
        }
        checkIds(model, added, where);
    }

    NativeTokenizer build() {
        String json = json();
        if (SurrogatePairs.hasLone(json)) {
            throw new ModelFormatException(where + ": strings must be Unicode text, had half a surrogate pair");
        }
        return new NativeTokenizer(json, where);
    }

    /** A {@code tokenizer.json} without truncation, padding and templates. */
    private String json() {
        StringWriter text = new StringWriter(1 << 16);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            json.writeArrayFieldStart("added_tokens");
            for (AddedToken token : added) {
                token.write(json);
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

    /** Id of a token, added or not. */
    OptionalInt id(String token) {
        for (AddedToken known : added) {
            if (known.content().equals(token)) {
                return OptionalInt.of(known.id());
            }
        }
        return model.id(token);
    }

    /** One more than the largest id. */
    int idLimit() {
        int limit = model.idLimit();
        for (AddedToken token : added) {
            limit = Math.max(limit, token.id() + 1);
        }
        return limit;
    }

    /** Ids below the limit that decoding leaves out: special tokens, and those without a token. */
    BitSet silentIds() {
        BitSet silent = model.freeIds(idLimit());
        for (AddedToken token : added) {
            silent.set(token.id(), token.special());
        }
        return silent;
    }

    /** The library numbers added tokens itself and only logs where a file has other numbers. */
    private static void checkIds(BytePairModel model, List<AddedToken> added, String where) {
        Map<String, Integer> ids = new HashMap<>();
        int largest = -1;
        for (int i = 0; i < added.size(); i++) {
            AddedToken token = added.get(i);
            String name = where + ": added_tokens[" + i + "]";
            if (token.content().isEmpty() || token.content().length() > BytePairModel.LONGEST_TOKEN) {
                throw new ModelFormatException(name + " must have a content of 1 to " + BytePairModel.LONGEST_TOKEN
                        + " characters, was " + BytePairModel.shown(token.content()));
            }
            if (ids.putIfAbsent(token.content(), token.id()) != null) {
                throw new ModelFormatException(
                        name + ".content must differ from others, was " + BytePairModel.shown(token.content()));
            }
            int next = largest < model.size() ? model.size() : largest + 1;
            int id = model.id(token.content()).orElse(next);
            if (token.id() != id) {
                throw new ModelFormatException(name + ".id must be " + id + " for "
                        + BytePairModel.shown(token.content()) + ", was " + token.id());
            }
            largest = Math.max(largest, id);
        }
    }
}
