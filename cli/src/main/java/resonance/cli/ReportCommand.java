package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.extension.ExtensionReport;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.report.Report;
import resonance.evaluation.task.study.TaskReport;
import resonance.experiment.PosgenComparison;
import resonance.language.ExtensionStudy;
import resonance.language.PasskeyStudy;
import resonance.language.PerplexityStudy;
import resonance.language.TaskStudy;
import resonance.study.FolderInUseException;
import resonance.study.FolderLock;
import resonance.study.RecordFormatException;
import resonance.study.StudyRecords;
import resonance.study.UnfitFolderException;
import resonance.study.WrittenFiles;

/** {@code resonance report}: the results in a study's folder, finished or not. */
@Command(
        name = "report",
        description = "Shows the results in an output folder of extend, perplexity, passkey, evaluate or posgen"
                + " compare, finished or not,"
                + " and writes its report.html anew. It needs neither the model nor the texts, and may run while the"
                + " study does.",
        customSynopsis = "resonance report DIR [options]",
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private static final Map<String, StudySession.ReportReader> KINDS = Map.of(
            PerplexityStudy.KIND, PerplexityReport::read,
            PasskeyStudy.KIND, PasskeyReport::read,
            ExtensionStudy.KIND, ExtensionReport::read,
            TaskStudy.KIND, folder -> TaskReport.read(folder, TaskSuites::named),
            PosgenComparison.KIND, ComparisonReport::read);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "the study's output folder")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--json", description = "print the results as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Report report = report();
        PrintWriter err = spec.commandLine().getErr();
        report.records().damaged().forEach(line -> err.println("Note: " + line + "; it is left out"));
        boolean shown = write(report, err);
        if (json) {
            spec.commandLine().getOut().print(report.toJson());
        } else {
            report.print(spec.commandLine().getOut());
            if (shown) {
                spec.commandLine().getOut().println("Report: " + folder.resolve(Report.PAGE_NAME));
            }
        }
        return ExitCode.OK;
    }

    /** Brings the page up to date where that is ours to do; gives whether there is one. */
    private boolean write(Report report, PrintWriter err) throws IOException {
        if (Files.isWritable(folder)) {
            try {
                FolderLock lock = FolderLock.take(folder);
                try (lock) {
                    report.write(WrittenFiles.in(folder, StudyRecords.kind(folder), SoftwareVersion.version()))
                            .forEach(line -> err.println("Note: " + line));
                }
            } catch (FolderInUseException theRunWritesIt) {
                // It brings the page up to date itself, after every cell.
            } catch (UnfitFolderException notOurs) {
                err.println("Note: the page was not written: " + notOurs.message("DIR"));
                return false;
            }
        }
        return Files.exists(folder.resolve(Report.PAGE_NAME));
    }

    private Report report() throws IOException {
        try {
            String kind = StudyRecords.kind(folder);
            StudySession.ReportReader reader = KINDS.get(kind);
            if (reader == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "DIR must hold a study of "
                                + String.join(
                                        ", ", KINDS.keySet().stream().sorted().toList()) + ", holds one of " + kind
                                + "; use the version that made it");
            }
            return reader.read(folder);
        } catch (RecordFormatException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
