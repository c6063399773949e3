package resonance.language;

import java.util.OptionalInt;
import resonance.model.Tokenizer;

/** A text as a model begins to read it: after the beginning-of-sequence token, if the model expects one. */
final class PromptTokens {
    private PromptTokens() {}

    static int[] of(Tokenizer tokenizer, String text) {
        int[] tokens = tokenizer.encode(text);
        OptionalInt bos = tokenizer.beginningOfSequence();
        if (bos.isEmpty()) {
            return tokens;
        }
        int[] all = new int[tokens.length + 1];
        all[0] = bos.getAsInt();
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }
}
