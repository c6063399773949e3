package resonance.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import resonance.model.ModelFormatException;

/**
 * Checks the normaliser, the pre-tokenizer and the decoder of a {@code tokenizer.json}: kinds, fields and values that
 * are known to neither end the process nor take time or memory out of proportion.
 */
final class TokenizerParts {
    private static final Set<String> BYTE_LEVEL = Set.of("add_prefix_space", "trim_offsets", "use_regex");
    private static final Set<String> METASPACE =
            Set.of("replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
    private static final Set<String> REPLACE = Set.of("pattern", "content");
    private static final Set<String> NONE = Set.of();

    private static final Map<String, Set<String>> NORMALIZERS = Map.of(
            "Sequence", Set.of("normalizers"),
            "Prepend", Set.of("prepend"),
            "Replace", REPLACE,
            "NFC", NONE,
            "NFD", NONE,
            "NFKC", NONE,
            "NFKD", NONE,
            "Lowercase", NONE);
    private static final Map<String, Set<String>> PRE_TOKENIZERS = Map.of(
            "Sequence",
            Set.of("pretokenizers"),
            "Split",
            Set.of("pattern", "behavior", "invert"),
            "ByteLevel",
            BYTE_LEVEL,
            "Metaspace",
            METASPACE,
            "Digits",
            Set.of("individual_digits"),
            "Punctuation",
            Set.of("behavior"),
            "Whitespace",
            NONE,
            "WhitespaceSplit",
            NONE);
    private static final Map<String, Set<String>> DECODERS = Map.of(
            "Sequence", Set.of("decoders"),
            "ByteLevel", BYTE_LEVEL,
            "Metaspace", METASPACE,
            "Replace", REPLACE,
            "ByteFallback", NONE,
            "Fuse", NONE,
            "Strip", Set.of("content", "start", "stop"));

    /** Parts that are alike are passed over a text one after the other: a few are in use. */
    private static final int MOST_PARTS = 32;

    private static final int LONGEST_STRING = 64;

    private final String where;
    private int parts;

    /** @param where the file, for messages */
    TokenizerParts(String where) {
        this.where = where;
    }

    void checkNormalizer(JsonNode part) {
        check(part, "normalizer", NORMALIZERS);
    }

    void checkPreTokenizer(JsonNode part) {
        check(part, "pre_tokenizer", PRE_TOKENIZERS);
    }

    void checkDecoder(JsonNode part) {
        check(part, "decoder", DECODERS);
    }

    private void check(JsonNode part, String field, Map<String, Set<String>> kinds) {
        if (part.isNull() || part.isMissingNode()) {
            return;
        }
        if (++parts > MOST_PARTS) {
            throw refusal(field, "must have at most " + MOST_PARTS + " parts, had more");
        }
        String kind = part.path("type").asText();
        Set<String> fields = kinds.get(kind);
        if (fields == null) {
            throw refusal(
                    field + ".type",
                    "must be known, was " + BytePairModel.shown(kind) + "; known: "
                            + String.join(", ", kinds.keySet().stream().sorted().toList()));
        }
        for (Iterator<String> names = part.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("type") && !fields.contains(name)) {
                throw refusal(
                        field, "of type " + kind + " must have known fields only, had " + BytePairModel.shown(name));
            }
        }
        switch (kind) {
            case "Sequence" -> {
                String list = fields.iterator().next();
                for (JsonNode inner : part.path(list)) {
                    check(inner, field + "." + list, kinds);
                }
            }
            case "Prepend" -> checkString(part.path("prepend"), field + ".prepend", 1);
            case "Replace" -> {
                checkPattern(part.path("pattern"), field + ".pattern");
                checkString(part.path("content"), field + ".content", field.startsWith("normalizer") ? 1 : 0);
            }
            case "Split" -> checkPattern(part.path("pattern"), field + ".pattern");
            case "Strip" -> {
                if (!part.path("stop").isInt() || part.path("stop").intValue() != 0) {
                    throw refusal(field + ".stop", "must be 0, was " + part.path("stop"));
                }
            }
            default -> {}
        }
    }

    private void checkPattern(JsonNode pattern, String field) {
        if (pattern.size() == 1 && pattern.has("String")) {
            checkString(pattern.path("String"), field + ".String", 1);
        } else if (pattern.size() == 1 && pattern.path("Regex").isTextual()) {
            String regex = pattern.path("Regex").textValue();
            if (!SplitPatterns.isKnown(regex)) {
                throw refusal(
                        field + ".Regex",
                        "must be one of the expressions known from published models (an unknown one could run for "
                                + "hours), was '" + regex.substring(0, Math.min(regex.length(), 200)) + "'");
            }
        } else {
            throw refusal(field, "must have one field, String or Regex");
        }
    }

    private void checkString(JsonNode string, String field, int least) {
        int length = string.isTextual() ? string.textValue().length() : -1;
        if (length < least || length > LONGEST_STRING) {
            throw refusal(field, "must be a string of " + least + " to " + LONGEST_STRING + " characters");
        }
    }

    private ModelFormatException refusal(String field, String sentence) {
        return new ModelFormatException(where + ": " + field + " " + sentence);
    }
}
