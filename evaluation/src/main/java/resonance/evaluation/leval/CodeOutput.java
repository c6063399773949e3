package resonance.evaluation.leval;

import java.util.List;
import resonance.evaluation.task.PythonText;

/**
 * What an answer of CodeU says that a program prints, as L-Eval's {@code Evaluation/auto_eval.py} finds it: a few words more than
 * the reference has, from behind the last "the final output", or else from the end.
 */
final class CodeOutput {
    private static final String SAID = "the final output";

    private static final int MORE_WORDS = 3;

    /** Deleted wherever they stand, also within words: "This" becomes "Th". */
    private static final List<String> FILLERS =
            List.of("will be", "of the code", "is", "would be", "the value of", "the result of", "printed");

    private CodeOutput() {}

    /** The words of an answer that may hold the output. */
    static String ofAnswer(String answer, String reference) {
        int most = PythonText.words(reference).size() + MORE_WORDS;
        String text = cleaned(answer);
        for (String filler : FILLERS) {
            text = text.replace(filler, "");
        }
        int said = text.lastIndexOf(SAID);
        List<String> pieces = PythonText.pieces(said < 0 ? text : text.substring(said + SAID.length()));
        List<String> kept = said < 0
                ? pieces.subList(Math.max(0, pieces.size() - most), pieces.size())
                : pieces.subList(0, Math.min(most, pieces.size()));
        return String.join(" ", kept);
    }

    /** The output as a reference has it, without commas, quotes and ".0". */
    static String cleaned(String text) {
        return PythonText.squeezed(text)
                .replace(",", "")
                .replace("'", "")
                .replace("\\", "")
                .replace(".0", "")
                .replace("] [", "][")
                .replace("[ [", "[[")
                .replace("] ]", "]]");
    }
}
