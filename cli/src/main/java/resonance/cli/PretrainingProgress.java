package resonance.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import resonance.language.corpus.SourceText;
import resonance.language.pretraining.PretrainingListener;
import resonance.transformer.training.TrainingProgress;

/** Shows how far a pretraining is: a line for every stage and validation, and a state as in {@link ProgressLine}. */
final class PretrainingProgress implements PretrainingListener {
    private final ProgressLine line;
    private final LongSupplier clock;

    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param clock {@link System#nanoTime}
     */
    PretrainingProgress(PrintWriter err, OptionalInt columns, LongSupplier clock) {
        this.line = new ProgressLine(err, columns);
        this.clock = clock;
        line.restartInterval(clock.getAsLong());
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

    @Override
    public void finishedBefore() {
        line("The model of these texts and settings is there already; nothing to train. --replace trains it again.");
    }

    @Override
    public void checkpointSetAside(String text) {
        line("%s", text);
    }

    @Override
    public void trainingStarted(long step, long parameters) {
        line(
                step > 0 ? "training %,d parameters, continues after step %d" : "training %,d parameters",
                parameters,
                step);
    }

    @Override
    public void stepped(TrainingProgress progress) {
        long now = clock.getAsLong();
        if (!line.isDue(now)) {
            return;
        }
        line.restartInterval(now);
        line.state(String.format(
                Locale.ROOT,
                "step %d/%d%s, loss %.4f, %,.0f tokens/s",
                progress.step(),
                progress.totalSteps(),
                ProgressLine.text(", ", progress.timeLeft(), ProgressLine::time, " left"),
                progress.loss(),
                progress.tokensPerSecond()));
    }

    @Override
    public void validated(long step, double loss) {
        line("step %d: validation loss %.4f, perplexity %.2f", step, loss, Math.exp(loss));
    }

    /** Prints a line of its own, in place of the state. */
    void line(String format, Object... values) {
        line.line(String.format(Locale.ROOT, format, values));
    }
}
