package resonance.language;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import resonance.evaluation.task.study.TaskAnswer.End;
import resonance.model.Tokenizer;

/** An answer that is written greedily, token by token, until it ends. */
final class GrowingAnswer {
    private final Tokenizer tokenizer;
    private final int newTokens;
    private final List<String> stops;
    private final Predicate<String> settled;
    private final Sampler sampler = new Sampler(SamplingSettings.GREEDY);
    private int[] tokens = new int[0];
    private String text = "";
    private End end = End.MOST_TOKENS;

    /**
     * @param newTokens most tokens
     * @param stops texts that end it
     * @param settled whether it needs not go on
     */
    GrowingAnswer(Tokenizer tokenizer, int newTokens, List<String> stops, Predicate<String> settled) {
        this.tokenizer = tokenizer;
        this.newTokens = newTokens;
        this.stops = stops;
        this.settled = settled;
    }

    /**
     * Takes the next token.
     *
     * @param logits after the prompt and what was written so far
     * @return whether the answer goes on after it
     */
    boolean add(float[] logits) {
        int token = sampler.choose(logits);
        if (tokenizer.endOfSequence().contains(token)) {
            end = End.END_OF_SEQUENCE;
            return false;
        }
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        text = tokenizer.decode(tokens);
        int stop = stops.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        if (stop >= 0) {
            text = text.substring(0, stop);
            end = End.STOP;
            return false;
        }
        if (settled.test(text)) {
            end = End.SETTLED;
            return false;
        }
        return tokens.length < newTokens;
    }

    /** The token that was taken last. */
    int last() {
        return tokens[tokens.length - 1];
    }

    int tokens() {
        return tokens.length;
    }

    String text() {
        return text;
    }

    End end() {
        return end;
    }
}
