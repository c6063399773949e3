package resonance.evaluation;

import java.util.ArrayList;
import java.util.List;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;

/**
 * Which cells a comparison consists of, and the lengths its accuracies refer to. Its cells are all combinations of tasks,
 * encodings and seeds, in the order given.
 *
 * @param tasks the benchmark's tasks, at least one, none twice
 * @param encodings position encodings, at least one, none twice; {@link Contrast} says which are compared
 * @param seeds at least one, none twice
 * @param trainedLength tokens in a training sequence; positions from here on (from 0) are out of distribution
 * @param testLength tokens in a test sequence, more than {@code trainedLength}
 * @param seedTokens random tokens at the start of a sequence, which no accuracy counts; at least 0, less than
 *     {@code trainedLength}. {@link ScoredTokens} says of which tasks other tokens count
 */
public record ComparisonPlan(
        List<String> tasks,
        List<EncodingName> encodings,
        List<Long> seeds,
        int trainedLength,
        int testLength,
        int seedTokens) {

    /** How far below its ceiling a model's ID accuracy may be: what a converged model's last steps make it waver by. */
    static final double LEARNT_MARGIN = 0.005;

    /** The ID accuracy from which a task of answers counts as learnt. */
    static final double LEARNT_ANSWERS = 0.99;

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

    /** Which encodings are measured against which. */
    public List<Contrast> contrasts() {
        return Contrast.among(encodings);
    }

    /**
     * The ID accuracy from which a model counts as having learnt its task, a fraction.
     *
     * <pre>  (n − 1) / n − {@value #LEARNT_MARGIN}          n = trainedLength − seedTokens positions that ID accuracy counts
     *  {@value #LEARNT_ANSWERS}                         where {@linkplain ScoredTokens only some tokens} count, which all ask for the same </pre>
     *
     * <p>One position may be missing: with addition, CoT's first generated token alone needs the rule as it is written, since
     * every later one follows from near tokens (x_l = 2·x_{l−1} − x_{l−4}), so that models end at 59/60 = 98.3 % or at 100 % of
     * 60 positions. Below, near tokens are not all found either, and what such a model does beyond the trained length says
     * little about its encoding. Where a scaling is switched on for evaluation only, ID accuracy is measured with it on, and
     * what it costs within the trained length counts too.
     *
     * @param task one of the tasks
     */
    public double learntFrom(String task) {
        if (ScoredTokens.of(task).isPresent()) {
            return LEARNT_ANSWERS;
        }
        double positions = trainedLength - seedTokens;
        return (positions - 1) / positions - LEARNT_MARGIN;
    }
}
