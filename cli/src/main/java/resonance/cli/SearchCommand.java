package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.evaluation.search.Contender;
import resonance.evaluation.search.Objective;
import resonance.evaluation.search.SearchCell;
import resonance.evaluation.search.SearchPlan;
import resonance.evaluation.search.SearchReport;
import resonance.evaluation.search.Space;
import resonance.language.LanguageModel;
import resonance.language.SearchSettings;
import resonance.language.SearchStudy;
import resonance.serving.export.ServedEncoding;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRecords;
import resonance.study.StudyRunner;
import resonance.transformer.inference.FrozenDecoder;

/** {@code resonance search}: rescale factors of a model's own, found, told and written. */
@Command(
        name = "search",
        description = {
            "Searches rescale factors of a model's own for a length, without training: a divisor for every pair of dimensions,"
                    + " not decreasing, as LongRoPE2 restricts them, or a few parameters that the known scalings share. It"
                    + " begins with those scalings, each evaluated, and goes on with CMA-ES from the best of them.",
            "Factors are chosen by the loss of numbers hidden in prompts of the length, or by perplexity. What is told in the end"
                    + " was measured on text and numbers that nothing was chosen by. Every evaluation is kept: the same command"
                    + " again goes on, and the best so far can be exported at any time. Without a model it takes the one that"
                    + " ships to " + ExtensionOptions.SHIPPED_LENGTH + " tokens."
        },
        customSynopsis = "resonance search [MODEL --length=N] [options]",
        sortOptions = false)
final class SearchCommand implements Callable<Integer>, StudyCommand {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private ExtensionOptions asked = new ExtensionOptions();

    @Option(
            names = "--objective",
            paramLabel = "WHAT",
            description =
                    "what factors are chosen by: needles (loss of hidden numbers alone) or perplexity (default: needles)")
    private String objective = Objective.NEEDLES.word();

    @Option(
            names = "--space",
            paramLabel = "WHAT",
            description =
                    "what is searched: divisors (one a pair) or parameters (base, ramp, attention factor; default: divisors)")
    private String space = Space.DIVISORS.word();

    @Mixin
    private RoundingOptions wavelengths = new RoundingOptions();

    @Option(
            names = "--evaluations",
            paramLabel = "N",
            description = "most proposals of the optimiser (default: ${DEFAULT-VALUE})")
    private int evaluations = 100;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description =
                    "tokens that an evaluation reads: as many prompts or windows as fit (default: 65536, two to eight"
                            + " prompts)")
    private @Nullable Integer tokens;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of the optimiser and the hidden numbers (default: ${DEFAULT-VALUE})")
    private int seed = 1;

    @Mixin
    private RunnerOptions runners = new RunnerOptions();

    @Mixin
    private ExtensionOutput output = new ExtensionOutput();

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = refusals();
        SearchSettings settings = refusals.check(this::settings);
        int threads = refusals.check(model::threads);
        Optional<StudyRunner> runner = refusals.check(() -> runners.runner(threads));
        Path folder = output.folder(refusals, model, SearchStudy.KIND, SearchReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            SearchStudy search = study(refusals, opened, settings);
            LanguageModelOptions.requireRoom(refusals, search.memory(), err);
            output.requireWritable(refusals, extended(opened, search.example()));
            Provenance run = CommandProvenance.of(spec);
            try (StudyFolder<SearchCell> kept =
                    refusals.check(() -> StudyFolder.open(folder, search, run, err::println))) {
                SettingsText.print(words(settings, folder, opened.precision().label()), err);
                MemoryNeed.of(
                                opened.model(),
                                List.of((long) search.plan().shape().trainedLength(), (long)
                                        search.plan().length()))
                        .print(err);
                err.println();
                tellPlan(search.plan(), err);
                // Ctrl-C ends the process once the best so far is told; nothing is written then.
                try (StopSignal told = new StopSignal(() -> {})) {
                    int code = new StudySession<>(
                                    search, SearchReport::read, SearchCommand::outcome, spec, ExtensionOutput.STUDY)
                            .on(runner, runners.recipe(folder, threads))
                            .finish(kept, run, output.json());
                    Optional<Contender> best = SearchReport.read(folder).best();
                    boolean stopped = told.getAsBoolean();
                    if (stopped) {
                        best.ifPresent(found -> err.println("The best so far is " + found.label() + "."));
                    }
                    return output.end(
                            stopped ? StopSignal.INTERRUPTED : code,
                            best.map(found -> extended(opened, search.served(found))),
                            "nothing is found",
                            refusals);
                }
            }
        }
    }

    @Override
    public OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException {
        OptionRefusals refusals = refusals();
        SearchSettings settings = settings();
        return model.openStudy(refusals, folder, maker, opened -> study(refusals, opened, settings));
    }

    private OptionRefusals refusals() {
        return ExtensionOutput.describe(ExtensionOptions.describe(new OptionRefusals(spec.commandLine())));
    }

    private static SearchStudy study(OptionRefusals refusals, LanguageModel opened, SearchSettings settings)
            throws IOException {
        return refusals.check(() -> SearchStudy.prepare(opened, settings, SoftwareVersion.version()));
    }

    private ExtendedModel extended(LanguageModel opened, ServedEncoding encoding) {
        return new ExtendedModel(opened.model(), encoding, asked.placement());
    }

    private SearchSettings settings() throws IOException {
        return new SearchSettings(
                asked.settings(model),
                TaskSuites.prose(),
                KnownName.find("space", space, List.of(Space.values()), Space::word),
                KnownName.find("objective", objective, List.of(Objective.values()), Objective::word),
                wavelengths.rounding(),
                tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens),
                evaluations,
                seed);
    }

    private List<String> words(SearchSettings settings, Path folder, String precision) {
        List<String> words = new ArrayList<>(asked.words(settings.extension()));
        words.add("--objective " + settings.objective().word());
        words.add("--space " + settings.space().word());
        words.addAll(RoundingOptions.words(settings.rounding()));
        words.add("--evaluations " + settings.evaluations());
        settings.tokens().ifPresent(read -> words.add("--tokens " + read));
        words.addAll(List.of(
                "--seed " + settings.seed(),
                "--precision " + precision,
                "--threads " + model.threads(),
                ExtensionOutput.STUDY + " " + ShellWords.quote(folder.toString())));
        return words;
    }

    private static void tellPlan(SearchPlan plan, PrintWriter err) {
        boolean needles = plan.objective() == Objective.NEEDLES;
        err.printf(
                Locale.ROOT,
                "From %,d to %,d tokens: %d scalings made by hand, then at most %d proposals, each evaluated on %d %s.%n",
                plan.shape().trainedLength(),
                plan.length(),
                plan.starts().size(),
                plan.evaluations(),
                needles ? plan.needles().size() : plan.pieces().size(),
                needles ? "prompts with a hidden number" : "pieces of text");
    }

    private static Optional<String> outcome(SearchCell cell) {
        return Optional.of(String.format(
                Locale.ROOT,
                "loss %.3f",
                cell.measured().sum() / cell.measured().count()));
    }
}
