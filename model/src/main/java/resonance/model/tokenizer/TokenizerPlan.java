package resonance.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
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

    TokenizerPlan {
        added = List.copyOf(added);
        if (added.size() > MOST_ADDED) {
            throw new ModelFormatException(
                    where + ": there must be at most " + MOST_ADDED + " added tokens, were " + added.size());
        }
        checkIds(model, added, where);
    }

    NativeTokenizer build() {
        String json = TokenizerText.write(model, added, normalizer, preTokenizer, decoder);
        if (SurrogatePairs.firstLone(json) >= 0) {
            throw new ModelFormatException(where + ": strings must be Unicode text, had half a surrogate pair");
        }
        return new NativeTokenizer(json, where);
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
