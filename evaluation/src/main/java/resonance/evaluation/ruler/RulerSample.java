package resonance.evaluation.ruler;

import java.util.List;

/**
 * A question of a RULER task.
 *
 * @param input what is asked; goes into a chat template where one is used
 * @param answerPrefix how the answer begins; follows the input, or the template around it
 * @param references all that the answer must hold
 * @param target a right answer in the form that the prompt asks for, behind the answer prefix
 * @param promptTokens tokens of input and answer prefix as they were counted, without a template and special tokens
 * @param answerTokens most tokens of the answer, for which the sample leaves room
 */
record RulerSample(
        String input, String answerPrefix, List<String> references, String target, int promptTokens, int answerTokens) {

    public RulerSample {
        references = List.copyOf(references);
    }
}
