package resonance.rope;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known word nearest to a misspelt one. */
public final class Spelling {
    private Spelling() {}

    /**
     * The nearest of the known words by edit distance (insertions, deletions, replacements; not upper for lower case), the first of equals;
     * empty if it takes more than one edit and a quarter of the word's length.
     */
    public static Optional<String> nearest(String word, Collection<String> known) {
        int fewest = word.length() / 4 + 2;
        Optional<String> nearest = Optional.empty();
        for (String candidate : known) {
            int edits = edits(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (edits < fewest) {
                fewest = edits;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /** "; did you mean 'yarn'?" for the end of a refusal; empty if no known word is near. */
    public static String suggestion(String word, Collection<String> known) {
        return nearest(word, known)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** Levenshtein's distance, one row of its table at a time. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[to.length()];
    }
}
