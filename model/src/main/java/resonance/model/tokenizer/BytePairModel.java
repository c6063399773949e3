package resonance.model.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import resonance.model.ModelFormatException;

/**
 * The vocabulary and the merges of a byte-pair tokenizer, checked as they are added: ids in range and given once, merges
 * of known tokens to known tokens.
 */
final class BytePairModel {
    /** Ids go to this; the largest vocabulary known has about 262,000. */
    static final int MOST_TOKENS = 1 << 21;

    /** The most in use are Gemma 3's, about 515,000. */
    static final int MOST_MERGES = 1 << 22;

    /** The longest token, in characters. */
    static final int LONGEST_TOKEN = 4096;

    private final String where;
    private final Map<String, Integer> ids = new HashMap<>();
    private final BitSet given = new BitSet();
    private int[] merges = new int[1024];
    private int mergeCount;

    private @Nullable String unknown;
    private boolean fusesUnknown;
    private boolean fallsBackToBytes;
    private boolean ignoresMerges;

    /** @param where the file and the part of it, for messages */
    BytePairModel(String where) {
        this.where = where;
    }

    void addToken(String token, long id) {
        if (id < 0 || id >= MOST_TOKENS) {
            throw refusal("id of " + shown(token) + " must be from 0 to " + (MOST_TOKENS - 1) + ", was " + id);
        }
        if (token.length() > LONGEST_TOKEN) {
            throw refusal("token " + id + " must have at most " + LONGEST_TOKEN + " characters, was " + shown(token));
        }
        if (given.get((int) id)) {
            throw refusal("id of " + shown(token) + " must be given once, was " + id + " of another token");
        }
        if (ids.putIfAbsent(token, (int) id) != null) {
            throw refusal("token " + id + " must differ from others, was " + shown(token) + " like " + ids.get(token));
        }
        given.set((int) id);
    }

    /** Adds the next merge; tokens must have been added before. */
    void addMerge(String left, String right) {
        Integer first = ids.get(left);
        Integer second = ids.get(right);
        if (first == null || second == null) {
            throw refusal(
                    "merge " + mergeCount + " must be of two tokens, was " + shown(left) + " and " + shown(right));
        }
        if (!ids.containsKey(left + right)) {
            throw refusal("merge " + mergeCount + " must make a token, was " + shown(left) + " and " + shown(right));
        }
        if (mergeCount == MOST_MERGES) {
            throw refusal("there must be at most " + MOST_MERGES + " merges, were more");
        }
        if (2 * mergeCount == merges.length) {
            merges = Arrays.copyOf(merges, 2 * merges.length);
        }
        merges[2 * mergeCount] = first;
        merges[2 * mergeCount + 1] = second;
        mergeCount++;
    }

    /** The token for characters that no token has; none if they are left out. */
    void unknown(@Nullable String token, boolean fuses) {
        if (token != null && !ids.containsKey(token)) {
            throw refusal("unk_token must be a token, was " + shown(token));
        }
        unknown = token;
        fusesUnknown = fuses;
    }

    /** Whether a character that no token has is written as tokens like {@code <0x0A>}, one for a byte. */
    void fallsBackToBytes(boolean falls) {
        fallsBackToBytes = falls;
    }

    /** Whether a word that is a token stays whole though no merges lead to it. */
    void ignoresMerges(boolean ignores) {
        ignoresMerges = ignores;
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Number of tokens, which may be fewer than the ids go up to. */
    int size() {
        return ids.size();
    }

    /** One more than the largest id. */
    int idLimit() {
        return given.length();
    }

    /** Ids below a limit that no token has. */
    BitSet freeIds(int limit) {
        BitSet free = (BitSet) given.clone();
        free.flip(0, limit);
        return free;
    }

    /** Tokens that stand for a byte, empty unless characters fall back to them. */
    BitSet byteTokens() {
        BitSet bytes = new BitSet();
        if (fallsBackToBytes) {
            for (int value = 0; value < 256; value++) {
                id(String.format("<0x%02X>", value)).ifPresent(bytes::set);
            }
        }
        return bytes;
    }

    /** Writes the object {@code model} of a {@code tokenizer.json}. */
    void write(JsonGenerator json) throws IOException {
        String[] tokens = new String[idLimit()];
        json.writeStartObject();
        json.writeStringField("type", "BPE");
        json.writeNullField("dropout");
        json.writeStringField("unk_token", unknown);
        json.writeNullField("continuing_subword_prefix");
        json.writeNullField("end_of_word_suffix");
        json.writeBooleanField("fuse_unk", fusesUnknown);
        json.writeBooleanField("byte_fallback", fallsBackToBytes);
        json.writeBooleanField("ignore_merges", ignoresMerges);
        json.writeObjectFieldStart("vocab");
        for (Map.Entry<String, Integer> token : ids.entrySet()) {
            json.writeNumberField(token.getKey(), token.getValue());
            tokens[token.getValue()] = token.getKey();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (int i = 0; i < mergeCount; i++) {
            json.writeStartArray();
            json.writeString(tokens[merges[2 * i]]);
            json.writeString(tokens[merges[2 * i + 1]]);
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private ModelFormatException refusal(String sentence) {
        return new ModelFormatException(where + ": " + sentence);
    }

    /** A token in quotes, shortened, control characters escaped. */
    static String shown(String token) {
        StringBuilder shown = new StringBuilder("'");
        int length = Math.min(token.length(), 40);
        for (int i = 0; i < length; i++) {
            char c = token.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append(token.length() > length ? "…'" : "'").toString();
    }
}
