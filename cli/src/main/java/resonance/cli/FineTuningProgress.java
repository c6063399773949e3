package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import resonance.language.corpus.SourceText;
import resonance.language.finetuning.FineTuningListener;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.transformer.training.TrainingMemory;

/** Shows how far a fine-tune is. */
final class FineTuningProgress extends TrainingRunProgress implements FineTuningListener {
    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param clock {@link System#nanoTime}
     */
    FineTuningProgress(PrintWriter err, OptionalInt columns, LongSupplier clock) {
        super(err, columns, clock, "--force");
    }

    @Override
    public void textsRead(List<SourceText> texts, int documents) {
        line(
                "%,d bytes read, %,d document%s in %d file%s",
                texts.stream().mapToLong(SourceText::bytes).sum(),
                documents,
                documents == 1 ? "" : "s",
                texts.size(),
                texts.size() == 1 ? "" : "s");
    }

    @Override
    public void textsEncoded(long trainingTokens, long validationTokens) {
        line("%,d tokens to train on, %,d held out", trainingTokens, validationTokens);
    }

    @Override
    public void measured(List<ValidationLoss> losses, boolean trained) {
        line("%s: held-out loss %s", trained ? "trained" : "before training", text(losses));
    }

    @Override
    public void estimated(TrainingMemory memory, double seconds) {
        line(
                "about %.1f GB of memory (%.1f activations%s), %s for the training",
                memory.bytes() * 1e-9,
                memory.activations() * 1e-9,
                memory.recomputes() ? ", made anew on the way back" : "",
                ProgressLine.time(seconds));
    }

    @Override
    public void note(String text) {
        line("Note: %s", text);
    }

    private static String text(List<ValidationLoss> losses) {
        return losses.stream()
                .map(loss -> String.format(Locale.ROOT, "%.4f at %,d tokens", loss.loss(), loss.longestWindow()))
                .collect(Collectors.joining(", "));
    }
}
