package resonance.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /**
     * What rounding the wavelengths changes: {@code resonance-x} minus {@code x} over the seeds finished for both; empty
     * if there is none.
     *
     * @param encoding the encoding x without Resonance
     */
    public Optional<PairedDifference> resonanceEffect(String task, EncodingName encoding, Accuracy accuracy) {
        Map<Long, Double> baselines = new HashMap<>();
        cells(task, encoding).forEach(cell -> baselines.put(cell.seed(), accuracy.of(cell)));
        List<Double> treatment = new ArrayList<>();
        List<Double> baseline = new ArrayList<>();
        for (ComparisonCell cell : cells(task, encoding.withResonance())) {
            Double plain = baselines.get(cell.seed());
            if (plain != null) {
                treatment.add(accuracy.of(cell));
                baseline.add(plain);
            }
        }
        return treatment.isEmpty() ? Optional.empty() : Optional.of(PairedDifference.of(treatment, baseline));
    }
}
