package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import resonance.evaluation.report.Report;
import resonance.study.Provenance;
import resonance.study.Study;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyRun;

/**
 * One run of a study from the command line: does what is missing, shows it, and keeps the report up to date.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
final class StudySession<K, R> {
    /** Least time between two reports of an unfinished study, which may have hundreds of short cells. */
    private static final long REPORT_NANOS = 5_000_000_000L;

    private final Study<K, R> study;
    private final ReportReader reports;
    private final Function<R, Optional<String>> outcome;
    private final CommandSpec command;
    private final PrintWriter err;

    /** Makes a report from the records in a folder. */
    interface ReportReader {
        Report read(Path folder) throws IOException;
    }

    /** @param outcome a finished cell's result in words; empty if there are too many cells for a line each */
    StudySession(Study<K, R> study, ReportReader reports, Function<R, Optional<String>> outcome, CommandSpec command) {
        this.study = study;
        this.reports = reports;
        this.outcome = outcome;
        this.command = command;
        this.err = command.commandLine().getErr();
    }

    /**
     * Runs what is missing and prints the results; gives the exit code.
     *
     * @param run with what, where and when it is run
     */
    int finish(StudyFolder<R> folder, Provenance run, boolean json) throws IOException {
        if (!complete(folder, run)) {
            return StopSignal.INTERRUPTED;
        }
        Report report = reports.read(folder.folder());
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.print(report.toJson());
        } else {
            report.print(out);
            out.println("Report: " + page(folder));
        }
        return ExitCode.OK;
    }

    private boolean complete(StudyFolder<R> folder, Provenance run) throws IOException {
        StudyRun<K, R> work = new StudyRun<>(study, folder, run);
        int cells = study.cells().size();
        int missing = work.missing().size();
        Report sofar = reports.read(folder.folder());
        sofar.write(folder.folder());
        String where = " cells are finished in " + folder.folder();
        err.println(
                missing == 0
                        ? "All " + cells + where + "; nothing to run."
                        : (cells - missing) + " of " + cells + where + "; running " + missing + ". Report so far: "
                                + page(folder));
        if (missing < cells) {
            sayWhoMade(sofar, run);
        }
        if (missing == 0) {
            return true;
        }
        StudyProgress<K, R> progress = new StudyProgress<>(
                err, ProgressLine.terminalColumns(), cells - missing, cells, outcome, System::nanoTime);
        boolean complete;
        try (StopSignal stop = new StopSignal(() -> progress.line("Stopping ..."))) {
            complete = work.run(new ReportingListener(folder, progress), stop);
            reports.read(folder.folder()).write(folder.folder());
            if (!complete) {
                progress.line("Stopped; everything done is kept in " + folder.folder() + ". To continue: "
                        + ShellWords.typed(command));
            }
        }
        return complete;
    }

    /** Cells that another build or machine made are used, but never passed over in silence. */
    private void sayWhoMade(Report sofar, Provenance run) {
        List<String> others = sofar.provenances().stream()
                .filter(made -> !made.sameBuildAndMachine(run))
                .map(Provenance::buildAndMachine)
                .distinct()
                .toList();
        if (!others.isEmpty()) {
            err.println("Some of them were made by " + String.join(" and ", others) + "; this is "
                    + run.buildAndMachine() + ". Another --out starts anew.");
        }
    }

    private static Path page(StudyFolder<?> folder) {
        return folder.folder().resolve(Report.PAGE_NAME);
    }

    /** Shows progress, and brings the report up to date after cells. */
    private final class ReportingListener implements StudyListener<K, R> {
        private final StudyFolder<R> folder;
        private final StudyProgress<K, R> progress;
        private long reported = System.nanoTime();

        ReportingListener(StudyFolder<R> folder, StudyProgress<K, R> progress) {
            this.folder = folder;
            this.progress = progress;
        }

        @Override
        public void jobStarted(String name, List<K> cells) {
            progress.jobStarted(name, cells);
        }

        @Override
        public void noted(String text, boolean alsoOnTerminal) {
            progress.noted(text, alsoOnTerminal);
        }

        @Override
        public void advanced(Progress now) {
            progress.advanced(now);
        }

        @Override
        public void cellFinished(K cell, R result) {
            progress.cellFinished(cell, result);
            long now = System.nanoTime();
            if (now - reported < REPORT_NANOS) {
                return;
            }
            reported = now;
            try {
                reports.read(folder.folder()).write(folder.folder());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
