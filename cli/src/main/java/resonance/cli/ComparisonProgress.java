package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
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
    private int finished;
    private long trainingStarted;
    private String training = "";

    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param finished cells finished before this run
     * @param cells all cells
     * @param trainings trainings to run
     * @param clock {@link System#nanoTime}
     */
    ComparisonProgress(
            PrintWriter err,
            OptionalInt columns,
            ComparisonSettings settings,
            int finished,
            int cells,
            int trainings,
            LongSupplier clock) {
        this.line = new ProgressLine(err, columns);
        this.clock = clock;
        this.cells = cells;
        this.finished = finished;
        this.started = clock.getAsLong();
        this.timeLeft = new TimeLeft(settings, trainings, cells - finished);
    }

    @Override
    public void trainingStarted(List<CellKey> keys, long step) {
        trainingStarted = clock.getAsLong();
        line.restartInterval(trainingStarted);
        timeLeft.trainingStarted(trainingStarted, keys.size(), step);
        CellKey first = keys.get(0);
        training = first.task() + " / " + keys.stream().map(CellKey::encoding).collect(Collectors.joining(", "))
                + " / seed " + first.seed();
        if (step > 0) {
            line(position(keys.size(), training) + ": continues after step " + step);
        } else if (!line.isTerminal()) {
            line(position(keys.size(), training) + ": started");
        }
    }

    @Override
    public void stepped(long step, long totalSteps, double loss) {
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
                        ? "cell " + (finished + 1) + "/" + cells + ": " + state + ", " + training
                        : position(1, training) + ": " + state);
    }

    @Override
    public void validated(CellKey key, ComparisonCell.ValidationPoint point) {
        timeLeft.validated(clock.getAsLong());
    }

    @Override
    public void tested(CellKey key) {
        timeLeft.tested(clock.getAsLong());
    }

    @Override
    public void cellFinished(ComparisonCell cell) {
        line(String.format(
                Locale.ROOT,
                "%s: ID %.1f %%, OOD %.1f %%, took %s",
                position(1, cell.key().toString()),
                100 * cell.idAccuracy(),
                100 * cell.oodAccuracy(),
                ProgressLine.time((clock.getAsLong() - trainingStarted) * 1e-9)));
        finished++;
    }

    /** Prints a line of its own, in place of the live one. */
    void line(String text) {
        line.line(text);
    }

    private String position(int count, String what) {
        String numbers = count == 1 ? "cell " + (finished + 1) : "cells " + (finished + 1) + "-" + (finished + count);
        return numbers + "/" + cells + ", " + what;
    }
}
