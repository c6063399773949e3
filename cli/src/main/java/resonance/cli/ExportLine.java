package resonance.cli;

import java.io.PrintWriter;
import java.util.Locale;
import resonance.serving.export.ExportProgress;

/** Shows how far the writing of an export is, with the time left. */
final class ExportLine implements ExportProgress {
    private static final double MEGABYTE = 1e6;

    private final ProgressLine line;
    private final long started = System.nanoTime();

    ExportLine(PrintWriter err) {
        line = new ProgressLine(err, ProgressLine.terminalColumns());
        line.restartInterval(started);
    }

    @Override
    public void written(long bytes, long total) {
        long now = System.nanoTime();
        if (line.isDue(now)) {
            line.restartInterval(now);
            double elapsed = (now - started) * 1e-9;
            line.state(String.format(
                    Locale.ROOT,
                    "%,.0f of %,.0f MB written, %s left",
                    bytes / MEGABYTE,
                    total / MEGABYTE,
                    ProgressLine.time(elapsed * (total - bytes) / Math.max(1, bytes))));
        } else if (bytes == total && line.isTerminal()) {
            line.state("");
        }
    }
}
