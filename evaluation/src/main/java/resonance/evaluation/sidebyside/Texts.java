package resonance.evaluation.sidebyside;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import resonance.rope.Refusal;

/**
 * Documents of a perplexity that make a table of their own.
 *
 * @param name of the table; empty for all documents
 * @param patterns file name patterns with {@code *} and {@code ?}; a document belongs here if one fits its name
 */
public record Texts(String name, List<String> patterns) {
    /** All documents, in one table without a name. */
    static final Texts ALL = new Texts("", List.of("*"));

    public Texts {
        patterns = List.copyOf(patterns);
    }

    /**
     * Reads {@code NAME=PATTERN,PATTERN}.
     *
     * @throws Refusal if it is none
     */
    public static Texts of(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw Refusal.was("texts", "must be NAME=PATTERN,PATTERN", "'" + text + "'");
        }
        List<String> patterns = List.of(text.substring(equals + 1).split(",", -1));
        for (String pattern : patterns) {
            try {
                FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            } catch (PatternSyntaxException e) {
                throw Refusal.was("texts", "must have file name patterns", "'" + pattern + "'");
            }
        }
        return new Texts(text.substring(0, equals).strip(), patterns);
    }

    /** Whether a document of this name, or at this path, belongs here. */
    boolean has(String document) {
        Path path = Path.of(document);
        return patterns.stream()
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .anyMatch(matcher -> matcher.matches(path) || matcher.matches(path.getFileName()));
    }
}
