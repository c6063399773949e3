package resonance.evaluation.leval;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.task.TextTokens;

/**
 * L-Eval's way of shortening a document to a budget of tokens B, the beginning-of-sequence token included:
 *
 * <pre>  cnt = 0
 *   while tokens(document) &gt; B:   keep its first B − cnt words, or its last ones for code;   cnt = cnt + 250 </pre>
 *
 * <p>Words lie between single spaces, and as many of them are kept as there may be tokens. Below zero the number of words is a slice of
 * Python's: it drops as many from the end.
 */
final class LevalTruncation {
    private static final int STEP = 250;

    private LevalTruncation() {}

    /** @param budget B, at least 1 */
    static String shortened(String document, int budget, boolean keepsEnd, TextTokens tokens) {
        String kept = document;
        for (int cut = 0; tokens.beginning() + tokens.count(kept) > budget; cut += STEP) {
            if (kept.isEmpty()) {
                return kept; // theirs would go on for ever: special tokens alone exceed the budget
            }
            List<String> words = new ArrayList<>(List.of(kept.split(" ", -1)));
            int wanted = budget - cut;
            int size = words.size();
            // [:wanted] and [-wanted:]
            kept = String.join(
                    " ", keepsEnd ? words.subList(at(-wanted, size), size) : words.subList(0, at(wanted, size)));
        }
        return kept;
    }

    /** Where a bound of a slice lies: below zero it counts from the end. */
    private static int at(int bound, int size) {
        return bound < 0 ? Math.max(0, size + bound) : Math.min(bound, size);
    }
}
