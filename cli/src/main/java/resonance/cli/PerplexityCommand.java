package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityProtocol;
import resonance.evaluation.perplexity.PerplexityRecord;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.perplexity.SlidingWindow;
import resonance.language.LanguageModel;
import resonance.language.PerplexitySettings;
import resonance.language.PerplexityStudy;
import resonance.rope.Refusal;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRecords;
import resonance.study.StudyRunner;
import resonance.transformer.inference.FrozenDecoder;

/** {@code resonance perplexity}: a language model's perplexity over length, for every encoding. */
@Command(
        name = "perplexity",
        description =
                "Measures a language model's perplexity on texts at growing lengths, for every encoding, and shows by"
                        + " position where it breaks. Finished results are kept in the output folder: the same command again"
                        + " runs only what is missing. Without arguments it measures the model that ships on the text that"
                        + " ships.",
        customSynopsis = "resonance perplexity [MODEL [FILE...]] [options]",
        sortOptions = false)
final class PerplexityCommand implements Callable<Integer>, StudyCommand {
    /** Of the shipped text, so that the default run ends in a minute or two. */
    private static final int SHIPPED_TOKENS = 16_384;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "FILE",
            description = "text files in UTF-8; a folder stands for its .txt files (default: the text that ships)")
    private List<Path> files = List.of();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private MeasuredLengths lengths = new MeasuredLengths();

    @Mixin
    private ComparedEncodings compared = new ComparedEncodings();

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description =
                    "token: every token once; yarn: a sliding window, windows weigh the same, as in YaRN's script; llama.cpp:"
                            + " chunks, second half scored (default: token)")
    private String protocol = PerplexityProtocol.names().get(0);

    @Option(names = "--stride", paramLabel = "N", description = "tokens that yarn's window advances by (default: 256)")
    private @Nullable Integer stride;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "tokens of each file to use, from its beginning; 0 uses all (default: all, 16384 of the text"
                    + " that ships)")
    private @Nullable Integer tokens;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = ResonanceCli.Place.class,
            description = "output folder, here or as hdfs://HOST:PORT/DIR (default: runs/perplexity-MODEL)")
    private @Nullable Path out;

    @Mixin
    private RunnerOptions runners = new RunnerOptions();

    @Option(names = "--json", description = "print the results as one JSON document")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = refusals();
        List<Path> texts = texts(refusals);
        int threads = refusals.check(model::threads);
        Optional<StudyRunner> runner = refusals.check(() -> runners.runner(threads));
        Path folder = refusals.check(() -> OutputFolder.usable(out != null ? out : model.folder("perplexity")));
        StudySession.requireUsable(refusals, folder, PerplexityStudy.KIND, PerplexityReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            PerplexitySettings settings =
                    settings(texts, lengths.forTrained(LanguageModelOptions.trainedLength(opened)));
            PerplexityStudy study = study(refusals, opened, settings);
            LanguageModelOptions.requireRoom(refusals, study.memory(), err);
            Provenance run = CommandProvenance.of(spec);
            try (StudyFolder<PerplexityCell> kept =
                    refusals.check(() -> StudyFolder.open(folder, study, run, err::println))) {
                SettingsText.print(
                        words(settings, study, folder, opened.precision().label()), err);
                PlacementText.print(
                        opened.description().positions(),
                        settings.placement(),
                        settings.encodings(),
                        study.rope().factor(),
                        err);
                return new StudySession<>(
                                study, PerplexityReport::read, cell -> outcome(cell, settings.protocol()), spec)
                        .on(runner, runners.recipe(folder, threads))
                        .finish(kept, run, json);
            }
        }
    }

    @Override
    public OpenedStudy<?, ?> open(Path folder, Provenance maker) throws IOException {
        OptionRefusals refusals = refusals();
        List<Path> texts = texts(refusals);
        return model.openStudy(
                refusals,
                folder,
                maker,
                opened -> study(
                        refusals,
                        opened,
                        settings(texts, lengths.forTrained(LanguageModelOptions.trainedLength(opened)))));
    }

    private OptionRefusals refusals() {
        return ComparedEncodings.describe(new OptionRefusals(spec.commandLine()))
                .called("--tokens", "maximumTokens")
                .called("FILE", "text", "texts");
    }

    /** The texts, once nothing about the options is refused that can be told without a model. */
    private List<Path> texts(OptionRefusals refusals) throws IOException {
        List<Path> texts =
                refusals.check(() -> TextFiles.expand(files.isEmpty() ? List.of(ShippedFiles.text()) : files));
        refusals.check(() -> settings(texts, lengths.forTrained(1)));
        compared.requireRead(spec);
        return texts;
    }

    private static PerplexityStudy study(OptionRefusals refusals, LanguageModel opened, PerplexitySettings settings)
            throws IOException {
        return refusals.check(() -> PerplexityStudy.prepare(opened, settings, SoftwareVersion.version()));
    }

    private static Optional<String> outcome(PerplexityCell cell, PerplexityProtocol protocol) {
        PerplexityRecord record = PerplexityRecord.of(protocol, List.of(cell));
        return Optional.of(String.format(
                Locale.ROOT, "perplexity %.2f, %,.0f tokens/s", record.perplexity(), record.tokensPerSecond()));
    }

    private PerplexitySettings settings(List<Path> texts, List<Integer> lengthsInUse) {
        return new PerplexitySettings(
                texts,
                lengthsInUse,
                compared.encodings(),
                protocol(),
                compared.factor(),
                compared.placement(),
                compared.settings(),
                tokens != null ? tokens : files.isEmpty() ? SHIPPED_TOKENS : 0);
    }

    private PerplexityProtocol protocol() {
        PerplexityProtocol named = PerplexityProtocol.named(protocol);
        if (stride == null) {
            return named;
        }
        if (!(named instanceof SlidingWindow)) {
            throw Refusal.of("stride", "must go with {protocol} yarn", "was given with " + protocol)
                    .cure("leave one of them out");
        }
        return new SlidingWindow(stride);
    }

    private List<String> words(PerplexitySettings settings, PerplexityStudy run, Path folder, String precision) {
        List<String> words = new ArrayList<>(List.of(MeasuredLengths.option(settings.lengths())));
        words.addAll(ComparedEncodings.words(settings.encodings(), run.rope(), settings.placement()));
        words.addAll(List.of(
                "--protocol " + settings.protocol().text(),
                "--tokens " + settings.maximumTokens(),
                "--precision " + precision,
                "--threads " + model.threads(),
                "--out " + ShellWords.quote(folder.toString())));
        return words;
    }
}
