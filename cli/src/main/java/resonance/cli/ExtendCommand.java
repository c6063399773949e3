package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
                    + ExtensionOptions.SHIPPED_LENGTH + " tokens."
        },
        customSynopsis = "resonance extend [MODEL --length=N] [options]",
        sortOptions = false)
final class ExtendCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private LanguageModelOptions model = new LanguageModelOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    private ExtensionOptions asked = new ExtensionOptions();

    @Mixin
    private ExtensionOutput output = new ExtensionOutput();

    @Override
    public Integer call() throws IOException {
        OptionRefusals refusals =
                ExtensionOutput.describe(ExtensionOptions.describe(new OptionRefusals(spec.commandLine())));
        ExtensionSettings settings = refusals.check(() -> asked.settings(model));
        refusals.check(model::threads);
        Path folder = output.folder(refusals, model, ExtensionStudy.KIND, ExtensionReport.DOCUMENT);
        PrintWriter err = spec.commandLine().getErr();
        try (LanguageModel opened =
                model.open(refusals, err, StudyRecords.settings(folder), FrozenDecoder::readingProduct)) {
            ExtensionStudy extension =
                    refusals.check(() -> ExtensionStudy.prepare(opened, settings, SoftwareVersion.version()));
            LanguageModelOptions.requireRoom(refusals, extension.memory(), err);
            requireWritable(refusals, opened, extension);
            Provenance run = CommandProvenance.of(spec);
            try (StudyFolder<ExtensionCell> kept =
                    refusals.check(() -> StudyFolder.open(folder, extension, run, err::println))) {
                SettingsText.print(words(settings, folder, opened.precision().label()), err);
                MemoryNeed.of(opened.model(), List.of((long) extension.plan().trainedLength(), (long)
                                settings.length()))
                        .print(err);
                err.println();
                tellPlan(extension.plan(), err);
                int code = new StudySession<>(
                                extension,
                                ExtensionReport::read,
                                cell -> outcome(cell, extension.plan()),
                                spec,
                                ExtensionOutput.STUDY)
                        .finish(kept, run, output.json());
                if (code != ExitCode.OK) {
                    return code;
                }
                Optional<ExtendedModel> chosen =
                        ExtensionReport.read(folder).chosen().map(candidate -> extended(opened, extension, candidate));
                return output.end(code, chosen, "nothing is chosen", refusals);
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
            output.requireWritable(refusals, extended(opened, extension, writable.get()));
        }
    }

    private ExtendedModel extended(LanguageModel opened, ExtensionStudy extension, Candidate candidate) {
        return new ExtendedModel(opened.model(), extension.served(candidate), asked.placement());
    }

    private List<String> words(ExtensionSettings settings, Path folder, String precision) {
        List<String> words = new ArrayList<>(asked.words(settings));
        words.addAll(List.of(
                "--precision " + precision,
                "--threads " + model.threads(),
                ExtensionOutput.STUDY + " " + ShellWords.quote(folder.toString())));
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
}
