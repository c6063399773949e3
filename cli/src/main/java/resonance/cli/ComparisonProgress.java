package resonance.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.experiment.ComparisonListener;
import resonance.experiment.ComparisonSettings;

/**
 * Shows a comparison's progress: one line that is written over again on a terminal, a plain line every half minute elsewhere, and a
 * line for every finished cell.
 */
final class ComparisonProgress implements ComparisonListener {
    private final ProgressLine line;
    private final LongSupplier clock;
    private final TimeLeft timeLeft;
    private final int cells;
    private final long started;
    private int cell;
    private long cellStarted;

    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param finished cells finished before this run
     * @param cells all cells
     * @param clock {@link System#nanoTime}
     */
    ComparisonProgress(
            PrintWriter err,
            OptionalInt columns,
            ComparisonSettings settings,
            int finished,
            int cells,
            LongSupplier clock) {
        this.line = new ProgressLine(err, columns);
        this.clock = clock;
        this.cells = cells;
        this.cell = finished;
        this.started = clock.getAsLong();
        this.timeLeft = new TimeLeft(settings, cells - finished);
    }

    @Override
    public void cellStarted(CellKey key, long step) {
        cell++;
        cellStarted = clock.getAsLong();
        line.restartInterval(cellStarted);
        timeLeft.cellStarted(cellStarted, step);
        if (step > 0) {
            line(position(key) + ": continues after step " + step);
        } else if (!line.isTerminal()) {
            line(position(key) + ": started");
        }
    }

    @Override
    public void stepped(CellKey key, long step, long totalSteps, double loss) {
        long now = clock.getAsLong();
        timeLeft.stepped(now, step);
        boolean measuresNext = step == totalSteps && line.isTerminal();
        if (!line.isDue(now) && !measuresNext) {
            return;
        }
        line.restartInterval(now);
        String state = String.format(
                Locale.ROOT,
                "%s elapsed%s, %sstep %d/%d, loss %.4f%s",
                ProgressLine.time((now - started) * 1e-9),
                ProgressLine.text(", ", timeLeft.seconds(), ProgressLine::time, " left"),
                measuresNext ? "testing after " : "",
                step,
                totalSteps,
                loss,
                ProgressLine.text(
                        ", ",
                        timeLeft.tokensPerSecond(),
                        rate -> String.format(Locale.ROOT, "%,.0f", rate),
                        " tokens/s"));
        line.state(
                line.isTerminal()
                        ? "cell " + cell + "/" + cells + ": " + state + ", " + key
                        : position(key) + ": " + state);
    }

    @Override
    public void validated(CellKey key, ComparisonCell.ValidationPoint point) {
        timeLeft.validated(clock.getAsLong());
    }

    @Override
    public void cellFinished(ComparisonCell finished) {
        long now = clock.getAsLong();
        timeLeft.cellFinished(now);
        line(String.format(
                Locale.ROOT,
                "%s: ID %.1f %%, OOD %.1f %%, took %s",
                position(finished.key()),
                100 * finished.idAccuracy(),
                100 * finished.oodAccuracy(),
                ProgressLine.time((now - cellStarted) * 1e-9)));
    }

    /** Prints a line of its own, in place of the live one. */
    void line(String text) {
        line.line(text);
    }

    private String position(CellKey key) {
        return "cell " + cell + "/" + cells + ", " + key;
    }
}
