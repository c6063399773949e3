package resonance.evaluation.passkey;

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
import resonance.rope.EncodingName;
import resonance.study.Provenance;
import resonance.study.RecordJson;
import resonance.study.StudyRecords;

/**
 * A passkey measurement: what was planned, how it was run, and the results so far.
 *
 * <p>Its JSON form is one document whose keys are the names of the components.
 *
 * @param plan encodings, lengths, depths and trials
 * @param settings every setting of the run as text, in the order to show them
 * @param provenance the run that made the latest of the cells
 * @param otherProvenances other runs that made some of them, the latest first
 * @param results one for each encoding, length and depth with a finished trial, in that order
 */
public record PasskeyResults(
        PasskeyPlan plan,
        Map<String, String> settings,
        Provenance provenance,
        List<Provenance> otherProvenances,
        List<PasskeyRecord> results) {

    public PasskeyResults {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        otherProvenances = List.copyOf(otherProvenances);
        results = List.copyOf(results);
        Set<PasskeyKey> places = new HashSet<>();
        for (PasskeyRecord result : results) {
            String place = result.encoding() + " / length " + result.length() + " / depth " + result.depth();
            if (!plan.encodings().contains(result.encoding())
                    || !plan.lengths().contains(result.length())
                    || !plan.places().contains(result.depth())) {
                throw new IllegalArgumentException("results must be of the plan, found " + place);
            }
            if (!places.add(new PasskeyKey(result.encoding(), result.length(), result.depth(), 0))) {
                throw new IllegalArgumentException("results must not repeat, found " + place + " twice");
            }
        }
    }

    /** Reads what a study's folder holds, finished or not. */
    public static PasskeyResults read(Path folder) throws IOException {
        StudyRecords<PasskeyPlan, PasskeyTrial> records =
                StudyRecords.read(folder, PasskeyPlan.class, PasskeyTrial.class);
        return of(
                records.plan(),
                records.settings(),
                records.provenance(),
                records.otherProvenances(),
                records.results());
    }

    /**
     * The results of the trials finished so far.
     *
     * @param trials trials of the plan in any order, none twice
     */
    public static PasskeyResults of(
            PasskeyPlan plan,
            Map<String, String> settings,
            Provenance provenance,
            List<Provenance> otherProvenances,
            Collection<PasskeyTrial> trials) {
        Map<PasskeyKey, PasskeyTrial> finished = new HashMap<>();
        for (PasskeyTrial trial : trials) {
            if (finished.put(trial.place(), trial) != null) {
                throw new IllegalArgumentException("trials must not repeat, found " + trial.place() + " twice");
            }
        }
        List<PasskeyRecord> results = new ArrayList<>();
        for (EncodingName encoding : plan.encodings()) {
            for (int length : plan.lengths()) {
                for (double depth : plan.places()) {
                    List<PasskeyTrial> merged = new ArrayList<>();
                    for (int trial = 0; trial < plan.trials(); trial++) {
                        PasskeyTrial found = finished.remove(new PasskeyKey(encoding, length, depth, trial));
                        if (found != null) {
                            merged.add(found);
                        }
                    }
                    if (!merged.isEmpty()) {
                        results.add(PasskeyRecord.of(merged));
                    }
                }
            }
        }
        if (!finished.isEmpty()) {
            throw new IllegalArgumentException("trials must be trials of the plan, found "
                    + finished.keySet().iterator().next());
        }
        return new PasskeyResults(plan, settings, provenance, otherProvenances, results);
    }

    /** The result at one place; empty if no trial is finished. */
    public Optional<PasskeyRecord> result(EncodingName encoding, int length, double depth) {
        return results.stream()
                .filter(result ->
                        result.encoding().equals(encoding) && result.length() == length && result.depth() == depth)
                .findFirst();
    }

    /** The finished trials of an encoding at a length, over all depths. */
    public List<PasskeyTrial> trials(EncodingName encoding, int length) {
        return results.stream()
                .filter(result -> result.encoding().equals(encoding) && result.length() == length)
                .flatMap(result -> result.trials().stream())
                .toList();
    }

    /** Trials that are finished. */
    public int finishedTrials() {
        return results.stream().mapToInt(result -> result.trials().size()).sum();
    }

    /** Whether every cell of the plan is finished. */
    public boolean complete() {
        return finishedTrials() == plan.size();
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
