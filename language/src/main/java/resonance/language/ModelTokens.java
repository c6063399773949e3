package resonance.language;

import resonance.evaluation.task.TextTokens;
import resonance.model.Tokenizer;

/**
 * A model's tokenizer, as suites ask it.
 *
 * @param tokenizer of the model
 */
record ModelTokens(Tokenizer tokenizer) implements TextTokens {
    @Override
    public int[] encode(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public String decode(int[] ids) {
        return tokenizer.decode(ids);
    }

    @Override
    public int beginning() {
        return tokenizer.beginningOfSequence().isPresent() ? 1 : 0;
    }
}
