package resonance.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.LongSupplier;
import resonance.language.RunListener;

/**
 * Shows how far a measurement of a language model is: a state as in {@link ProgressLine}, and a line for a finished
 * cell.
 *
 * @param <K> names one cell of the measurement
 * @param <C> a finished cell
 */
final class MeasurementProgress<K, C> implements RunListener<K, C> {
    private final ProgressLine line;
    private final Function<C, Optional<String>> outcome;
    private final LongSupplier clock;
    private final int cells;
    private final long started;
    private int cell;
    private String current = "";
    private long cellStarted;

    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param finished cells finished before this run
     * @param cells all cells
     * @param outcome of a finished cell, its name and its result; empty to show none
     * @param clock {@link System#nanoTime}
     */
    MeasurementProgress(
            PrintWriter err,
            OptionalInt columns,
            int finished,
            int cells,
            Function<C, Optional<String>> outcome,
            LongSupplier clock) {
        this.line = new ProgressLine(err, columns);
        this.outcome = outcome;
        this.clock = clock;
        this.cells = cells;
        this.cell = finished;
        this.started = clock.getAsLong();
        line.restartInterval(started);
    }

    @Override
    public void cellStarted(K key) {
        cell++;
        cellStarted = clock.getAsLong();
        current = key.toString();
    }

    @Override
    public void advanced(double fraction, OptionalDouble secondsLeft) {
        long now = clock.getAsLong();
        if (!line.isDue(now)) {
            return;
        }
        line.restartInterval(now);
        double elapsed = (now - started) * 1e-9;
        line.state(String.format(
                Locale.ROOT,
                "cell %d/%d: %s elapsed%s, %.0f %%, %s",
                cell,
                cells,
                ProgressLine.time(elapsed),
                ProgressLine.text(", ", secondsLeft, ProgressLine::time, " left"),
                100 * fraction,
                current));
    }

    @Override
    public void cellFinished(C finished) {
        String took = ProgressLine.time((clock.getAsLong() - cellStarted) * 1e-9);
        outcome.apply(finished).ifPresent(text -> line("cell " + cell + "/" + cells + ": " + text + ", took " + took));
    }

    /** Prints a line of its own, in place of the state. */
    void line(String text) {
        line.line(text);
    }
}
