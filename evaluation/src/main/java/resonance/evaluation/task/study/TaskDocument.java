package resonance.evaluation.task.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.rope.EncodingName;

/** What scripts read of an evaluation: scores, averages, and differences with their verdicts. */
final class TaskDocument {
    private TaskDocument() {}

    /**
     * A mean over all tasks of the plan.
     *
     * @param score in percent
     * @param loss of right answers, nats a token; NaN if it was not measured
     * @param tasks how many
     */
    record Average(EncodingName encoding, int length, double score, double loss, int tasks) {}

    /**
     * A {@link TaskDifference}.
     *
     * @param points percentage points; above 0 is better
     * @param low lower end of its 95 % interval; null with one question
     * @param high upper end
     * @param loss nats a token; below 0 is better; NaN if it was not measured
     * @param lossLow lower end of its interval
     * @param lossHigh upper end
     * @param questions compared
     * @param better questions with a higher score
     * @param worse questions with a lower one
     * @param verdict of the score: {@code better}, {@code worse} or {@code undecided}
     * @param lossVerdict of the loss
     */
    record Difference(
            EncodingName encoding,
            EncodingName baseline,
            int length,
            String task,
            double points,
            @Nullable Double low,
            @Nullable Double high,
            double loss,
            @Nullable Double lossLow,
            @Nullable Double lossHigh,
            int questions,
            int better,
            int worse,
            String verdict,
            String lossVerdict) {}

    /** The document's lists by name. */
    static Map<String, List<?>> of(TaskResults results) {
        Map<String, List<?>> lists = new LinkedHashMap<>();
        lists.put("tasks", results.scores());
        lists.put("averages", averages(results));
        lists.put(
                "differences",
                results.differences().stream().map(TaskDocument::difference).toList());
        return lists;
    }

    private static List<Average> averages(TaskResults results) {
        List<Average> averages = new ArrayList<>();
        for (int length : results.plan().lengths()) {
            for (EncodingName encoding : results.plan().encodings()) {
                OptionalDouble score = results.average(encoding, length);
                if (score.isPresent()) {
                    averages.add(new Average(
                            encoding,
                            length,
                            score.getAsDouble(),
                            results.averageLoss(encoding, length).orElse(Double.NaN),
                            results.plan().tasks().size()));
                }
            }
        }
        return List.copyOf(averages);
    }

    private static Difference difference(TaskDifference difference) {
        Interval points = difference.points();
        Interval loss = difference.loss();
        return new Difference(
                difference.contrast().encoding(),
                difference.contrast().baseline(),
                difference.length(),
                difference.task(),
                points.mean(),
                points.lowOrNull(),
                points.highOrNull(),
                loss.mean(),
                loss.lowOrNull(),
                loss.highOrNull(),
                points.units(),
                difference.better(),
                difference.worse(),
                points.verdict(true).word(),
                loss.verdict(false).word());
    }
}
