package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import resonance.language.corpus.SourceText;
import resonance.language.pretraining.PretrainingListener;

/** Shows how far a pretraining is. */
final class PretrainingProgress extends TrainingRunProgress implements PretrainingListener {
    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param clock {@link System#nanoTime}
     */
    PretrainingProgress(PrintWriter err, OptionalInt columns, LongSupplier clock) {
        super(err, columns, clock, "--replace");
    }

    @Override
    public void textsRead(List<SourceText> texts) {
        line(
                "%,d bytes read from %d text file%s; training the tokenizer",
                texts.stream().mapToLong(SourceText::bytes).sum(), texts.size(), texts.size() == 1 ? "" : "s");
    }

    @Override
    public void tokenizerTrained(int tokens) {
        line("tokenizer of %,d tokens", tokens);
    }

    @Override
    public void textsEncoded(long trainingTokens, long validationTokens) {
        line("%,d tokens to train on, %,d held out", trainingTokens, validationTokens);
    }
}
