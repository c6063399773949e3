package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.language.LanguageModel;
import resonance.language.PasskeySettings;
import resonance.language.PasskeyStudy;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRecords;
import resonance.study.StudyRunner;
import resonance.transformer.inference.FrozenDecoder;

/** {@code resonance passkey}: whether a language model finds a number in a long text, for every encoding. */
@Command(
        name = "passkey",
        description =
                "Hides a number in filler text, at every length and depth, asks a language model for it, and shows for"
                        + " every encoding where it is found. Finished results are kept in the output folder: the same"
                        + " command again runs only what is missing. Without a model it asks the one that ships.",
        customSynopsis = "resonance passkey [MODEL] [options]",
        sortOptions = false)
final class PasskeyCommand implements Callable<Integer>, StudyCommand {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private MeasuredLengths lengths = new MeasuredLengths();

    @Option(
            names = "--depths",
            paramLabel = "N",
            description = "places of the number, from the start to the end of the text (default: ${DEFAULT-VALUE})")
    private int depths = 10;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description = "numbers at each length and depth (default: ${DEFAULT-VALUE})")
    private int trials = 2;

    @Option(names = "--seed", paramLabel = "N", description = "determines the numbers (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Mixin
    private ComparedEncodings compared = new ComparedEncodings();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description = "output folder, here or as hdfs://HOST:PORT/DIR (default: runs/passkey-MODEL)")
    private @Nullable Path out;

    @Mixin
    private RunnerOptions runners = new RunnerOptions();

    @Option(names = "--json", description = "print the results as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = refusals();
        requireValid(refusals);
        int threads = refusals.check(model::threads);
        Optional<StudyRunner> runner = refusals.check(() -> runners.runner(threads));
        Path folder = refusals.check(() -> OutputFolder.usable(out != null ? out : model.folder("passkey")));
        StudySession.requireUsable(refusals, folder, PasskeyStudy.KIND, PasskeyReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            PasskeySettings settings = settings(lengths.forTrained(LanguageModelOptions.trainedLength(opened)));
            PasskeyStudy study = study(refusals, opened, settings);
            LanguageModelOptions.requireRoom(refusals, study.memory(), err);
            Provenance run = CommandProvenance.of(spec);
            try (StudyFolder<PasskeyTrial> kept =
                    refusals.check(() -> StudyFolder.open(folder, study, run, err::println))) {
                SettingsText.print(
                        words(settings, study, folder, opened.precision().label()), err);
                PlacementText.print(
                        opened.description().positions(),
                        settings.placement(),
                        settings.encodings(),
                        study.rope().factor(),
                        err);
                return new StudySession<>(study, PasskeyReport::read, trial -> Optional.empty(), spec)
                        .on(runner, runners.recipe(folder, threads))
                        .finish(kept, run, json);
            }
        }
    }

    @Override
    public OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException {
        OptionRefusals refusals = refusals();
        requireValid(refusals);
        return model.openStudy(
                refusals,
                folder,
                maker,
                opened -> study(
                        refusals, opened, settings(lengths.forTrained(LanguageModelOptions.trainedLength(opened)))));
    }

    /** Refuses what can be told without a model. */
    private void requireValid(OptionRefusals refusals) throws IOException {
        refusals.check(() -> settings(lengths.forTrained(1)));
        compared.requireRead(spec);
    }

    private OptionRefusals refusals() {
        return ComparedEncodings.describe(new OptionRefusals(spec.commandLine()));
    }

    private static PasskeyStudy study(OptionRefusals refusals, LanguageModel opened, PasskeySettings settings)
            throws IOException {
        return refusals.check(() -> new PasskeyStudy(opened, settings, SoftwareVersion.version()));
    }

    private PasskeySettings settings(List<Integer> lengthsInUse) {
        return new PasskeySettings(
                lengthsInUse,
                depths,
                trials,
                compared.encodings(),
                compared.factor(),
                compared.placement(),
                compared.settings(),
                seed);
    }

    private List<String> words(PasskeySettings settings, PasskeyStudy run, Path folder, String precision) {
        List<String> words = new ArrayList<>(List.of(
                MeasuredLengths.option(settings.lengths()),
                "--depths " + settings.depths(),
                "--trials " + settings.trials(),
                "--seed " + settings.seed()));
        words.addAll(ComparedEncodings.words(settings.encodings(), run.rope(), settings.placement()));
        words.addAll(List.of(
                "--precision " + precision,
                "--threads " + model.threads(),
                "--out " + ShellWords.quote(folder.toString())));
        return words;
    }
}
