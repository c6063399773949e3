package resonance.evaluation;

import java.util.List;
import resonance.rope.EncodingName;

/**
 * The record of one finished training run: one task, one encoding, one seed.
 *
 * <p>Accuracies are teacher-forced next-token accuracies as {@link AccuracyByPosition} defines them, as fractions from 0
 * to 1. The JSON form has exactly these names; a file with an unknown, missing or repeated name is refused. A loss that
 * is not finite (a run that diverged) is written as the string "NaN", "Infinity" or "-Infinity".
 *
 * @param task PosGen subtask, for example {@code cot}
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param seed seed of data, initial weights and dropout
 * @param idAccuracy test accuracy within the trained length, seed tokens left out
 * @param oodAccuracy test accuracy beyond the trained length
 * @param accuracyByPosition test accuracy at each position from 0, seed tokens included; NaN where no test token counts
 * @param trainTokensPerSecond tokens trained on in a second of training, evaluation not counted
 * @param wallSeconds seconds the run took, evaluation included
 * @param parametersHash SHA-256 (hex) of the trained parameters: equal for runs that ended identically
 * @param dataHash SHA-256 (hex) of the train, validation and test sets
 * @param software version and commit of the build that trained it; several, joined by "; ", where one continued another's
 *     training
 * @param trainingCurve loss over the steps, in order of step; thin a long run's to a few hundred points
 * @param validationCurve validation metrics in order of step; may be empty
 */
public record ComparisonCell(
        String task,
        EncodingName encoding,
        long seed,
        double idAccuracy,
        double oodAccuracy,
        List<Double> accuracyByPosition,
        double trainTokensPerSecond,
        double wallSeconds,
        String parametersHash,
        String dataHash,
        String software,
        List<TrainingPoint> trainingCurve,
        List<ValidationPoint> validationCurve) {

    /**
     * The training loss at one optimiser step.
     *
     * @param step steps done, from 1
     * @param loss mean cross-entropy, in nats, over the generated tokens of the step's batch
     * @param learningRate as the schedule gave it for this step
     */
    public record TrainingPoint(long step, double loss, double learningRate) {}

    /**
     * The validation metrics after one optimiser step.
     *
     * @param step steps done
     * @param epoch passes over the training set done, possibly a fraction
     * @param loss mean cross-entropy, in nats, over the generated tokens of the validation set
     * @param idAccuracy accuracy within the trained length, a fraction
     * @param oodAccuracy accuracy beyond the trained length, a fraction
     */
    public record ValidationPoint(long step, double epoch, double loss, double idAccuracy, double oodAccuracy) {}

    public ComparisonCell {
        CellKey key = new CellKey(task, encoding, seed);
        requireFraction(key, "idAccuracy", idAccuracy);
        requireFraction(key, "oodAccuracy", oodAccuracy);
        accuracyByPosition = List.copyOf(accuracyByPosition);
        for (int position = 0; position < accuracyByPosition.size(); position++) {
            double accuracy = accuracyByPosition.get(position);
            if (!Double.isNaN(accuracy)) {
                requireFraction(key, "accuracyByPosition[" + position + "]", accuracy);
            }
        }
        requireNotNegative(key, "trainTokensPerSecond", trainTokensPerSecond);
        requireNotNegative(key, "wallSeconds", wallSeconds);
        trainingCurve = List.copyOf(trainingCurve);
        validationCurve = List.copyOf(validationCurve);
    }

    /** Where this cell belongs in its comparison. */
    public CellKey key() {
        return new CellKey(task, encoding, seed);
    }

    private static void requireFraction(CellKey key, String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    what + " must be a fraction from 0 to 1, was " + value + " (cell " + key + ")");
        }
    }

    private static void requireNotNegative(CellKey key, String what, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    what + " must be finite and not negative, was " + value + " (cell " + key + ")");
        }
    }
}
