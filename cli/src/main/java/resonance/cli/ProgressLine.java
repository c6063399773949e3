package resonance.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import resonance.report.VisibleText;

/**
 * Where a long run says how far it is: one line that is written over again on a terminal, a plain line every half minute
 * elsewhere.
 */
final class ProgressLine {
    /** Width of the terminal that standard error is; the launcher sets it if there is one. */
    private static final String COLUMNS_PROPERTY = "resonance.terminal.columns";

    private static final int FEWEST_COLUMNS = 20;
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 30_000_000_000L;
    private static final String ERASE_LINE = "\r\033[K";

    private final TerminalWriter err;
    private final OptionalInt columns;
    private long shown;

    /** @param columns width of the terminal; empty if standard error is not one */
    ProgressLine(PrintWriter err, OptionalInt columns) {
        this.err = TerminalWriter.messages(err);
        this.columns = columns;
    }

    /** The width of the terminal; empty if standard error is not one. */
    static OptionalInt terminalColumns() {
        int columns = Integer.getInteger(COLUMNS_PROPERTY, 0);
        return columns >= FEWEST_COLUMNS ? OptionalInt.of(columns) : OptionalInt.empty();
    }

    boolean isTerminal() {
        return columns.isPresent();
    }

    /** The next state is due a whole interval from now, in nanoseconds of {@link System#nanoTime}. */
    void restartInterval(long now) {
        shown = now;
    }

    /** Whether an interval has passed by now, in nanoseconds of {@link System#nanoTime}. */
    boolean isDue(long now) {
        return now - shown >= (isTerminal() ? TERMINAL_NANOS : PLAIN_NANOS);
    }

    /** Shows a state: on a terminal in place of the last one and cut to its width, elsewhere as a line. */
    void state(String text) {
        if (columns.isPresent()) {
            String visible = VisibleText.within(text);
            erase();
            err.print(visible.substring(0, Math.min(visible.length(), columns.getAsInt() - 1)));
            err.flush();
        } else {
            line(text);
        }
    }

    /** Prints a line of its own, in place of the state. */
    void line(String text) {
        if (isTerminal()) {
            erase();
        }
        err.println(text);
        err.flush();
    }

    private void erase() {
        err.control(ERASE_LINE);
    }

    /** A value between two texts; nothing if there is none. */
    static String text(String before, OptionalDouble value, Format format, String after) {
        return value.isPresent() ? before + format.of(value.getAsDouble()) + after : "";
    }

    /** A way to write a number. */
    interface Format {
        String of(double value);
    }

    /** A time as a clock shows it: 0:07, 12:30, 3:04:05. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
