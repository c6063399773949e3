package resonance.language.pretraining;

import java.time.Duration;
import java.util.List;

/** Told how a pretraining run goes on, in the thread that trains. */
public interface PretrainingListener {
    /**
     * How far the training is.
     *
     * @param step optimiser steps done, earlier runs included
     * @param totalSteps steps of the whole training
     * @param loss mean loss of the last batch, nats a token
     * @param tokensPerSecond speed since this run began to train
     * @param timeLeft at this speed
     */
    record Progress(long step, long totalSteps, double loss, double tokensPerSecond, Duration timeLeft) {}

    /** All texts were read. */
    default void textsRead(List<SourceText> texts) {}

    /** The tokenizer has this many tokens. */
    default void tokenizerTrained(int tokens) {}

    /** The texts became this many tokens. */
    default void textsEncoded(long trainingTokens, long validationTokens) {}

    /** Training begins at this step: 0, or where a checkpoint ended. */
    default void trainingStarted(long step, long parameters) {}

    default void stepped(Progress progress) {}

    /** The validation loss after a step, nats a token. */
    default void validated(long step, double loss) {}
}
