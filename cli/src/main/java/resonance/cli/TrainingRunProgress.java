package resonance.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import resonance.language.TrainingRunListener;
import resonance.transformer.training.TrainingProgress;

/** Shows how far the training of a language model is: a line for every validation, and a state as in {@link ProgressLine}. */
abstract class TrainingRunProgress implements TrainingRunListener {
    private final ProgressLine line;
    private final LongSupplier clock;
    private final String again;

    /**
     * @param columns width of the terminal; empty if standard error is not one
     * @param clock {@link System#nanoTime}
     * @param again the option that trains a model again
     */
    TrainingRunProgress(PrintWriter err, OptionalInt columns, LongSupplier clock, String again) {
        this.line = new ProgressLine(err, columns);
        this.clock = clock;
        this.again = again;
        line.restartInterval(clock.getAsLong());
    }

    @Override
    public void finishedBefore() {
        line("The model of these texts and settings is there already; nothing to train. %s trains it again.", again);
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
    final void line(String format, Object... values) {
        line.line(String.format(Locale.ROOT, format, values));
    }
}
