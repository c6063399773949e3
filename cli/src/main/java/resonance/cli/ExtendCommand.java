package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.evaluation.extension.Candidate;
import resonance.evaluation.extension.ExtensionCell;
import resonance.evaluation.extension.ExtensionCell.GivenUp;
import resonance.evaluation.extension.ExtensionCell.OfNeedle;
import resonance.evaluation.extension.ExtensionCell.OfText;
import resonance.evaluation.extension.ExtensionPlan;
import resonance.evaluation.extension.ExtensionReport;
import resonance.evaluation.perplexity.PerplexityText;
import resonance.language.ExtensionSettings;
import resonance.language.ExtensionStudy;
import resonance.language.LanguageModel;
import resonance.rope.Refusal;
import resonance.study.Provenance;
import resonance.study.StudyFolder;
import resonance.study.StudyRecords;
import resonance.transformer.inference.FrozenDecoder;

/** {@code resonance extend}: the encoding that takes a model to a length, found, told and written. */
@Command(
        name = "extend",
        description = {
            "Finds the position encoding that takes a language model to a length, and writes it: measures YaRN, dynamic NTK,"
                    + " mrRoPE, critical-base NTK and NTK-aware scaling, at the smallest factor that covers the length and at twice"
                    + " that, as they are and with three roundings of their wavelengths.",
            "Losers are dropped early, by paired intervals on the same text. What is told in the end was measured on text that"
                    + " nothing was chosen by. Finished results are kept: the same command again runs only what is missing."
                    + " Without a model it takes the one that ships to "
                    + ExtendCommand.SHIPPED_LENGTH + " tokens."
        },
        customSynopsis = "resonance extend [MODEL --length=N] [options]",
        sortOptions = false)
