package resonance.evaluation.leval;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import resonance.evaluation.task.PythonText;

/**
 * The letters that an answer to a multiple-choice question chooses, as L-Eval's {@code Evaluation/auto_eval.py} finds them.
 *
 * <p>They are found in odd places: the first capital A of "Answer: B" is taken for a choice. That is the benchmark's, and changing it
 * would change its scores.
 */
final class MultipleChoice {
    private static final String ALL = "ABCD";

    /** What a blank answer counts as. */
    private static final String NO_ANSWER = "None";

    private static final String GUESS = "A";

    private static final Pattern LEADING = Pattern.compile("\\A[A-D]+");

    private static final Pattern RUN = Pattern.compile("[A-D]+");

    /** A capital before a blank, a full stop or a bracket, also as the end of a word; none at the end of the text. */
    private static final Pattern OPTION =
            Pattern.compile("[A-Z](?=" + PythonText.BLANK.substring(0, PythonText.BLANK.length() - 1) + ".)])");

    private MultipleChoice() {}

    /** The letter chosen where one is right; the whole answer if it is a stretch of the alphabet such as BC. */
    static String one(String answer) {
        if (PythonText.strip(answer).isEmpty()) {
            return NO_ANSWER;
        }
        if (ALL.contains(answer)) {
            return answer;
        }
        Matcher run = RUN.matcher(answer);
        return run.find() ? answer.substring(run.start(), run.start() + 1) : GUESS;
    }

    /** Whether {@link #one} is the same however the answer goes on. */
    static boolean oneIsSettled(String answerSoFar) {
        return !ALL.contains(answerSoFar) && RUN.matcher(answerSoFar).find();
    }

    /** The letters chosen where several may be right, nearly always in their order. */
    static String several(String answer) {
        if (PythonText.strip(answer).isEmpty()) {
            return NO_ANSWER;
        }
        if (ALL.contains(answer)) {
            return answer;
        }
        Matcher leading = LEADING.matcher(answer);
        String letters = leading.find() ? leading.group() : "";
        if (letters.length() > 1) {
            return sorted(letters);
        }
        String rest = answer.substring(letters.length());
        int question = rest.indexOf("Question");
        String before = question < 0 ? rest : rest.substring(0, question);
        StringBuilder found = new StringBuilder(letters);
        OPTION.matcher(before).results().forEach(option -> found.append(option.group()));
        String chosen = sorted(found.toString());
        if (!chosen.isEmpty()) {
            return chosen;
        }
        Matcher run = RUN.matcher(before);
        return run.find() ? run.group() : GUESS;
    }

    /** The right letters of a reference such as "(B) full text of the option". */
    static String gold(String reference) {
        String first = PythonText.words(reference).stream().findFirst().orElse("");
        String letters = first.replaceAll("[^A-D]", "");
        return letters.isEmpty() ? GUESS : letters;
    }

    /** The letters A to D of a text, each once, in their order. */
    private static String sorted(String letters) {
        return ALL.chars()
                .filter(letter -> letters.indexOf(letter) >= 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
