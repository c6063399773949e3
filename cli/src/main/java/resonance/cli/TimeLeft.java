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
    private long cellsAfter;
    private long step;
    private long last;
    private boolean warm;
    private long timedSteps;
    private double stepNanos;
    private double measuredNanos;
    private double measuredTokens;

    /** @param cells cells to run */
    TimeLeft(ComparisonSettings settings, long cells) {
        stepsPerCell = settings.stepsPerCell();
        stepsPerValidation = stepsPerCell
                / settings.training().epochs()
                * settings.training().validationEvery();
        stepTokens = (double) settings.training().batchRows() * settings.data().trainLength();
        validationTokens =
                (double) settings.data().validationRows() * settings.data().testLength();
        testTokens = (double) settings.data().testRows() * settings.data().testLength();
        cellsAfter = cells;
    }

    /** A cell starts with some of its steps done. */
    void cellStarted(long now, long stepsDone) {
        cellsAfter--;
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

    /** The validation set was measured. */
    void validated(long now) {
        measured(now, validationTokens);
    }

    /** The test set was measured and the cell is done. */
    void cellFinished(long now) {
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
        long validations = (cellsAfter + 1) * (stepsPerCell / stepsPerValidation) - step / stepsPerValidation;
        double tokens = validations * validationTokens + (cellsAfter + 1) * testTokens;
        double steps = (cellsAfter + 1.0) * stepsPerCell - step;
        return OptionalDouble.of((steps * stepNanos + tokens * nanosPerToken) * 1e-9);
    }
}
