package resonance.evaluation.perplexity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import resonance.evaluation.perplexity.PerplexityRecord.DocumentPerplexity;
import resonance.rope.EncodingName;
import resonance.study.Provenance;
import resonance.study.RecordJson;
import resonance.study.StudyRecords;

/**
 * A perplexity measurement: what was planned, how it was run, and the results so far.
 *
 * <p>Its JSON form is one document whose keys are the names of the components.
 *
 * @param plan encodings, lengths, documents and protocol
 * @param settings every setting of the run as text, in the order to show them
 * @param provenance the run that made the latest of the cells
 * @param otherProvenances other runs that made some of them, the latest first
 * @param results one for each encoding and length with a finished document, in the order of encodings, then lengths
 */
public record PerplexityResults(
        PerplexityPlan plan,
        Map<String, String> settings,
        Provenance provenance,
        List<Provenance> otherProvenances,
        List<PerplexityRecord> results) {

    public PerplexityResults {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        otherProvenances = List.copyOf(otherProvenances);
        results = List.copyOf(results);
        Set<String> places = new HashSet<>();
        for (PerplexityRecord result : results) {
            String place = result.encoding() + " / length " + result.length();
            if (!plan.encodings().contains(result.encoding()) || !plan.lengths().contains(result.length())) {
                throw new IllegalArgumentException("results must be of the plan, found " + place);
            }
            if (!places.add(place)) {
                throw new IllegalArgumentException("results must not repeat, found " + place + " twice");
            }
        }
    }

    /** Reads what a study's folder holds, finished or not. */
    public static PerplexityResults read(Path folder) throws IOException {
        StudyRecords<PerplexityPlan, PerplexityCell> records =
                StudyRecords.read(folder, PerplexityPlan.class, PerplexityCell.class);
        return of(
                records.plan(),
                records.settings(),
                records.provenance(),
                records.otherProvenances(),
                records.results());
    }

    /**
     * The results of the cells finished so far.
     *
     * @param cells cells of the plan in any order, none twice
     */
    public static PerplexityResults of(
            PerplexityPlan plan,
            Map<String, String> settings,
            Provenance provenance,
            List<Provenance> otherProvenances,
            Collection<PerplexityCell> cells) {
        Map<PerplexityKey, PerplexityCell> finished = new HashMap<>();
        for (PerplexityCell cell : cells) {
            if (finished.put(cell.key(), cell) != null) {
                throw new IllegalArgumentException("cells must not repeat, found " + cell.key() + " twice");
            }
        }
        List<PerplexityRecord> results = new ArrayList<>();
        for (EncodingName encoding : plan.encodings()) {
            for (int length : plan.lengths()) {
                List<PerplexityCell> merged = new ArrayList<>();
                for (MeasuredDocument document : plan.documents()) {
                    PerplexityCell cell = finished.remove(new PerplexityKey(encoding, length, document.name()));
                    if (cell != null) {
                        merged.add(cell);
                    }
                }
                if (!merged.isEmpty()) {
                    results.add(PerplexityRecord.of(plan.protocol(), merged));
                }
            }
        }
        if (!finished.isEmpty()) {
            throw new IllegalArgumentException("cells must be cells of the plan, found "
                    + finished.keySet().iterator().next());
        }
        return new PerplexityResults(plan, settings, provenance, otherProvenances, results);
    }

    /** The result of an encoding at a length; empty if no document is finished. */
    public Optional<PerplexityRecord> result(EncodingName encoding, int length) {
        return results.stream()
                .filter(result -> result.encoding().equals(encoding) && result.length() == length)
                .findFirst();
    }

    /**
     * What Resonance changes: {@code resonance-x} against {@code x}; empty unless the same documents are finished for both.
     *
     * @param encoding the encoding x without Resonance
     */
    public Optional<ResonanceChange> resonanceChange(EncodingName encoding, int length) {
        Optional<PerplexityRecord> without = result(encoding, length);
        Optional<PerplexityRecord> with = result(encoding.withResonance(), length);
        if (without.isEmpty() || with.isEmpty() || !names(without.get()).equals(names(with.get()))) {
            return Optional.empty();
        }
        return Optional.of(ResonanceChange.between(without.get(), with.get()));
    }

    /**
     * Whether this encoding has the lowest perplexity at a length, among at least two that are finished there.
     *
     * @param result one of these results
     */
    public boolean isBest(PerplexityRecord result) {
        List<PerplexityRecord> finished = results.stream()
                .filter(other -> other.length() == result.length()
                        && other.documents().size() == plan.documents().size())
                .toList();
        return finished.size() > 1
                && finished.contains(result)
                && finished.stream().allMatch(other -> !(other.perplexity() < result.perplexity()))
                && Double.isFinite(result.perplexity());
    }

    /** Whether every cell of the plan is finished. */
    public boolean complete() {
        return finishedCells() == plan.cells().size();
    }

    /** Cells of the plan that are finished. */
    public int finishedCells() {
        return results.stream().mapToInt(result -> result.documents().size()).sum();
    }

    private static List<String> names(PerplexityRecord result) {
        return result.documents().stream().map(DocumentPerplexity::name).toList();
    }

    /** The JSON document, indented. */
    public String toJson() {
        return RecordJson.write(this);
    }

    /** Every run that made one of the cells, the latest first; the one that opened the folder if none is finished. */
    public List<Provenance> provenances() {
        return Stream.concat(Stream.of(provenance), otherProvenances.stream()).toList();
    }
}
