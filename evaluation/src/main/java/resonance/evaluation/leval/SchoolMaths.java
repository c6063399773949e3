package resonance.evaluation.leval;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.evaluation.task.PythonText;

/**
 * The number that an answer of GSM(100) ends with, as L-Eval's {@code Evaluation/auto_eval.py} finds it: the word after the first
 * "The answer is ", or else the last word with a digit before the first empty line; of that word the digits up to its first full
 * stop. Signs, commas and fractions are lost: "-5" is 5, "3/4" is 34, "10.5%" is 10.
 */
final class SchoolMaths {
    private static final Pattern SAID = Pattern.compile("The answer is (" + PythonText.NO_BLANK + "+)");

    /** The same once its word is over. */
    private static final Pattern SAID_WHOLLY = Pattern.compile(SAID.pattern() + PythonText.BLANK);

    private SchoolMaths() {}

    /** The digits; empty if there are none. */
    static String number(String answer) {
        return digits(word(answer));
    }

    /** Whether {@link #number} is the same however the answer goes on. */
    static boolean isSettled(String answerSoFar) {
        return SAID_WHOLLY.matcher(answerSoFar).find();
    }

    private static String word(String answer) {
        Matcher said = SAID.matcher(answer);
        if (said.find()) {
            return said.group(1);
        }
        int paragraph = answer.indexOf("\n\n");
        String first = paragraph < 0 ? answer : answer.substring(0, paragraph);
        List<String> words = List.of(first.split(" ", -1));
        for (int i = words.size() - 1; i >= 0; i--) {
            if (words.get(i).codePoints().anyMatch(PythonText::isDigit)) {
                return words.get(i);
            }
        }
        return "";
    }

    private static String digits(String word) {
        StringBuilder digits = new StringBuilder();
        word.codePoints().takeWhile(c -> c != '.').filter(PythonText::isDigit).forEach(digits::appendCodePoint);
        return digits.toString();
    }
}
