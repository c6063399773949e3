package resonance.evaluation.ruler;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * RULER's score of an answer: {@code string_match_all} of {@code scripts/eval/synthetic/constants.py}, after the clean-up of
 * {@code scripts/eval/evaluate.py} (NVIDIA/RULER, commit c3f5e3b).
 *
 * <pre>  score = references that the answer holds, whatever their case / references,   0 to 1
 *   task  = 100 · mean of the scores over its samples, two decimals                 </pre>
 */
public final class StringMatch {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f]");

    private StringMatch() {}

    /** The share of the references that are in the answer. */
    public static double score(String answer, List<String> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("references must hold at least 1, held none");
        }
        String read = CONTROL.matcher(answer).replaceAll("\n").toLowerCase(Locale.ROOT);
        long held = references.stream()
                .filter(reference -> read.contains(reference.toLowerCase(Locale.ROOT)))
                .count();
        return (double) held / references.size();
    }
}
