package resonance.language;

import java.util.List;
import java.util.function.LongSupplier;
import resonance.evaluation.passkey.PasskeyAnswer;
import resonance.evaluation.passkey.PasskeyPrompt;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.model.Tokenizer;
import resonance.rope.EncodingName;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.PositionEncoding;

/**
 * A passkey prompt in tokens, to be put to a model under any encoding.
 *
 * @param task the number to find, and where it is hidden
 * @param prompt tokens of the prompt
 * @param promptAndKey tokens of the prompt continued with the number
 */
@SuppressWarnings("ArrayRecordComponent") // vectors that are handed on, never compared
record PasskeyQuestion(PasskeyTask task, int[] prompt, int[] promptAndKey) {
    /** @throws IllegalArgumentException if the task's length is too short for the bare prompt */
    static PasskeyQuestion of(PasskeyTask task, Tokenizer tokenizer) {
        PasskeyPrompt prompt = task.prompt(text -> PromptTokens.of(tokenizer, text).length);
        return new PasskeyQuestion(
                task,
                PromptTokens.of(tokenizer, prompt.text()),
                PromptTokens.of(tokenizer, prompt.text() + prompt.rightContinuation()));
    }

    /**
     * Reads the prompt once; from there the model answers, and then the number's own loss is measured.
     *
     * @param clock nanoseconds, {@link System#nanoTime}
     */
    PasskeyTrial put(
            LanguageModel model,
            EncodingName encoding,
            PositionEncoding positions,
            PassListener listener,
            LongSupplier clock) {
        int capacity = Math.max(prompt.length + PasskeyAnswer.TOKENS, promptAndKey.length);
        long started = clock.getAsLong();
        try (DecodingSession session = model.decoder().start(positions, capacity)) {
            String where = "encoding " + encoding + " at length " + task.length();
            float[] logits = session.append(prompt, listener);
            String answer = answer(session, logits, model.tokenizer(), where);
            double keyLoss = AnswerLoss.of(session, prompt, promptAndKey, where);
            double seconds = Math.max(1, clock.getAsLong() - started) * 1e-9;
            return PasskeyTrial.of(encoding, task, prompt.length, answer, keyLoss, seconds);
        }
    }

    private static String answer(
            DecodingSession session, float[] logitsAfterPrompt, Tokenizer tokenizer, String where) {
        GrowingAnswer answer = new GrowingAnswer(tokenizer, PasskeyAnswer.TOKENS, List.of(), text -> false);
        float[] logits = logitsAfterPrompt;
        while (answer.add(BrokenModelException.require(logits, where))) {
            logits = session.append(new int[] {answer.last()}, PassListener.SILENT);
        }
        return answer.text();
    }
}
