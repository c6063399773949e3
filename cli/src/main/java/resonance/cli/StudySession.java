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
import picocli.CommandLine.ParameterException;
import resonance.evaluation.report.Report;
import resonance.study.FolderState;
import resonance.study.OpenedStudy;
import resonance.study.PlannedCell;
import resonance.study.Provenance;
import resonance.study.Study;
import resonance.study.StudyFolder;
import resonance.study.StudyListener;
import resonance.study.StudyRun;
import resonance.study.StudyRunner;
import resonance.study.UnfitFolderException;
import resonance.transformer.tensor.ProductWork;

/**
 * One run of a study from the command line: does what is missing, shows it, and keeps the report up to date.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell
 */
final class StudySession<K, R> {
    /** Least time between two reports of an unfinished study, which may have hundreds of short cells. */
    private static final long REPORT_NANOS = 5_000_000_000L;

    /** And so many times as long as the last one took: it reads every record, and there may be ten thousand. */
    private static final int REPORTS_APART = 20;

    private final Study<K, R> study;
    private final ReportReader reports;
    private final Function<R, Optional<String>> outcome;
    private final CommandSpec command;
    private final PrintWriter err;
    private final String folderOption;
    private Optional<SentStudy> sent = Optional.empty();

    /** Where the work goes, if not in this process, and as what. */
    private record SentStudy(StudyRunner runner, CommandRecipe recipe) {}

    /** Makes a report from the records in a folder. */
    interface ReportReader {
        Report read(Path folder) throws IOException;
    }

    /** @param outcome a finished cell's result in words; empty if there are too many cells for a line each */
    StudySession(Study<K, R> study, ReportReader reports, Function<R, Optional<String>> outcome, CommandSpec command) {
        this(study, reports, outcome, command, "--out");
    }

    /** The same where another option names the folder. */
    StudySession(
            Study<K, R> study,
            ReportReader reports,
            Function<R, Optional<String>> outcome,
            CommandSpec command,
            String folderOption) {
        this.folderOption = folderOption;
        this.study = study;
        this.reports = reports;
        this.outcome = outcome;
        this.command = command;
        this.err = command.commandLine().getErr();
    }

    /** Lets another runner do the work, if there is one. */
    StudySession<K, R> on(Optional<StudyRunner> runner, CommandRecipe recipe) {
        sent = runner.map(given -> new SentStudy(given, recipe));
        return this;
    }

    /**
     * Refuses an output folder that no study of a kind can be written into, before any work.
     *
     * @throws ParameterException naming the folder or the file that is in the way
     */
    static void requireUsable(OptionRefusals refusals, Path folder, String kind, String document) throws IOException {
        refusals.run(() -> StudyFolder.requireUsable(folder, kind, List.of(document, Report.PAGE_NAME)));
    }

    /**
     * Runs what is missing and prints the results; gives the exit code.
     *
     * @param run with what, where and when it is run
     */
    int finish(StudyFolder<R> folder, Provenance run, boolean json) throws IOException {
        StudyRun<K, R> work = new StudyRun<>(study, folder, run);
        List<PlannedCell<K>> missing = work.missing();
        folder.newlySetAside().forEach(line -> err.println("Note: " + line));
        if (!folder.writable()) {
            requireComplete(folder, missing.size(), work.known().size());
        } else if (!complete(folder, work, missing, run)) {
            return StopSignal.INTERRUPTED;
        }
        Report report = reports.read(folder.folder());
        boolean written = !folder.writable() || write(report, folder);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.print(report.toJson());
        } else {
            report.print(out);
            if (written) {
                out.println("Report: " + page(folder));
            }
        }
        return written ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void requireComplete(StudyFolder<R> folder, int missing, int cells) {
        if (missing > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    folderOption + " " + folder.folder() + " must be a folder that can be written to, since " + missing
                            + " of " + cells + " cells are missing there, is read-only; choose another "
                            + folderOption);
        }
        err.println("All " + cells + " cells are finished in " + folder.folder()
                + ", which is read-only; nothing is written.");
    }

    private boolean complete(
            StudyFolder<R> folder, StudyRun<K, R> work, List<PlannedCell<K>> missingCells, Provenance run)
            throws IOException {
        int missing = missingCells.size();
        int cells = work.known().size();
        Report sofar = reports.read(folder.folder());
        folder.written().removeLeftovers(List.of(sofar.documentName(), Report.PAGE_NAME));
        write(sofar, folder);
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
                err,
                ProgressLine.terminalColumns(),
                cells - missing,
                cells,
                outcome,
                System::nanoTime,
                PartOfStudy.of(command));
        boolean complete;
        try (StopSignal stop = new StopSignal(() -> progress.line("Stopping ..."))) {
            StudyListener<K, R> listener = new ReportingListener(folder, progress);
            complete = sent.isPresent()
                    ? sent.get()
                            .runner()
                            .run(
                                    new OpenedStudy<>(study, run, () -> {}),
                                    sent.get().recipe(),
                                    folder,
                                    listener,
                                    stop)
                    : work.run(listener, stop);
            if (sent.isEmpty()) {
                noteSpeed(missingCells, folder.folder());
            }
            if (!complete) {
                write(reports.read(folder.folder()), folder);
                progress.line("Stopped; everything done is kept in " + folder.folder() + ". To continue: "
                        + PartOfStudy.of(command)
                                .map(PartOfStudy::continuation)
                                .orElseGet(() -> ShellWords.typed(command)));
            }
        } catch (IOException failure) {
            throw folder.causeOf(failure);
        }
        return complete;
    }

    /** Keeps how fast this process did what it finished of some cells, for what is estimated later. */
    private void noteSpeed(List<PlannedCell<K>> cells, Path folder) throws IOException {
        if (study instanceof ProductWork products) {
            FolderState state = FolderState.of(
                    folder, cells.stream().map(PlannedCell::fileName).toList());
            FinishedWork done = FinishedWork.of(StudyPlan.Work.of(study, cells), state);
            products.speed().did(done.amount(), done.seconds());
        }
    }

    /** Hours of work are not lost over a report, nor what somebody wrote into one. */
    private boolean write(Report report, StudyFolder<R> folder) throws IOException {
        try {
            report.write(folder.written()).forEach(line -> err.println("Note: " + line));
            return true;
        } catch (UnfitFolderException notOurs) {
            err.println("The report could not be written: " + notOurs.message(folderOption));
            return false;
        }
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
                    + run.buildAndMachine() + ". Another " + folderOption + " starts anew.");
        }
    }

    private static Path page(StudyFolder<?> folder) {
        return folder.folder().resolve(Report.PAGE_NAME);
    }

    /** Shows progress, and brings the report up to date after cells. */
    private final class ReportingListener implements StudyListener<K, R> {
        private final StudyFolder<R> folder;
        private final StudyProgress<K, R> progress;
        private long nextReport = System.nanoTime() + REPORT_NANOS;

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
        public void planned(int cells) {
            progress.planned(cells);
        }

        @Override
        public void advanced(Progress now) {
            progress.advanced(now);
        }

        @Override
        public void cellFinished(K cell, R result) {
            progress.cellFinished(cell, result);
            long begun = System.nanoTime();
            if (begun - nextReport < 0) {
                return;
            }
            try {
                reports.read(folder.folder()).write(folder.written()).forEach(line -> progress.line("Note: " + line));
            } catch (UnfitFolderException notOurs) {
                // Said at the end.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            long ended = System.nanoTime();
            nextReport = ended + Math.max(REPORT_NANOS, REPORTS_APART * (ended - begun));
        }
    }
}
