package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.experiment.ComparisonSettings;
import resonance.experiment.PosgenComparison;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRunner;
import resonance.transformer.tensor.ComputeDevice;

/** {@code resonance posgen compare}: trains short and tests long, for every task, encoding and seed. */
@Command(
        name = "compare",
        description =
                "Trains a small decoder on short PosGen sequences with each encoding and seed, tests it on long ones,"
                        + " and reports accuracy within and beyond the trained length. Finished runs are kept in the output folder:"
                        + " the same command again runs only what is missing.",
        customSynopsis = "resonance posgen compare [options]",
        sortOptions = false)
final class PosgenCompareCommand implements Callable<Integer>, StudyCommand {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private ComparisonOptions options = new ComparisonOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description = "output folder, here or as hdfs://HOST:PORT/DIR (default: runs/posgen-compare-PRESET)")
    private @Nullable Path out;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            description = "time between two checkpoints of the running cell (default: 30)")
    private double checkpointSeconds = PosgenComparison.CHECKPOINT_INTERVAL.toSeconds();

    @Option(
            names = "--plan-only",
            description = "write plan and settings to study.json in the output folder and train nothing, for another"
                    + " trainer to read (benchmarks/pytorch)")
    private boolean planOnly;

    @Mixin
    private RunnerOptions runners = new RunnerOptions();

    @Option(names = "--json", description = "print the comparison as one JSON document")
    private boolean json;

    /** Puts the values of the presets at the end of the command's help. */
    static void addPresetsToHelp(CommandLine compare) {
        compare.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> Preset.table());
    }

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = refusals();
        ComparisonSettings provisional = provisional(refusals);
        Path folder = refusals.check(() ->
                OutputFolder.usable(out != null ? out : Path.of("runs", "posgen-compare-" + options.presetName())));
        StudySession.requireUsable(refusals, folder, PosgenComparison.KIND, ComparisonReport.DOCUMENT);
        int threads = provisional.training().threads();
        Optional<StudyRunner> runner = refusals.check(
                () -> runners.runner(threads, provisional.training().device()));
        requireDevice(provisional, refusals);
        ComparisonSettings settings = options.inPrecision(provisional, folder);
        PosgenComparison study = refusals.check(() -> study(settings));
        Provenance run = CommandProvenance.of(spec);
        try (StudyFolder<ComparisonCell> kept = refusals.check(
                () -> StudyFolder.open(folder, study, run, spec.commandLine().getErr()::println))) {
            SettingsText.print(settings, folder, spec.commandLine().getErr());
            options.tellChoice(spec.commandLine().getErr());
            if (planOnly && kept.writable()) {
                PrintWriter printer = spec.commandLine().getOut();
                if (json) {
                    printer.print(ComparisonReport.read(folder).toJson());
                } else {
                    printer.println(study.cells().size() + " cells are planned in " + folder + "; nothing is trained.");
                }
                return ExitCode.OK;
            }
            return new StudySession<>(study, ComparisonReport::read, PosgenCompareCommand::outcome, spec)
                    .on(runner, runners.recipe(folder, threads))
                    .finish(kept, run, json);
        }
    }

    @Override
    public OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException {
        OptionRefusals refusals = refusals();
        ComparisonSettings provisional = provisional(refusals);
        requireDevice(provisional, refusals);
        ComparisonSettings settings = options.inPrecision(provisional, folder);
        return new OpenedStudy<>(refusals.check(() -> study(settings)), maker, () -> {});
    }

    /** The settings but for the precision, once nothing about them is refused. */
    private ComparisonSettings provisional(OptionRefusals refusals) throws IOException {
        ComparisonSettings settings = refusals.check(options::settings);
        options.requireRead(settings);
        refusals.check(() -> study(settings));
        return settings;
    }

    private OptionRefusals refusals() {
        return ComparisonOptions.describe(new OptionRefusals(spec.commandLine()))
                .called("--checkpoint-every", "checkpointInterval");
    }

    private PosgenComparison study(ComparisonSettings settings) {
        return new PosgenComparison(
                settings,
                ComparisonOptions.arePapers(settings) ? ReferenceTable.paperTable1() : ReferenceTable.none(),
                FeatureAngles.of(settings),
                SoftwareVersion.text(),
                Seconds.duration("checkpointInterval", checkpointSeconds));
    }

    private static Optional<String> outcome(ComparisonCell cell) {
        return Optional.of(String.format(
                Locale.ROOT, "ID %.1f %%, OOD %.1f %%", 100 * cell.idAccuracy(), 100 * cell.oodAccuracy()));
    }

    private static void requireDevice(ComparisonSettings settings, OptionRefusals refusals) {
        if (settings.training().device() == ComputeDevice.CPU) {
            return;
        }
        try {
            settings.training().device().requireAvailable();
        } catch (IllegalStateException notThere) {
            throw refusals.refusal(String.valueOf(notThere.getMessage()), notThere);
        }
    }
}
