package resonance.evaluation.passkey;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/** A passkey measurement: what was planned, how it was run, and the results so far. Immutable. */
public final class PasskeyResults {
    private final StudyRecords<PasskeyPlan, PasskeyTrial> records;
    private final List<PasskeyRecord> results;

    private record Place(EncodingName encoding, int length, double depth) {}

    /**
     * The results of the trials finished so far.
     *
     * @param records what they are made of: trials in any order
     * @throws IllegalArgumentException if a trial is there twice or is not of the plan
     */
    public PasskeyResults(StudyRecords<PasskeyPlan, PasskeyTrial> records) {
        PasskeyPlan plan = records.plan();
        this.records = records.inOrder("trials", plan.cells().keySet(), PasskeyTrial::place);
        this.results = this.records.results().stream()
                // Stable: within an encoding, lengths and depths stay in the order of the plan.
                .sorted(Comparator.comparingInt(trial -> plan.encodings().indexOf(trial.encoding())))
                .collect(Collectors.groupingBy(
                        trial -> new Place(trial.encoding(), trial.length(), trial.depth()),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values()
                .stream()
                .map(PasskeyRecord::of)
                .toList();
    }

    /** What the results are made of. */
    public StudyRecords<PasskeyPlan, PasskeyTrial> records() {
        return records;
    }

    /** Encodings, lengths, depths and trials. */
    public PasskeyPlan plan() {
        return records.plan();
    }

    /** One for each encoding, length and depth with a finished trial, in that order. */
    public List<PasskeyRecord> results() {
        return results;
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
}
