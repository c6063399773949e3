package resonance.evaluation;

import java.util.ArrayList;
import java.util.List;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;

/**
 * Which cells a comparison consists of, and the lengths its accuracies refer to. Its cells are all combinations of tasks,
 * encodings and seeds, in the order given.
 *
 * @param tasks PosGen subtasks, at least one, none twice
 * @param encodings position encodings, at least one, none twice; {@code resonance-x} is compared with {@code x} where
 *     both are present
 * @param seeds at least one, none twice
 * @param trainedLength tokens in a training sequence; positions from here on (from 0) are out of distribution
 * @param testLength tokens in a test sequence, more than {@code trainedLength}
 * @param seedTokens random tokens at the start of a sequence, which no accuracy counts; at least 0, less than
 *     {@code trainedLength}
 */
public record ComparisonPlan(
        List<String> tasks,
        List<EncodingName> encodings,
        List<Long> seeds,
        int trainedLength,
        int testLength,
        int seedTokens) {

    public ComparisonPlan {
        tasks = DistinctList.of("tasks", tasks);
        encodings = DistinctList.of("encodings", encodings);
        seeds = DistinctList.of("seeds", seeds);
        if (seedTokens < 0 || seedTokens >= trainedLength || trainedLength >= testLength) {
            throw new IllegalArgumentException("lengths must be 0 <= seedTokens < trainedLength < testLength, were "
                    + seedTokens + ", " + trainedLength + " and " + testLength);
        }
    }

    /** All cells, task by task, encoding by encoding, seed by seed. */
    public List<CellKey> cells() {
        List<CellKey> cells = new ArrayList<>();
        for (String task : tasks) {
            for (EncodingName encoding : encodings) {
                for (long seed : seeds) {
                    cells.add(new CellKey(task, encoding, seed));
                }
            }
        }
        return List.copyOf(cells);
    }

    /** Every encoding x for which {@code resonance-x} is among them too, in their order; what does not rotate has none. */
    public static List<EncodingName> paired(List<EncodingName> encodings) {
        return encodings.stream()
                .filter(encoding ->
                        encoding.rotates() && !encoding.resonance() && encodings.contains(encoding.withResonance()))
                .toList();
    }

    /** Every encoding x for which {@code resonance-x} is planned too, in the order of the plan. */
    public List<EncodingName> pairedEncodings() {
        return paired(encodings);
    }
}
