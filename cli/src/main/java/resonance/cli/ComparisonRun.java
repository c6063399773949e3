package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import resonance.evaluation.CellKey;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.Provenance;
import resonance.experiment.ComparisonListener;
import resonance.experiment.ComparisonSettings;
import resonance.experiment.PosgenComparison;
import resonance.transformer.tensor.LibTorch;

/** One run of a comparison from the command line: does what is missing, shows it, and keeps the report up to date. */
final class ComparisonRun {
    private final ComparisonSettings settings;
    private final PosgenComparison comparison;
    private final ComparisonFiles files;
    private final String command;
    private final PrintWriter err;
    private final Provenance provenance;

    ComparisonRun(
            ComparisonSettings settings,
            PosgenComparison comparison,
            ComparisonFiles files,
            String command,
            PrintWriter err)
            throws IOException {
        this.settings = settings;
        this.comparison = comparison;
        this.files = files;
        this.command = command;
        this.err = err;
        Provenance now = Provenance.ofThisMachine(
                SoftwareVersion.version(), SoftwareVersion.commit(), LibTorch.VERSION, command);
        this.provenance = comparison.missing().isEmpty() ? files.earlierOr(now) : now;
    }

    /** Runs what is missing; false if a signal stopped it before the end. */
    boolean finish() throws IOException {
        int cells = settings.plan().cells().size();
        int missing = comparison.missing().size();
        files.write(result());
        if (missing == 0) {
            err.println("All " + cells + " cells are finished in " + files.folder() + "; nothing to run.");
            return true;
        }
        err.println((cells - missing) + " of " + cells + " cells are finished in " + files.folder() + "; running "
                + missing + ". Report so far: " + files.report());
        ComparisonProgress progress = new ComparisonProgress(
                err,
                ProgressLine.terminalColumns(),
                settings,
                cells - missing,
                cells,
                comparison.missingTrainings().size(),
                System::nanoTime);
        boolean complete;
        try (StopSignal stop = new StopSignal(() -> progress.line("Stopping after this step ..."))) {
            complete = comparison.run(new ReportingListener(progress), stop);
            if (!complete) {
                progress.line("Stopped; everything done is kept in " + files.folder() + ". To continue: " + command);
            }
        }
        return complete;
    }

    /** The comparison as far as it is finished. */
    Comparison result() throws IOException {
        return comparison.comparison(provenance);
    }

    /** Shows progress, and brings the report up to date after every cell. */
    private final class ReportingListener implements ComparisonListener {
        private final ComparisonProgress progress;

        ReportingListener(ComparisonProgress progress) {
            this.progress = progress;
        }

        @Override
        public void trainingStarted(List<CellKey> cells, long step) {
            progress.trainingStarted(cells, step);
        }

        @Override
        public void stepped(long step, long totalSteps, double loss) {
            progress.stepped(step, totalSteps, loss);
        }

        @Override
        public void validated(CellKey cell, ComparisonCell.ValidationPoint point) {
            progress.validated(cell, point);
        }

        @Override
        public void tested(CellKey cell) {
            progress.tested(cell);
        }

        @Override
        public void cellFinished(ComparisonCell cell) {
            progress.cellFinished(cell);
            try {
                files.write(result());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
