package resonance.language;

import java.util.Arrays;
import resonance.transformer.inference.DecodingSession;

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
        int[] read = Arrays.copyOfRange(withAnswer, first - 1, withAnswer.length - 1);
        int[] targets = Arrays.copyOfRange(withAnswer, first, withAnswer.length);
        double sum = 0;
        for (float loss : session.negativeLogLikelihoods(read, targets)) {
            sum += loss;
        }
        double loss = sum / targets.length;
        if (!Double.isFinite(loss)) {
            throw new BrokenModelException("loss", loss, where);
        }
        return loss;
    }
}
