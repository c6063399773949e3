package resonance.evaluation.leval;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import resonance.evaluation.task.PythonText;

/**
 * What an answer of SFiction says is true, once by its story ("loyalty") and once in fact, as L-Eval's
 * {@code Evaluation/auto_eval.py} finds it in "True [fact: False]": the first word of each part that contains "true" or "false", in
 * any case. "untrue" is true there.
 *
 * @param loyalty by the story
 * @param fact in fact; empty where nothing is said of it
 */
record Judgement(String loyalty, String fact) {
    private static final String FACT = "[fact:";

    private static final String NEITHER = "<error>";

    /** Of an answer: {@code true}, {@code false} or {@code <error>}. */
    static Judgement ofAnswer(String text) {
        Judgement said = ofReference(text);
        return new Judgement(label(said.loyalty), label(said.fact));
    }

    /** Of a reference: its two parts as they stand, in lower case. */
    static Judgement ofReference(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(Pattern.quote(FACT), -1);
        String fact = parts.length < 2 || parts[1].isEmpty() ? "" : parts[1].substring(0, parts[1].length() - 1);
        return new Judgement(PythonText.strip(parts[0]), PythonText.strip(fact));
    }

    /** The answers to both prompts as L-Eval keeps them. */
    static String joined(List<String> answers) {
        return answers.get(0) + " " + FACT + " " + answers.get(1) + "]";
    }

    /** Whether an answer to one of the prompts says the same however it goes on. */
    static boolean isSettled(String answerSoFar) {
        String text = answerSoFar.toLowerCase(Locale.ROOT);
        List<String> pieces = PythonText.pieces(text);
        return !text.contains(FACT)
                && !label(String.join(" ", pieces.subList(0, pieces.size() - 1)))
                        .equals(NEITHER);
    }

    private static String label(String text) {
        for (String word : PythonText.words(text)) {
            if (word.contains("true")) {
                return "true";
            }
            if (word.contains("false")) {
                return "false";
            }
        }
        return NEITHER;
    }
}