final class ExtendCommand implements Callable<Integer> {
    static final int SHIPPED_LENGTH = 1024;
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
            description = "tokens that the model shall read (default for the model that ships: " + SHIPPED_LENGTH + ")")
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
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "time that measuring may take, such as 90s, 5m or 1h; what is not measured in time is told (default: no"
                            + " bound)")
    private @Nullable String budget;

    @Mixin
    private PlacementOptions placement = new PlacementOptions();

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description =
                    "write the model with the encoding taken: a new folder, or a new GGUF file from one (default: it is"
                            + " told, and nothing is written)")
    private @Nullable Path out;

    @Option(names = "--force", description = "with --out: replace an earlier export")
    private boolean force;

    @Option(names = STUDY, paramLabel = "DIR", description = "folder of the results (default: runs/extend-MODEL)")
    private @Nullable Path study;

    @Option(names = "--json", description = "print the results as one JSON document, and what else is told as messages")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals = ScalingOptions.describe(new OptionRefusals(spec.commandLine()))
                .called(STUDY, "out")
                .called("--out", "export")
                .called("--text", "FILE", "text", "texts");
        List<Path> texts =
                refusals.check(() -> TextFiles.expand(files.isEmpty() ? List.of(ShippedFiles.text()) : files));
        ExtensionSettings settings = refusals.check(() -> settings(texts));
        refusals.check(model::threads);
        refusals.run(() -> ExtendedModel.requireNew(out, force));
        Path folder = refusals.check(() -> OutputFolder.usable(study != null ? study : model.folder("extend")));
        StudySession.requireUsable(refusals, folder, ExtensionStudy.KIND, ExtensionReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            ExtensionStudy extension =
                    refusals.check(() -> ExtensionStudy.prepare(opened, settings, SoftwareVersion.version()));
            LanguageModelOptions.requireRoom(refusals, extension.memory(), err);
            requireWritable(refusals, opened, extension);
            Provenance run = CommandProvenance.of(spec);
            try (StudyFolder<ExtensionCell> kept = refusals.check(() -> StudyFolder.open(folder, extension, run))) {
                SettingsText.print(words(settings, folder, opened.precision().label()), err);
                MemoryNeed.of(opened.model(), List.of((long) extension.plan().trainedLength(), (long)
                                settings.length()))
                        .print(err);
                err.println();
                tellPlan(extension.plan(), err);
                int code = new StudySession<>(
                                extension, ExtensionReport::read, cell -> outcome(cell, extension.plan()), spec, STUDY)
                        .finish(kept, run, json);
                return code == ExitCode.OK ? write(refusals, opened, extension, folder) : code;
            }
        }
    }

    /** Before anything is measured; where none can be written it will be told that nothing is chosen. */
    private void requireWritable(OptionRefusals refusals, LanguageModel opened, ExtensionStudy extension)
            throws IOException {
        Optional<Candidate> writable = extension.plan().candidates().stream()
                .filter(Candidate::isWritable)
                .findFirst();
        if (writable.isPresent()) {
            ExtendedModel any = new ExtendedModel(opened.model(), extension.served(writable.get()), placement.choice());
            refusals.run(() -> any.requireWritable(out, force));
        }
    }

    private ExtensionSettings settings(List<Path> texts) {
        if (length == null && model.isGiven()) {
            throw Refusal.of("length", "must be given with a MODEL", "was left out")
                    .cure("it is the number of tokens that the model shall read");
        }
        return new ExtensionSettings(
                length != null ? length : SHIPPED_LENGTH,
                texts,
                placement.choice(),
                budget == null ? Duration.ZERO : Seconds.ofText("budget", budget));
    }

    private List<String> words(ExtensionSettings settings, Path folder, String precision) {
        List<String> words = new ArrayList<>(List.of("--length " + settings.length()));
        settings.texts().forEach(text -> words.add("--text " + ShellWords.quote(text.toString())));
        words.addAll(PlacementOptions.words(settings.placement()));
        words.addAll(List.of(
                "--budget " + (budget == null ? "none" : budget),
                "--precision " + precision,
                "--threads " + model.threads(),
                STUDY + " " + ShellWords.quote(folder.toString())));
        return words;
    }

    private static void tellPlan(ExtensionPlan plan, PrintWriter err) {
        err.printf(
                Locale.ROOT,
                "From %,d to %,d tokens: %d candidates, and text of %d pieces to choose by and %d to report on.%n",
                plan.trainedLength(),
                plan.length(),
                plan.candidates().size(),
                plan.choosing().size(),
                plan.reporting().size());
        plan.candidates().stream()
                .filter(candidate -> !candidate.isWritable())
                .findFirst()
                .ifPresent(reference -> err.println("Some are for reference alone, such as " + reference.label()
                        + ", which can't be written: " + reference.obstacle()));
    }

    /** A finished measurement in words; the first one tells how long the others take. */
    private static Optional<String> outcome(ExtensionCell cell, ExtensionPlan plan) {
        if (cell.measured() instanceof GivenUp) {
            return Optional.of("given up, since the budget ended");
        }
        if (cell.measured() instanceof OfNeedle needle) {
            return Optional.of(
                    String.format(Locale.ROOT, "loss %.3f", needle.trial().keyLoss()));
        }
        OfText text = (OfText) cell.measured();
        double loss = text.cell().tokens().mean();
        String perplexity = "perplexity " + PerplexityText.of(Math.exp(loss));
        boolean first = cell.key().equals(plan.firstKey());
        if (!first) {
            return Optional.of(perplexity);
        }
        double piece = text.seconds() / plan.work().within() * plan.work().piece();
        return Optional.of(String.format(
                Locale.ROOT,
                "%s; by this a candidate takes about %s for a piece of text at %,d tokens",
                perplexity,
                ProgressLine.time(piece),
                plan.length()));
    }

    private int write(OptionRefusals refusals, LanguageModel opened, ExtensionStudy extension, Path folder)
            throws IOException {
        Optional<Candidate> chosen = ExtensionReport.read(folder).chosen();
        PrintWriter stdout =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        if (chosen.isEmpty()) {
            if (out != null) {
                spec.commandLine().getErr().println("Nothing is written to " + out + ", since nothing is chosen.");
                return ExitCode.SOFTWARE;
            }
            return ExitCode.OK;
        }
        ExtendedModel extended = new ExtendedModel(opened.model(), extension.served(chosen.get()), placement.choice());
        if (out == null) {
            extended.tell(stdout);
            return ExitCode.OK;
        }
        return extended.write(out, force, refusals, stdout, spec.commandLine().getErr());
    }
}
