package resonance.language.pretraining;

import java.util.List;
import resonance.language.TrainingRunListener;
import resonance.language.corpus.SourceText;

/** Told how a pretraining run goes on, in the thread that trains. */
public interface PretrainingListener extends TrainingRunListener {
    /** All texts were read. */
    default void textsRead(List<SourceText> texts) {}

    /** The tokenizer has this many tokens. */
    default void tokenizerTrained(int tokens) {}

    /** The texts became this many tokens. */
    default void textsEncoded(long trainingTokens, long validationTokens) {}
}
