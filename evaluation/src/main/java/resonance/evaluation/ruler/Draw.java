package resonance.evaluation.ruler;

import java.util.List;

/**
 * A prompt as it was drawn, whether it fits or not.
 *
 * @param input what is asked
 * @param answerPrefix how the answer begins, behind the input
 * @param references all that the answer must hold
 * @param target a right answer, behind the answer prefix
 */
record Draw(String input, String answerPrefix, List<String> references, String target) {

    Draw {
        references = List.copyOf(references);
    }

    /** Input and beginning of the answer. */
    String text() {
        return input + answerPrefix;
    }
}
