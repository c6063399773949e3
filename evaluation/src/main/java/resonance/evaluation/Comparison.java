package resonance.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.rope.EncodingName;
import resonance.study.Provenance;
import resonance.study.RecordJson;

/**
 * A comparison of position encodings: what was planned, how it was run, and the cells finished so far.
 *
 * <p>Its JSON form is one document whose keys are the names of the components.
 *
 * @param plan tasks, encodings, seeds and lengths
 * @param settings every setting of the run as text, in the order to show them
 * @param provenance the run that made the latest of the cells
 * @param otherProvenances other runs that made some of them, the latest first
 * @param cells finished cells, at most one for each of the plan's; kept in the order of the plan, so that the order in
 *     which cells finished leaves no trace
 */
public record Comparison(
        ComparisonPlan plan,
        Map<String, String> settings,
        Provenance provenance,
        List<Provenance> otherProvenances,
        List<ComparisonCell> cells) {

    public Comparison {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        otherProvenances = List.copyOf(otherProvenances);
        cells = inOrderOfPlan(plan, cells);
    }

    /** The finished cells of one task and encoding, in the order of the plan's seeds. */
    public List<ComparisonCell> cells(String task, EncodingName encoding) {
        return cells.stream()
                .filter(cell -> cell.task().equals(task) && cell.encoding().equals(encoding))
                .toList();
    }

    /** Whether every cell of the plan is finished. */
    public boolean complete() {
        return cells.size() == plan.cells().size();
    }

    /** One accuracy of a task and encoding over its finished seeds; empty if none is finished. */
    public Optional<Summary> accuracy(String task, EncodingName encoding, Accuracy accuracy) {
        List<Double> values = cells(task, encoding).stream().map(accuracy::of).toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values));
    }

    /** The accuracy at each position from 0, over the finished seeds; empty if none is finished. */
    public List<Summary> accuracyByPosition(String task, EncodingName encoding) {
        List<ComparisonCell> finished = cells(task, encoding);
        if (finished.isEmpty()) {
            return List.of();
        }
        List<Summary> summaries = new ArrayList<>(plan.testLength());
        for (int l = 0; l < plan.testLength(); l++) {
            int position = l;
            summaries.add(Summary.of(finished.stream()
                    .map(cell -> cell.accuracyByPosition().get(position))
                    .toList()));
        }
        return List.copyOf(summaries);
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

    /** The JSON document, indented. */
    public String toJson() {
        return RecordJson.write(this);
    }

    private static List<ComparisonCell> inOrderOfPlan(ComparisonPlan plan, List<ComparisonCell> cells) {
        Map<CellKey, ComparisonCell> finished = new HashMap<>();
        for (ComparisonCell cell : cells) {
            if (finished.put(cell.key(), cell) != null) {
                throw new IllegalArgumentException("cells must not repeat, found " + cell.key() + " twice");
            }
            if (cell.accuracyByPosition().size() != plan.testLength()) {
                throw new IllegalArgumentException("accuracyByPosition must have testLength = " + plan.testLength()
                        + " entries, had " + cell.accuracyByPosition().size() + " (cell " + cell.key() + ")");
            }
        }
        List<ComparisonCell> ordered = new ArrayList<>(cells.size());
        for (CellKey key : plan.cells()) {
            ComparisonCell cell = finished.remove(key);
            if (cell != null) {
                ordered.add(cell);
            }
        }
        if (!finished.isEmpty()) {
            throw new IllegalArgumentException("cells must be cells of the plan, found "
                    + finished.keySet().iterator().next());
        }
        return List.copyOf(ordered);
    }
}
