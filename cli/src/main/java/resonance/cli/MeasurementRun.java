package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import resonance.language.RunListener;

/** One run of a measurement from the command line: does what is missing, shows it, and keeps the report up to date. */
final class MeasurementRun<K, C> {
    /** Least time between two reports of an unfinished measurement, which may have hundreds of short cells. */
    private static final long REPORT_NANOS = 5_000_000_000L;

    private final Measurement<K, C> measurement;
    private final CommandSpec command;
    private final PrintWriter err;

    MeasurementRun(Measurement<K, C> measurement, CommandSpec command) {
        this.measurement = measurement;
        this.command = command;
        this.err = command.commandLine().getErr();
    }

    /** Runs what is missing and prints the results; gives the exit code. */
    int finish(boolean json) throws IOException {
        if (!complete()) {
            return StopSignal.INTERRUPTED;
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            measurement.printJson(out);
        } else {
            measurement.printTable(out);
            out.println("Report: " + measurement.report());
        }
        return ExitCode.OK;
    }

    private boolean complete() throws IOException {
        int cells = measurement.cells();
        List<K> missing = measurement.missing();
        measurement.writeReport();
        if (missing.isEmpty()) {
            err.println("All " + cells + " cells are finished in " + measurement.folder() + "; nothing to run.");
            return true;
        }
        err.println((cells - missing.size()) + " of " + cells + " cells are finished in " + measurement.folder()
                + "; running " + missing.size() + ". Report so far: " + measurement.report());
        MeasurementProgress<K, C> progress = new MeasurementProgress<>(
                err,
                ProgressLine.terminalColumns(),
                cells - missing.size(),
                cells,
                measurement::outcome,
                System::nanoTime);
        boolean complete;
        try (StopSignal stop = new StopSignal(() -> progress.line("Stopping ..."))) {
            complete = measurement.run(new ReportingListener(progress), stop);
            measurement.writeReport();
            if (!complete) {
                progress.line("Stopped; everything done is kept in " + measurement.folder() + ". To continue: "
                        + ShellWords.typed(command));
            }
        }
        return complete;
    }

    /** Shows progress, and brings the report up to date after cells. */
    private final class ReportingListener implements RunListener<K, C> {
        private final MeasurementProgress<K, C> progress;
        private long reported = System.nanoTime();

        ReportingListener(MeasurementProgress<K, C> progress) {
            this.progress = progress;
        }

        @Override
        public void cellStarted(K cell) {
            progress.cellStarted(cell);
        }

        @Override
        public void advanced(double fraction, OptionalDouble secondsLeft) {
            progress.advanced(fraction, secondsLeft);
        }

        @Override
        public void cellFinished(C cell) {
            progress.cellFinished(cell);
            long now = System.nanoTime();
            if (now - reported < REPORT_NANOS) {
                return;
            }
            reported = now;
            try {
                measurement.writeReport();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
