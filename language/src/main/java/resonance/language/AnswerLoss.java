package resonance.language;

import java.util.Arrays;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.PassListener;

/** What a right answer's own tokens cost a model after a prompt it has read. */
final class AnswerLoss {
    private AnswerLoss() {}

    /**
     * The first of a right answer's tokens: where the tokenizer joins the end of the prompt with the answer, the joint tokens belong
     * to the answer.
     *
     * @param prompt tokens of the prompt
     * @param withAnswer tokens of the prompt continued with the answer
     */
    static int firstToken(int[] prompt, int[] withAnswer) {
        int shared = Arrays.mismatch(prompt, withAnswer);
        return shared < 0 ? prompt.length : shared;
    }

    /**
     * Mean −ln p of a right answer's tokens, nats; NaN if it has none.
     *
     * @param session has read the prompt, and may have gone on from there
     * @param where encoding and length, for refusals
     */
    static double of(DecodingSession session, int[] prompt, int[] withAnswer, String where) {
        int first = firstToken(prompt, withAnswer);
        if (first == withAnswer.length) {
            return Double.NaN;
        }
        session.rewind(first - 1);
        double loss = 0;
        for (int i = first; i < withAnswer.length; i++) {
            float[] logits = BrokenModelException.require(
                    session.append(new int[] {withAnswer[i - 1]}, PassListener.SILENT), where);
            loss += LogProbability.negative(logits, withAnswer[i]);
        }
        return loss / (withAnswer.length - first);
    }
}
