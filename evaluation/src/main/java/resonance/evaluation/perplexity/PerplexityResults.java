package resonance.evaluation.perplexity;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.Contrast;
import resonance.evaluation.perplexity.PerplexityDifference.OfDocument;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/** A perplexity measurement: what was planned, how it was run, and the results so far. Immutable. */
public final class PerplexityResults {
    private final StudyRecords<PerplexityPlan, PerplexityCell> records;
    private final List<PerplexityRecord> results;

    private record Place(EncodingName encoding, int length) {}

    /**
     * The results of the cells finished so far.
     *
     * @param records what they are made of: cells in any order
     * @throws IllegalArgumentException if a cell is there twice or is not of the plan
     */
    public PerplexityResults(StudyRecords<PerplexityPlan, PerplexityCell> records) {
        PerplexityPlan plan = records.plan();
        this.records = records.inOrder("cells", plan.cells(), PerplexityCell::key);
        this.results = this.records.results().stream()
                // Stable: within an encoding, lengths and documents stay in the order of the plan.
                .sorted(Comparator.comparingInt(cell -> plan.encodings().indexOf(cell.encoding())))
                .collect(Collectors.groupingBy(
                        cell -> new Place(cell.encoding(), cell.length()), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(cells -> PerplexityRecord.of(plan.protocol(), cells))
                .toList();
    }

    /** What the results are made of. */
    public StudyRecords<PerplexityPlan, PerplexityCell> records() {
        return records;
    }

    /** Encodings, lengths, documents and protocol. */
    public PerplexityPlan plan() {
        return records.plan();
    }

    /** One for each encoding and length with a finished document, in the order of encodings, then lengths. */
    public List<PerplexityRecord> results() {
        return results;
    }

    /** The result of an encoding at a length; empty if no document is finished. */
    public Optional<PerplexityRecord> result(EncodingName encoding, int length) {
        return results.stream()
                .filter(result -> result.encoding().equals(encoding) && result.length() == length)
                .findFirst();
    }

    /**
     * How much an encoding changes the loss at a length, on the documents finished for both sides; empty if there is none, or
     * a loss is not finite.
     */
    public Optional<PerplexityDifference> difference(Contrast contrast, int length) {
        Map<String, PerplexityCell> baselines = cells(contrast.baseline(), length);
        List<OfDocument> documents = cells(contrast.encoding(), length).values().stream()
                .flatMap(cell -> Stream.ofNullable(baselines.get(cell.document()))
                        .map(baseline -> PairedLosses.between(
                                cell, baseline, plan().protocol().weighting())))
                .toList();
        boolean finite = documents.stream()
                .allMatch(document -> Double.isFinite(document.loss().mean()));
        return documents.isEmpty() || !finite
                ? Optional.empty()
                : Optional.of(new PerplexityDifference(contrast, length, documents));
    }

    /** Every difference of which a document is finished: contrast by contrast, length by length. */
    public List<PerplexityDifference> differences() {
        return plan().contrasts().stream()
                .flatMap(contrast -> plan().lengths().stream().flatMap(length -> difference(contrast, length).stream()))
                .toList();
    }

    /** The finished cells of an encoding and length by document, in the order of the plan. */
    private Map<String, PerplexityCell> cells(EncodingName encoding, int length) {
        Map<String, PerplexityCell> cells = new LinkedHashMap<>();
        records.results().stream()
                .filter(cell -> cell.encoding().equals(encoding) && cell.length() == length)
                .forEach(cell -> cells.put(cell.document(), cell));
        return cells;
    }

    /**
     * Whether this encoding has the lowest perplexity at a length, among at least two that are finished there.
     *
     * @param result one of these results
     */
    public boolean isBest(PerplexityRecord result) {
        List<PerplexityRecord> finished = results.stream()
                .filter(other -> other.length() == result.length()
                        && other.documents().size() == plan().documents().size())
                .toList();
        return finished.size() > 1
                && finished.contains(result)
                && finished.stream().allMatch(other -> !(other.perplexity() < result.perplexity()))
                && Double.isFinite(result.perplexity());
    }
}
