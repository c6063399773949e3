package resonance.cli;

import java.util.OptionalDouble;
import resonance.experiment.ComparisonSettings;

/**
 * Estimates how long a comparison still takes, from what its steps and measurements took so far. Times are nanoseconds of
 * {@link System#nanoTime()}.
 */
final class TimeLeft {
    /** A newer step counts for at least this much, so the estimate follows a machine that slows down. */
    private static final double LEAST_WEIGHT = 0.02;

    /** Of a training step's time a token, as a first guess for a measurement: a forward pass without a backward one. */
    private static final double FORWARD_SHARE = 1.0 / 3;

    private final long stepsPerCell;
    private final long stepsPerValidation;
    private final double stepTokens;
    private final double validationTokens;
    private final double testTokens;
    private long trainingsAfter;
    private long cellsAfter;
    private long cells;
    private long tested;
    private long step;
    private long last;
    private boolean warm;
    private long timedSteps;
    private double stepNanos;
    private double measuredNanos;
    private double measuredTokens;

    /**
     * @param trainings trainings to run
     * @param cells cells that they serve, in all
     */
    TimeLeft(ComparisonSettings settings, long trainings, long cells) {
        stepsPerCell = settings.stepsPerCell();
        stepsPerValidation = stepsPerCell
                / settings.training().epochs()
                * settings.training().validationEvery();
        stepTokens = (double) settings.training().batchRows() * settings.data().trainLength();
        validationTokens =
                (double) settings.data().validationRows() * settings.data().testLength();
        testTokens = (double) settings.data().testRows() * settings.data().testLength();
        trainingsAfter = trainings;
        cellsAfter = cells;
    }

    /** A training that serves some cells starts with some of its steps done. */
    void trainingStarted(long now, long itsCells, long stepsDone) {
        trainingsAfter--;
        cellsAfter -= itsCells;
        cells = itsCells;
        tested = 0;
        step = stepsDone;
        last = now;
    }

    /** A step is done. The very first loads and compiles code, so its time is not counted. */
    void stepped(long now, long stepsDone) {
        if (warm) {
            timedSteps++;
            stepNanos += (now - last - stepNanos) * Math.max(1.0 / timedSteps, LEAST_WEIGHT);
        }
        warm = true;
        step = stepsDone;
        last = now;
    }

    /** The validation set was measured for one cell. */
    void validated(long now) {
        measured(now, validationTokens);
    }

    /** The test set was measured for one cell. */
    void tested(long now) {
        tested++;
        measured(now, testTokens);
    }

    private void measured(long now, double tokens) {
        measuredNanos += now - last;
        measuredTokens += tokens;
        last = now;
    }

    /** Tokens of training a second, lately; empty before the second step. */
    OptionalDouble tokensPerSecond() {
        return timedSteps == 0 ? OptionalDouble.empty() : OptionalDouble.of(stepTokens / stepNanos * 1e9);
    }

    /** Seconds left of the whole run; empty before the second step. */
    OptionalDouble seconds() {
        if (timedSteps == 0) {
            return OptionalDouble.empty();
        }
        double nanosPerToken =
                measuredTokens > 0 ? measuredNanos / measuredTokens : FORWARD_SHARE * stepNanos / stepTokens;
        long validations =
                (cellsAfter + cells) * (stepsPerCell / stepsPerValidation) - cells * (step / stepsPerValidation);
        double tokens = validations * validationTokens + (cellsAfter + cells - tested) * testTokens;
        double steps = (trainingsAfter + 1.0) * stepsPerCell - step;
        return OptionalDouble.of((steps * stepNanos + tokens * nanosPerToken) * 1e-9);
    }
}
