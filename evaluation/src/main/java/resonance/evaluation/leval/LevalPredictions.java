package resonance.evaluation.leval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.task.JsonLines;
import resonance.evaluation.task.TaskDataException;
import resonance.evaluation.task.TaskReference;

/**
 * A file of answers in L-Eval's form, scored: a row a question with the keys {@code gt}, {@code evaluation} and one that contains
 * {@code _pred}, the first of the first row.
 *
 * @param task what the file's path says it is
 * @param rows every question, at least one
 */
public record LevalPredictions(LevalTask task, List<Row> rows) {
    private static final String EXAM = "exam";

    /** Metrics of open-ended tasks, which are not here. */
    private static final Set<String> OTHER_METRICS = Set.of("f1", "rouge");

    /**
     * A question's answer.
     *
     * @param answer as it is
     * @param gold as it is
     * @param processed what was compared of the answer
     * @param processedGold with what
     * @param parts of the score, each from 0 to 1
     */
    public record Row(String answer, String gold, String processed, String processedGold, List<Double> parts) {
        public Row {
            parts = List.copyOf(parts);
        }

        /** From 0 to 1. */
        public double score() {
            return parts.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        }
    }

    public LevalPredictions {
        rows = List.copyOf(rows);
    }

    /**
     * Reads and scores a file. Its task is told from the path as it is given, folders included, as L-Eval does: the first of
     * coursera, quality, tpo, gsm, codeU, sci_fi that it contains.
     *
     * @throws TaskDataException if the path says no task, or a row is damaged
     */
    public static LevalPredictions read(Path file) throws IOException {
        LevalTask task = LevalTask.ofPath(file.toString())
                .orElseThrow(() -> new TaskDataException(file
                        + " must have a path that says the task, has none of coursera, quality, tpo, gsm, codeU, sci_fi;"
                        + " rename it"));
        JsonLines lines = JsonLines.read(file);
        JsonLines.Row first = lines.rows().get(0);
        String key = first.keys().stream()
                .filter(name -> name.contains("_pred"))
                .findFirst()
                .orElseThrow(() -> new TaskDataException(
                        first.where() + " must have a key that contains _pred, has none; see L-Eval's form"));
        List<Row> rows = new ArrayList<>();
        for (JsonLines.Row row : lines.rows()) {
            String metric = row.text("evaluation");
            if (OTHER_METRICS.contains(metric)) {
                throw new TaskDataException(row.where() + ": evaluation must be " + EXAM + ", was " + metric
                        + "; only closed-ended tasks are scored here");
            }
            if (metric.equals(EXAM)) {
                rows.add(row(task, row.text(key), row.text("gt")));
            }
        }
        if (rows.isEmpty()) {
            throw new TaskDataException(file + " must have a row whose evaluation is " + EXAM + ", has none");
        }
        return new LevalPredictions(task, rows);
    }

    private static Row row(LevalTask task, String answer, String gold) {
        return new Row(
                answer,
                gold,
                task.processed(answer, gold),
                task.processedReference(gold),
                task.parts(TaskReference.of(gold), List.of(answer)));
    }

    /** The task's score in percent. */
    public double percent() {
        return task.percent(rows.stream().map(Row::parts).toList());
    }

    /** "123 of 172 right, 28 in part". */
    public String counts() {
        long right = rows.stream().filter(row -> row.score() == 1).count();
        long partly =
                rows.stream().filter(row -> row.score() > 0 && row.score() < 1).count();
        return Stream.of(right + " of " + rows.size() + " right", partly == 0 ? "" : partly + " in part")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
