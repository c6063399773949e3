package resonance.evaluation.task.study;

import resonance.evaluation.Contrast;
import resonance.evaluation.Interval;

/**
 * How much an encoding changes the score against another one, on the same questions.
 *
 * <p>Questions are the units of the intervals, which speak of other questions like these. Several questions about one document are
 * less independent than that, so where a task has few documents an interval is too narrow. The difference of a suite's average is
 * one of all its questions, each weighted by 1 / questions of its task.
 *
 * @param contrast the encoding and what it is measured against
 * @param length tokens that prompt and answer may have
 * @param task of the suite, or {@link TaskResults#AVERAGE}
 * @param points difference of the score, percentage points; above 0 is better
 * @param loss difference of the loss of right answers, nats a token; below 0 is better; all NaN if it was not measured
 * @param better questions with a higher score
 * @param worse questions with a lower one
 */
public record TaskDifference(
        Contrast contrast, int length, String task, Interval points, Interval loss, int better, int worse) {}
