package resonance.evaluation.task.study;

import java.util.List;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.TaskReference;
import resonance.rope.EncodingName;

/**
 * What a model wrote on one question, with all that scoring it takes: what a run keeps. There is no score in it, so that a report is
 * always of the scoring of its own version.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length tokens that prompt and answer may have, as the suite measures them
 * @param task of the suite
 * @param question which of the task's, from 0
 * @param style how the prompts were written
 * @param reference what the answer is held against
 * @param written after each of the question's prompts, at least one
 * @param seconds time the model took, more than 0
 */
public record TaskAnswer(
        EncodingName encoding,
        int length,
        String task,
        int question,
        PromptStyle style,
        TaskReference reference,
        List<Written> written,
        double seconds) {

    /** Why an answer ended. */
    public enum End {
        /** The model ended it. */
        END_OF_SEQUENCE,
        /** It had as many tokens as it may have. */
        MOST_TOKENS,
        /** It came to a text that ends answers of this task. */
        STOP,
        /** Nothing that followed could change its score. */
        SETTLED
    }

    /**
     * What was written after one prompt.
     *
     * @param promptTokens tokens of the prompt, BOS included
     * @param readTokens how many of them were read for it; the rest was there from the question before
     * @param answer as it is, without special tokens
     * @param tokens of the answer
     * @param end why it ended
     * @param loss mean −ln p, nats, of a right answer's own tokens after the prompt; NaN if the suite names none
     * @param lossTokens how many tokens that are
     */
    public record Written(
            int promptTokens, int readTokens, String answer, int tokens, End end, double loss, int lossTokens) {}

    public TaskAnswer {
        written = List.copyOf(written);
        if (written.isEmpty()) {
            throw new IllegalArgumentException("written must be at least one, was none");
        }
        if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("seconds must be finite and more than 0, was " + seconds);
        }
    }

    /** Where this answer belongs in its evaluation. */
    public TaskKey place() {
        return new TaskKey(encoding, length, task, question);
    }

    /** The texts that are scored. */
    public List<String> answers() {
        return written.stream().map(Written::answer).toList();
    }

    /** Mean −ln p, nats, over the tokens of all right answers; NaN if there are none. */
    public double loss() {
        double sum = 0;
        int tokens = 0;
        for (Written one : written) {
            if (one.lossTokens > 0) {
                sum += one.loss * one.lossTokens;
                tokens += one.lossTokens;
            }
        }
        return sum / tokens; // NaN of no tokens
    }
}
