package resonance.evaluation.perplexity;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.report.Wording;

/**
 * A document as it was measured.
 *
 * @param name what it is called; no two of a measurement have one name
 * @param sha256 SHA-256 (hex) of the file
 * @param tokens tokens that were used, without special tokens
 * @param bytes UTF-8 bytes of the text that these tokens are; 0 if the record does not say
 * @param tokenIds SHA-256 (hex) of these tokens' ids, which tells tokenizers apart; empty if the record does not say
 */
public record MeasuredDocument(String name, String sha256, int tokens, long bytes, String tokenIds) {

    /** A document of a record that says neither bytes nor tokens' ids. */
    public MeasuredDocument(String name, String sha256, int tokens) {
        this(name, sha256, tokens, 0, "");
    }

    /** Reads the JSON form; records of before 0.2 have neither bytes nor tokens' ids. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static MeasuredDocument read(Map<String, Object> json) {
        Map<String, Object> left = new LinkedHashMap<>(json);
        MeasuredDocument document = new MeasuredDocument(
                take(left, "name", String.class),
                take(left, "sha256", String.class),
                take(left, "tokens", Integer.class),
                left.containsKey("bytes") ? take(left, "bytes", Number.class).longValue() : 0,
                left.containsKey("tokenIds") ? take(left, "tokenIds", String.class) : "");
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("a document must have known keys, has " + left.keySet());
        }
        return document;
    }

    private static <T> T take(Map<String, Object> json, String key, Class<T> type) {
        @Nullable Object value = json.remove(key);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("a document must have " + key + ", has none of its type");
        }
        return type.cast(value);
    }

    /** Documents by name, for a page: "131,072 tokens, SHA-256 516f08746e0f…". */
    public static Map<String, String> described(List<MeasuredDocument> documents) {
        Map<String, String> described = new LinkedHashMap<>();
        documents.forEach(document -> described.put(
                document.name,
                String.format(
                        Locale.ROOT, "%,d tokens, SHA-256 %s", document.tokens, Wording.abbreviated(document.sha256))));
        return described;
    }
}
