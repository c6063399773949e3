package resonance.language;

import resonance.transformer.training.TrainingProgress;

/** Told how the training of a language model goes on, in the thread that trains. */
public interface TrainingRunListener {
    /** The folder holds the model of these texts and settings already: nothing is trained. */
    default void finishedBefore() {}

    /** A damaged checkpoint was put aside, and training begins anew; the line says what was wrong and where it is kept. */
    default void checkpointSetAside(String line) {}

    /** Training begins at this step: 0, or where a checkpoint ended. */
    default void trainingStarted(long step, long parameters) {}

    /** An optimiser step is done. */
    default void stepped(TrainingProgress progress) {}

    /** The validation loss after a step, nats a token. */
    default void validated(long step, double loss) {}
}
