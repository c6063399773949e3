package resonance.language.finetuning;

import java.util.List;
import resonance.language.TrainingRunListener;
import resonance.language.corpus.SourceText;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.transformer.training.TrainingMemory;

/** Told how a fine-tune goes on, in the thread that trains. */
public interface FineTuningListener extends TrainingRunListener {
    /** All texts were read. */
    default void textsRead(List<SourceText> texts, int documents) {}

    /** The texts became this many tokens. */
    default void textsEncoded(long trainingTokens, long validationTokens) {}

    /** Losses on held-out text under the encoding, of the model as it was: {@code trained} false, or as it is written. */
    default void measured(List<ValidationLoss> losses, boolean trained) {}

    /**
     * What the training will need, before it begins.
     *
     * @param seconds of all its steps, by a trial of a part of one
     */
    default void estimated(TrainingMemory memory, double seconds) {}

    /** Something that whoever started it should know; the training goes on. */
    default void note(String line) {}
}
