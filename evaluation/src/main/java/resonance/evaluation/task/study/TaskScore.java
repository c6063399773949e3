package resonance.evaluation.task.study;

import resonance.rope.EncodingName;

/**
 * One encoding's score on a task at a length, from the answers that are finished.
 *
 * @param encoding position encoding
 * @param length tokens that prompt and answer may have
 * @param task of the suite
 * @param score in percent, as the suite rounds it
 * @param questions answered, at least one
 * @param planned questions that the plan asks
 * @param available questions that the suite has
 * @param loss mean over the questions of {@link TaskAnswer#loss}; NaN if it was not measured
 * @param promptTokens mean over the questions, all prompts together
 * @param seconds of all questions together
 */
public record TaskScore(
        EncodingName encoding,
        int length,
        String task,
        double score,
        int questions,
        int planned,
        int available,
        double loss,
        double promptTokens,
        double seconds) {}
