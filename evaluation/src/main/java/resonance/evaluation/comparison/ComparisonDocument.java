package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Comparison;
import resonance.evaluation.Interval;
import resonance.evaluation.PairedDifference;
import resonance.rope.EncodingName;

/** What scripts read of a comparison beside its cells: differences with their verdicts, and who learnt the task. */
final class ComparisonDocument {

    private ComparisonDocument() {}

    /**
     * How much an encoding changes an accuracy within the same seeds.
     *
     * @param accuracy {@code id} or {@code ood}
     * @param mean mean difference, a fraction
     * @param low lower end of its 95 % interval; null with one pair
     * @param high upper end
     * @param pairs seeds finished for both
     * @param better seeds in which the encoding was strictly higher
     * @param worse seeds in which it was strictly lower
     * @param learnt seeds in which both models learnt the task
     * @param verdict {@code better}, {@code worse} or {@code undecided}
     */
    record Difference(
            String task,
            EncodingName encoding,
            EncodingName baseline,
            String accuracy,
            double mean,
            @Nullable Double low,
            @Nullable Double high,
            int pairs,
            int better,
            int worse,
            int learnt,
            String verdict) {}

    /**
     * How many models of a task and encoding learnt the task.
     *
     * @param learnt models with an ID accuracy of at least {@code idAccuracyFrom}
     * @param models models finished
     * @param idAccuracyFrom a fraction
     */
    record Learnt(String task, EncodingName encoding, int learnt, int models, double idAccuracyFrom) {}

    /** The document's lists by name. */
    static Map<String, List<?>> of(Comparison comparison) {
        Map<String, List<?>> lists = new LinkedHashMap<>();
        lists.put(
                "differences",
                comparison.differences().stream()
                        .map(ComparisonDocument::difference)
                        .toList());
        lists.put("learnt", learnt(comparison));
        lists.put("cells", comparison.cells());
        return lists;
    }

    private static Difference difference(Comparison.Difference difference) {
        PairedDifference values = difference.values();
        Interval interval = values.interval();
        return new Difference(
                difference.task(),
                difference.contrast().encoding(),
                difference.contrast().baseline(),
                difference.accuracy().name().toLowerCase(Locale.ROOT),
                interval.mean(),
                interval.lowOrNull(),
                interval.highOrNull(),
                values.count(),
                values.better(),
                values.worse(),
                difference.learnt(),
                values.verdict().word());
    }

    private static List<Learnt> learnt(Comparison comparison) {
        List<Learnt> learnt = new ArrayList<>();
        for (String task : comparison.plan().tasks()) {
            for (EncodingName encoding : comparison.plan().encodings()) {
                int models = comparison.cells(task, encoding).size();
                if (models > 0) {
                    learnt.add(new Learnt(
                            task,
                            encoding,
                            comparison.learnt(task, encoding),
                            models,
                            comparison.plan().learntFrom(task)));
                }
            }
        }
        return learnt;
    }
}
