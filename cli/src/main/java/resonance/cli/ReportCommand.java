package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
import resonance.evaluation.report.ReportDocument;
import resonance.evaluation.search.SearchReport;
import resonance.evaluation.sidebyside.NamedFolder;
import resonance.evaluation.sidebyside.SideBySide;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.evaluation.sidebyside.SideBySideReport;
import resonance.evaluation.task.study.TaskReport;
import resonance.experiment.PosgenComparison;
import resonance.language.ExtensionStudy;
import resonance.language.PasskeyStudy;
import resonance.language.PerplexityStudy;
import resonance.language.SearchStudy;
import resonance.language.TaskStudy;
import resonance.study.FolderInUseException;
import resonance.study.FolderLock;
import resonance.study.RecordFormatException;
import resonance.study.StudyPlace;
import resonance.study.StudyRecords;
import resonance.study.UnfitFolderException;
import resonance.study.WrittenFiles;

/** {@code resonance report}: the results in a study's folder, finished or not, or those of several side by side. */
@Command(
        name = "report",
        description = {
            "Shows the results in an output folder of extend, search, perplexity, passkey, evaluate or posgen compare,"
                    + " finished or not,"
                    + " and writes its report.html anew. It needs neither the model nor the texts, and may run while the"
                    + " study does.",
            "",
            "With several folders it shows them side by side: models and encodings as rows, tasks or lengths as columns, every"
                    + " row against one of them, paired on the same questions, texts or seeds. What can't be paired is named."
                    + " Nothing is written but into --out.",
            ""
        },
        customSynopsis = {
            "resonance report DIR [options]",
            "      resonance report [NAME[:SEED]=]DIR [NAME[:SEED]=]DIR ... [options]"
        },
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private static final Map<String, StudySession.ReportReader> KINDS = Map.of(
            PerplexityStudy.KIND, PerplexityReport::read,
            PasskeyStudy.KIND, PasskeyReport::read,
            ExtensionStudy.KIND, ExtensionReport::read,
            SearchStudy.KIND, SearchReport::read,
            TaskStudy.KIND, folder -> TaskReport.read(folder, TaskSuites::named),
            PosgenComparison.KIND, ComparisonReport::read);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            converter = ResonanceCli.PathText.class,
            description =
                    "the study's output folder; of several, each with the name of its rows, if it is to have one, and the"
                            + " seed of the training where folders of one name differ in it")
    @SuppressWarnings("NullAway.Init")
    private List<String> folders;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private SideBySideOptions sideBySide = new SideBySideOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description =
                    "side by side: a folder of its own for report.html and side-by-side.json (default: none is written)")
    @Nullable
    private Path out;

    @Mixin
    ParquetOption parquet = new ParquetOption();

    @Option(names = "--json", description = "print the results as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        boolean several = folders.size() > 1 || sideBySide.given() || out != null;
        return several ? sideBySide() : one(named(folders.get(0), StudyPlace::of));
    }

    private int sideBySide() throws IOException {
        OptionRefusals refusals = new OptionRefusals(spec.commandLine()).called("DIR", "folder", "folders");
        List<Source> sources = new ArrayList<>();
        for (String text : folders) {
            NamedFolder folder = refusals.check(() -> named(text, NamedFolder::of));
            sources.add(new Source(folder, report(folder.folder())));
        }
        sources.forEach(source -> sayDamaged(source.report()));
        SideBySide results = refusals.check(() -> new SideBySide(sources, sideBySide.texts(), sideBySide.baseline()));
        parquet.write(sources, refusals);
        SideBySideReport report = new SideBySideReport(results, sideBySide.tested());
        PrintWriter print = spec.commandLine().getOut();
        if (out != null) {
            WrittenFiles files = WrittenFiles.in(out, "report", SoftwareVersion.version());
            refusals.run(() -> {
                files.makeFolder();
                files.requireOurs(List.of(SideBySideReport.DOCUMENT, ReportDocument.PAGE_NAME));
            });
            report.write(files).forEach(line -> spec.commandLine().getErr().println("Note: " + line));
        }
        if (json) {
            print.print(report.toJson());
        } else {
            report.print(print);
            Optional.ofNullable(out)
                    .ifPresent(folder -> print.println("Report: " + folder.resolve(ReportDocument.PAGE_NAME)));
            parquet.file().ifPresent(file -> print.println("Parquet: " + file));
        }
        return ExitCode.OK;
    }

    private <T> T named(String text, Function<String, T> reading) {
        try {
            return reading.apply(text);
        } catch (UnfitFolderException unfit) {
            throw new ParameterException(spec.commandLine(), unfit.message("DIR"), unfit);
        }
    }

    private void sayDamaged(Report report) {
        report.records()
                .damaged()
                .forEach(line -> spec.commandLine().getErr().println("Note: " + line + "; it is left out"));
    }

    private int one(Path folder) throws IOException {
        Report report = report(folder);
        sayDamaged(report);
        parquet.write(
                List.of(new Source(new NamedFolder("", "", folder), report)), new OptionRefusals(spec.commandLine()));
        boolean shown = write(folder, report, spec.commandLine().getErr());
        if (json) {
            spec.commandLine().getOut().print(report.toJson());
        } else {
            report.print(spec.commandLine().getOut());
            if (shown) {
                spec.commandLine().getOut().println("Report: " + folder.resolve(Report.PAGE_NAME));
            }
            parquet.file().ifPresent(file -> spec.commandLine().getOut().println("Parquet: " + file));
        }
        return ExitCode.OK;
    }

    /** Brings the page up to date where that is ours to do; gives whether there is one. */
    private boolean write(Path folder, Report report, PrintWriter err) throws IOException {
        // A study that runs brings the page up to date itself, after every cell.
        if (Files.isWritable(folder) && FolderLock.owner(folder).isEmpty()) {
            try {
                FolderLock lock = FolderLock.take(folder, err::println);
                try (lock) {
                    report.write(WrittenFiles.in(folder, StudyRecords.kind(folder), SoftwareVersion.version()))
                            .forEach(line -> err.println("Note: " + line));
                }
            } catch (FolderInUseException hasBegunJustNow) {
                // As above.
            } catch (UnfitFolderException notOurs) {
                err.println("Note: the page was not written: " + notOurs.message("DIR"));
                return false;
            }
        }
        return Files.exists(folder.resolve(Report.PAGE_NAME));
    }

    private Report report(Path folder) throws IOException {
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
