package resonance.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/**
 * A comparison of position encodings: what was planned, how it was run, and the cells finished so far.
 *
 * @param records what it is made of: at most one cell for each of the plan's; kept in the order of the plan, so that the
 *     order in which cells finished leaves no trace
 */
public record Comparison(StudyRecords<ComparisonPlan, ComparisonCell> records) {

    /**
     * Puts the cells in the order of the plan.
     *
     * @throws IllegalArgumentException if a cell is there twice, is not of the plan or has another length than its tests
     */
    public Comparison {
        records = records.inOrder("cells", records.plan().cells(), ComparisonCell::key);
        int length = records.plan().testLength();
        for (ComparisonCell cell : records.results()) {
            if (cell.accuracyByPosition().size() != length) {
                throw new IllegalArgumentException("accuracyByPosition must have testLength = " + length
                        + " entries, had " + cell.accuracyByPosition().size() + " (cell " + cell.key() + ")");
            }
        }
    }

    /** Tasks, encodings, seeds and lengths. */
    public ComparisonPlan plan() {
        return records.plan();
    }

    /** The finished cells, in the order of the plan. */
    public List<ComparisonCell> cells() {
        return records.results();
    }

    /** The finished cells of one task and encoding, in the order of the plan's seeds. */
    public List<ComparisonCell> cells(String task, EncodingName encoding) {
        return cells().stream()
                .filter(cell -> cell.task().equals(task) && cell.encoding().equals(encoding))
                .toList();
    }

    /** One accuracy of a task and encoding over its finished seeds; empty if none is finished. */
    public Optional<Summary> accuracy(String task, EncodingName encoding, Accuracy accuracy) {
        List<Double> values = cells(task, encoding).stream().map(accuracy::of).toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values));
    }

    /** Two models of one task and seed that differ by their encoding. */
    private record Pair(ComparisonCell treatment, ComparisonCell baseline) {}

    /**
     * One line of what a comparison says: how much an encoding changes an accuracy of a task.
     *
     * @param task PosGen subtask
     * @param contrast the encoding and what it is measured against
     * @param accuracy which accuracy
     * @param values the difference over the seeds finished for both
     * @param learnt seeds in which both models {@linkplain ComparisonPlan#learntFrom learnt} the task
     */
    public record Difference(String task, Contrast contrast, Accuracy accuracy, PairedDifference values, int learnt) {}

    /** How much an encoding changes an accuracy, over the seeds finished for both sides; empty if there is none. */
    public Optional<Difference> difference(String task, Contrast contrast, Accuracy accuracy) {
        List<Pair> pairs = pairs(task, contrast);
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        PairedDifference values = PairedDifference.of(
                pairs.stream().map(pair -> accuracy.of(pair.treatment())).toList(),
                pairs.stream().map(pair -> accuracy.of(pair.baseline())).toList());
        long learnt = pairs.stream()
                .filter(pair -> hasLearnt(pair.treatment()) && hasLearnt(pair.baseline()))
                .count();
        return Optional.of(new Difference(task, contrast, accuracy, values, (int) learnt));
    }

    /** Every difference of which a pair is finished: task by task, contrast by contrast, OOD before ID. */
    public List<Difference> differences() {
        return plan().tasks().stream()
                .flatMap(task -> plan().contrasts().stream()
                        .flatMap(contrast -> Stream.of(Accuracy.OOD, Accuracy.ID)
                                .flatMap(accuracy -> difference(task, contrast, accuracy).stream())))
                .toList();
    }

    /** Models of a task and encoding whose ID accuracy says that they have {@linkplain ComparisonPlan#learntFrom learnt} it. */
    public int learnt(String task, EncodingName encoding) {
        return (int) cells(task, encoding).stream().filter(this::hasLearnt).count();
    }

    private boolean hasLearnt(ComparisonCell cell) {
        return cell.idAccuracy() >= plan().learntFrom(cell.task());
    }

    private List<Pair> pairs(String task, Contrast contrast) {
        Map<Long, ComparisonCell> baselines = new HashMap<>();
        cells(task, contrast.baseline()).forEach(cell -> baselines.put(cell.seed(), cell));
        List<Pair> pairs = new ArrayList<>();
        for (ComparisonCell cell : cells(task, contrast.encoding())) {
            ComparisonCell baseline = baselines.get(cell.seed());
            if (baseline != null) {
                pairs.add(new Pair(cell, baseline));
            }
        }
        return pairs;
    }
}
