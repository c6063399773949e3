package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.evaluation.search.Contender;
import resonance.evaluation.search.Objective;
import resonance.evaluation.search.SearchCell;
import resonance.evaluation.search.SearchPlan;
import resonance.evaluation.search.SearchReport;
import resonance.language.ExtensionSettings;
import resonance.language.LanguageModel;
import resonance.language.SearchSettings;
import resonance.language.SearchStudy;
import resonance.rope.Refusal;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRecords;
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
                    + " ships to " + ExtendCommand.SHIPPED_LENGTH + " tokens."
        },
        customSynopsis = "resonance search [MODEL --length=N] [options]",
        sortOptions = false)
final class SearchCommand implements Callable<Integer> {
    private static final String STUDY = "--study";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "tokens that the model shall read (default for the model that ships: "
                    + ExtendCommand.SHIPPED_LENGTH + ")")
    private @Nullable Integer length;

    @Option(
            names = "--text",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "text files in UTF-8 to measure on, at least two windows of the length; a folder stands for its .txt"
                            + " files (default: the text that ships)")
    private List<Path> files = List.of();

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
    private String space = SearchPlan.SPACES.get(0);

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
            names = "--budget",
            paramLabel = "TIME",
            description = "time that measuring may take, such as 90s, 5m or 1h (default: no bound)")
    private @Nullable String budget;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of the optimiser and the hidden numbers (default: ${DEFAULT-VALUE})")
    private int seed = 1;

    @Mixin
    private PlacementOptions placement = new PlacementOptions();

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description =
                    "write the model with the best factors: a new folder, or a new GGUF file from one (default: it is"
                            + " told, and nothing is written)")
    private @Nullable Path out;

    @Option(names = "--force", description = "with --out: replace an earlier export")
    private boolean force;

    @Option(names = STUDY, paramLabel = "DIR", description = "folder of the results (default: runs/search-MODEL)")
    private @Nullable Path study;

    @Option(names = "--json", description = "print the results as one JSON document, and what else is told as messages")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = ScalingOptions.describe(new OptionRefusals(spec.commandLine()))
                .called(STUDY, "out")
                .called("--out", "export")
                .called("--length", "lengths")
                .called("--text", "FILE", "text", "texts");
        List<Path> texts =
                refusals.check(() -> TextFiles.expand(files.isEmpty() ? List.of(ShippedFiles.text()) : files));
        SearchSettings settings = refusals.check(() -> settings(texts));
        refusals.check(model::threads);
        refusals.run(() -> ExtendedModel.requireNew(out, force));
        Path folder = refusals.check(() -> OutputFolder.usable(study != null ? study : model.folder("search")));
        StudySession.requireUsable(refusals, folder, SearchStudy.KIND, SearchReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            SearchStudy search = refusals.check(() -> SearchStudy.prepare(opened, settings, SoftwareVersion.version()));
            LanguageModelOptions.requireRoom(refusals, search.memory(), err);
            ExtendedModel example = new ExtendedModel(opened.model(), search.example(), placement.choice());
            refusals.run(() -> example.requireWritable(out, force));
            Provenance run = CommandProvenance.of(spec);
            try (StudyFolder<SearchCell> kept = refusals.check(() -> StudyFolder.open(folder, search, run))) {
                SettingsText.print(words(settings, folder, opened.precision().label()), err);
                MemoryNeed.of(
                                opened.model(),
                                List.of((long) search.plan().shape().trainedLength(), (long)
                                        search.plan().length()))
                        .print(err);
                err.println();
                tellPlan(search.plan(), err);
                // Ctrl-C ends the process once the best so far is told.
                try (StopSignal told = new StopSignal(() -> {})) {
                    int code = new StudySession<>(search, SearchReport::read, SearchCommand::outcome, spec, STUDY)
                            .finish(kept, run, json);
                    return end(code, told, refusals, opened, search, folder);
                }
            }
        }
    }

    private SearchSettings settings(List<Path> texts) {
        if (length == null && model.isGiven()) {
            throw Refusal.of("length", "must be given with a MODEL", "was left out")
                    .cure("it is the number of tokens that the model shall read");
        }
        return new SearchSettings(
                new ExtensionSettings(
                        length != null ? length : ExtendCommand.SHIPPED_LENGTH,
                        texts,
                        placement.choice(),
                        budget == null ? Duration.ZERO : Seconds.ofText("budget", budget)),
                TaskSuites.prose(),
                KnownName.find("space", space, SearchPlan.SPACES, name -> name),
                KnownName.find("objective", objective, List.of(Objective.values()), Objective::word),
                wavelengths.rounding(),
                tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens),
                evaluations,
                seed);
    }

    private List<String> words(SearchSettings settings, Path folder, String precision) {
        List<String> words =
                new ArrayList<>(List.of("--length " + settings.extension().length()));
        settings.extension().texts().forEach(text -> words.add("--text " + ShellWords.quote(text.toString())));
        words.add("--objective " + settings.objective().word());
        words.add("--space " + settings.space());
        words.addAll(RoundingOptions.words(settings.rounding()));
        words.add("--evaluations " + settings.evaluations());
        settings.tokens().ifPresent(read -> words.add("--tokens " + read));
        words.addAll(PlacementOptions.words(settings.extension().placement()));
        words.addAll(List.of(
                "--budget " + (budget == null ? "none" : budget),
                "--seed " + settings.seed(),
                "--precision " + precision,
                "--threads " + model.threads(),
                STUDY + " " + ShellWords.quote(folder.toString())));
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

    /** Tells of the best factors, also of a run that was stopped, and writes them once it is complete. */
    private int end(
            int code,
            StopSignal stopped,
            OptionRefusals refusals,
            LanguageModel opened,
            SearchStudy search,
            Path folder)
            throws IOException {
        Optional<Contender> best = SearchReport.read(folder).best();
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter stdout = json ? err : spec.commandLine().getOut();
        if (best.isEmpty()) {
            if (out != null) {
                err.println("Nothing is written to " + out + ", since nothing is found.");
            }
            return code == ExitCode.OK && out != null ? ExitCode.SOFTWARE : code;
        }
        ExtendedModel extended = new ExtendedModel(opened.model(), search.served(best.get()), placement.choice());
        if (code == ExitCode.OK && out != null) {
            return extended.write(out, force, refusals, stdout, err);
        }
        if (stopped.getAsBoolean()) {
            err.println("The best so far is " + best.get().label() + ".");
        }
        extended.tell(code == ExitCode.OK ? stdout : err);
        return code;
    }
}
