package resonance.evaluation.leval;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import resonance.evaluation.task.PythonNumber;
import resonance.evaluation.task.PythonText;

/**
 * L-Eval's metric of closed-ended tasks ({@code Evaluation/em.py} of github.com/OpenLMLab/LEval, commit cd34b05), which it calls
 * exact match.
 *
 * <pre>  n(s) = s without ASCII punctuation, without the words a, an, the (lower case alone), blanks squeezed
 *   n(gold) of nothing but A, B, C, D:   1 if n(answer) = n(gold);  0.25 if its characters are among those of n(gold);  else 0
 *   both are numbers to Python:          1 if they are equal, else 0
 *   else:                                1 if the answer contains the gold, both in lower case and without spaces, else 0 </pre>
 *
 * <p>So an empty answer has 0.25 against any letters, and a gold of punctuation alone counts as letters.
 */
final class ExactMatch {
    static final double PARTLY = 0.25;

    private static final String WORD_CHARACTER = "[\\p{L}\\p{N}_]";

    private static final Pattern ARTICLES =
            Pattern.compile("(?<!" + WORD_CHARACTER + ")(?:a|an|the)(?!" + WORD_CHARACTER + ")");

    private static final Pattern LETTERS = Pattern.compile("[ABCD]*");

    private ExactMatch() {}

    /** From 0 to 1. */
    static double score(String answer, String gold) {
        String letters = normalised(gold);
        if (LETTERS.matcher(letters).matches()) {
            String given = normalised(answer);
            if (given.equals(letters)) {
                return 1;
            }
            return given.chars().allMatch(c -> letters.indexOf(c) >= 0) ? PARTLY : 0;
        }
        OptionalDouble number = PythonNumber.parse(answer);
        OptionalDouble goldNumber = PythonNumber.parse(gold);
        boolean numbers = number.isPresent() && goldNumber.isPresent();
        boolean right = numbers
                ? equal(number.getAsDouble(), goldNumber.getAsDouble())
                : compact(answer).contains(compact(gold));
        return right ? 1 : 0;
    }

    /** As numbers: 0 and −0 are equal, NaN is nothing's equal. */
    private static boolean equal(double a, double b) {
        return a == b;
    }

    private static String normalised(String text) {
        String bare = ARTICLES.matcher(PythonText.withoutPunctuation(text)).replaceAll(" ");
        return String.join(" ", PythonText.words(bare));
    }

    private static String compact(String text) {
        return text.toLowerCase(Locale.ROOT).replace(" ", "");
    }
}
