package resonance.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
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
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 30_000_000_000L;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintWriter err;
    private final OptionalInt columns;
    private final LongSupplier clock;
    private final TimeLeft timeLeft;
    private final int cells;
    private final long started;
    private int cell;
    private long cellStarted;
    private long shown;

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
        this.err = err;
        this.columns = columns;
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
        shown = cellStarted;
        timeLeft.cellStarted(cellStarted, step);
        if (step > 0) {
            line(position(key) + ": continues after step " + step);
        } else if (columns.isEmpty()) {
            line(position(key) + ": started");
        }
    }

    @Override
    public void stepped(CellKey key, long step, long totalSteps, double loss) {
        long now = clock.getAsLong();
        timeLeft.stepped(now, step);
        boolean measuresNext = step == totalSteps && columns.isPresent();
        if (now - shown < (columns.isPresent() ? TERMINAL_NANOS : PLAIN_NANOS) && !measuresNext) {
            return;
        }
        shown = now;
        String state = String.format(
                Locale.ROOT,
                "%s elapsed%s, %sstep %d/%d, loss %.4f%s",
                time((now - started) * 1e-9),
                text(", ", timeLeft.seconds(), ComparisonProgress::time, " left"),
                measuresNext ? "testing after " : "",
                step,
                totalSteps,
                loss,
                text(", ", timeLeft.tokensPerSecond(), rate -> String.format(Locale.ROOT, "%,.0f", rate), " tokens/s"));
        if (columns.isPresent()) {
            String live = "cell " + cell + "/" + cells + ": " + state + ", " + key;
            err.print(ERASE_LINE + live.substring(0, Math.min(live.length(), columns.getAsInt() - 1)));
            err.flush();
        } else {
            line(position(key) + ": " + state);
        }
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
                time((now - cellStarted) * 1e-9)));
    }

    /** Prints a line of its own, in place of the live one. */
    void line(String text) {
        err.println(columns.isPresent() ? ERASE_LINE + text : text);
        err.flush();
    }

    private String position(CellKey key) {
        return "cell " + cell + "/" + cells + ", " + key;
    }

    private interface Format {
        String of(double value);
    }

    private static String text(String before, OptionalDouble value, Format format, String after) {
        return value.isPresent() ? before + format.of(value.getAsDouble()) + after : "";
    }

    /** A time as a clock shows it: 0:07, 12:30, 3:04:05. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
