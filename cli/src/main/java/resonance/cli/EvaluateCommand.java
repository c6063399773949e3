package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.TaskSuite;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskReport;
import resonance.language.LanguageModel;
import resonance.language.ModelChat;
import resonance.language.TaskSettings;
import resonance.language.TaskStudy;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRecords;
import resonance.study.StudyRunner;
import resonance.transformer.inference.FrozenDecoder;

/** {@code resonance evaluate}: how well a language model answers the questions of a benchmark, for every encoding. */
@Command(
        name = "evaluate",
        description =
                "Asks a language model the questions of a benchmark and scores its answers as the benchmark does, for"
                        + " every encoding. Finished answers are kept in the output folder: the same command again runs only what is"
                        + " missing. Without a model it asks the one that ships, and without a suite what needs no data.",
        customSynopsis = {
            "resonance evaluate [MODEL] [options]",
            "       resonance evaluate --predictions=FILE[,FILE...] [--json]"
        },
        sortOptions = false)
final class EvaluateCommand implements Callable<Integer>, StudyCommand {
    /** Questions of each task for a first look, which is to take a minute on the model that ships. */
    private static final int QUICK = 5;

    /** Stands for a trained length until the model is there. */
    private static final int SHORT = 2;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            description = "ruler (made by seed), leval, longbench or longbench-v2 (default: ruler)")
    private @Nullable String suiteName;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "folder with the suite's files; ruler takes prose or words from it instead of its own")
    private @Nullable Path data;

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "NAME",
            description = "tasks of the suite (default: all; of ruler those that fit the shortest length)")
    private @Nullable List<String> tasks;

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "questions of each task, the first ones (default: all; 50 of ruler, and " + QUICK
                    + " without --suite)")
    private @Nullable Integer questions;

    @Option(
            names = "--prompt",
            paramLabel = "STYLE",
            description =
                    "plain (a text to continue), chat (the model's own template), llama2 or vicuna (default: chat if the"
                            + " model has a template, else plain)")
    private @Nullable String prompt;

    @Option(
            names = "--new-tokens",
            paramLabel = "N",
            description = "most tokens of an answer (default: as the suite has it)")
    private @Nullable Integer newTokens;

    @Option(names = "--seed", paramLabel = "N", description = "determines questions made by seed (default: 42)")
    private long seed = 42;

    @Option(
            names = "--lengths",
            split = ",",
            paramLabel = "N",
            description =
                    "tokens of prompt and answer, as the suite counts them (default: the trained length, twice and four"
                            + " times that)")
    private @Nullable List<Integer> lengths;

    @Mixin
    private ComparedEncodings compared = new ComparedEncodings("none", "yarn", "resonance-yarn");

    @Option(
            names = "--predictions",
            split = ",",
            paramLabel = "FILE",
            description = "score answers in L-Eval's form instead of asking a model; the task is told from the path")
    private @Nullable List<Path> predictions;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description = "output folder, here or as hdfs://HOST:PORT/DIR (default: runs/evaluate-SUITE-MODEL)")
    private @Nullable Path out;

    @Mixin
    private RunnerOptions runners = new RunnerOptions();

    @Option(names = "--json", description = "print the results as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (predictions != null) {
            requireAlone();
            PredictionScores.of(predictions).print(spec.commandLine().getOut(), json);
            return ExitCode.OK;
        }
        OptionRefusals refusals = refusals();
        TaskSuite suite = suite(refusals);
        int threads = refusals.check(model::threads);
        Optional<StudyRunner> runner = refusals.check(() -> runners.runner(threads));
        Path folder =
                refusals.check(() -> OutputFolder.usable(out != null ? out : model.folder("evaluate-" + suite.name())));
        StudySession.requireUsable(refusals, folder, TaskStudy.KIND, TaskReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            return run(opened, suite, folder, runner, refusals);
        }
    }

    @Override
    public OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException {
        OptionRefusals refusals = refusals();
        TaskSuite suite = suite(refusals);
        return model.openStudy(
                refusals,
                folder,
                maker,
                opened -> study(refusals, opened, fitting(refusals, opened, wanted(refusals, opened, suite))));
    }

    private OptionRefusals refusals() {
        return ComparedEncodings.describe(new OptionRefusals(spec.commandLine()))
                .called("--lengths", "length", "lengths")
                .called("--new-tokens", "maximumTokens");
    }

    /** The suite, once nothing about the options is refused that can be told without a model. */
    private TaskSuite suite(OptionRefusals refusals) throws IOException {
        TaskSuite suite = refusals.check(() -> TaskSuites.named(suiteName == null ? "ruler" : suiteName));
        refusals.check(() -> settings(suite, asked(suite), lengthsFor(SHORT), PromptStyle.PLAIN));
        compared.requireRead(spec);
        refusals.check(this::style);
        return suite;
    }

    private TaskSettings wanted(OptionRefusals refusals, LanguageModel opened, TaskSuite suite) throws IOException {
        return refusals.check(() -> settings(
                suite,
                asked(suite),
                lengthsFor(LanguageModelOptions.trainedLength(opened)),
                style().orElseGet(() -> ModelChat.usualStyle(opened))));
    }

    /** Without the tasks that nobody asked for and that do not fit. */
    private TaskSettings fitting(OptionRefusals refusals, LanguageModel opened, TaskSettings wanted)
            throws IOException {
        return tasks != null || wanted.suite().needsData()
                ? wanted
                : refusals.check(() -> TaskStudy.fitting(opened, wanted));
    }

    private static TaskStudy study(OptionRefusals refusals, LanguageModel opened, TaskSettings settings)
            throws IOException {
        return refusals.check(() -> new TaskStudy(opened, settings, SoftwareVersion.version()));
    }

    private int run(
            LanguageModel opened, TaskSuite suite, Path folder, Optional<StudyRunner> runner, OptionRefusals refusals)
            throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        TaskSettings wanted = wanted(refusals, opened, suite);
        TaskSettings settings = fitting(refusals, opened, wanted);
        if (settings.tasks().size() < wanted.tasks().size()) {
            err.println("Note: " + settings.lengths().get(0) + " tokens are too few for "
                    + wanted.tasks().stream()
                            .filter(task -> !settings.tasks().contains(task))
                            .collect(Collectors.joining(", ")));
        }
        TaskStudy study = study(refusals, opened, settings);
        LanguageModelOptions.requireRoom(refusals, study.memory(), err);
        Provenance run = CommandProvenance.of(spec);
        try (StudyFolder<TaskAnswer> kept = refusals.check(() -> StudyFolder.open(folder, study, run, err::println))) {
            SettingsText.print(words(settings, study, folder, opened.precision().label()), err);
            PlacementText.print(
                    opened.description().positions(),
                    settings.placement(),
                    settings.encodings(),
                    study.rope().factor(),
                    err);
            return new StudySession<>(
                            study, made -> TaskReport.read(made, TaskSuites::named), answer -> Optional.empty(), spec)
                    .on(runner, runners.recipe(folder, opened.threads()))
                    .finish(kept, run, json);
        }
    }

    private void requireAlone() {
        for (String option : List.of("--suite", "--data", "--tasks", "--questions", "--prompt", "--lengths", "--out")) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " must be left out with --predictions, which asks no model, was given; leave one of"
                                + " them out");
            }
        }
    }

    private List<String> asked(TaskSuite suite) {
        return tasks != null ? tasks : suite.taskNames();
    }

    private List<Integer> lengthsFor(int trainedLength) {
        return lengths != null ? lengths : List.of(trainedLength, 2 * trainedLength, 4 * trainedLength);
    }

    /** Empty for the one that suits the model. */
    private Optional<PromptStyle> style() {
        return Optional.ofNullable(prompt).map(PromptStyle::ofWord);
    }

    private TaskSettings settings(
            TaskSuite suite, List<String> asked, List<Integer> lengthsInUse, PromptStyle styleInUse) {
        return new TaskSettings(
                suite,
                new SuiteSource(Optional.ofNullable(data), seed),
                asked,
                lengthsInUse,
                questions == null && suiteName == null ? OptionalInt.of(QUICK) : optional(questions),
                optional(newTokens),
                styleInUse,
                compared.encodings(),
                compared.factor(),
                compared.placement(),
                compared.settings());
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private List<String> words(TaskSettings settings, TaskStudy run, Path folder, String precision) {
        List<String> words =
                new ArrayList<>(List.of("--suite " + settings.suite().name()));
        settings.source().data().ifPresent(named -> words.add("--data " + ShellWords.quote(named.toString())));
        words.add("--tasks " + String.join(",", settings.tasks()));
        settings.questions().ifPresent(count -> words.add("--questions " + count));
        settings.newTokens().ifPresent(count -> words.add("--new-tokens " + count));
        words.addAll(List.of(
                "--prompt " + settings.style().word(), "--seed " + seed, MeasuredLengths.option(settings.lengths())));
        words.addAll(ComparedEncodings.words(settings.encodings(), run.rope(), settings.placement()));
        words.addAll(List.of(
                "--precision " + precision,
                "--threads " + model.threads(),
                "--out " + ShellWords.quote(folder.toString())));
        return words;
    }
}
