package resonance.language;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import resonance.evaluation.task.study.TaskAnswer.End;
import resonance.evaluation.task.study.TaskAnswer.Written;
import resonance.model.Tokenizer;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.PositionEncoding;

/**
 * Answers prompts greedily, one after the other under one encoding. What neighbours share is read once: questions about one
 * document have its keys and values in common.
 */
final class AnswerWriter implements AutoCloseable {
    /** Roughly how many tokens are read together in the time of one that is written by itself; for progress alone. */
    static final int READ_FOR_ONE_WRITTEN = 10;

    private final Tokenizer tokenizer;
    private final DecodingSession session;
    private final String where;

    /** What is shared and was read last. */
    private int[] shared = new int[0];

    /**
     * @param capacity most tokens of a prompt and its answer
     * @param where encoding and length, for refusals
     */
    AnswerWriter(LanguageModel model, PositionEncoding positions, int capacity, String where) {
        this.tokenizer = model.tokenizer();
        this.session = model.decoder().start(positions, capacity);
        this.where = where;
    }

    /**
     * Answers a prompt, and measures the loss of a right answer.
     *
     * @param stops texts that end an answer
     * @param settled whether an answer needs not go on
     */
    Written answer(
            PreparedQuestion.Prompt prompt,
            int newTokens,
            List<String> stops,
            Predicate<String> settled,
            PassListener listener) {
        int[] tokens = prompt.tokens();
        double written = (double) READ_FOR_ONE_WRITTEN * newTokens;
        double reading = tokens.length / (tokens.length + written);
        PassListener read = fraction -> listener.advanced(reading * fraction);
        boolean held = prompt.shared() > 0 && startsWith(tokens, shared) && shared.length == prompt.shared();
        if (!held) {
            session.rewind(0);
            shared = Arrays.copyOf(tokens, prompt.shared());
            if (shared.length > 0) {
                append(shared, read);
            }
        }
        session.rewind(shared.length);
        float[] logits = append(Arrays.copyOfRange(tokens, shared.length, tokens.length), read);

        String text = "";
        End end = End.MOST_TOKENS;
        Sampler sampler = new Sampler(SamplingSettings.GREEDY);
        int[] answer = new int[0];
        while (true) {
            int token = sampler.choose(logits);
            if (tokenizer.endOfSequence().contains(token)) {
                end = End.END_OF_SEQUENCE;
                break;
            }
            answer = Arrays.copyOf(answer, answer.length + 1);
            answer[answer.length - 1] = token;
            text = tokenizer.decode(answer);
            int stop = firstOf(stops, text);
            if (stop >= 0) {
                text = text.substring(0, stop);
                end = End.STOP;
                break;
            }
            if (settled.test(text)) {
                end = End.SETTLED;
                break;
            }
            if (answer.length == newTokens) {
                break;
            }
            double share = reading + (1 - reading) * answer.length / newTokens;
            logits = append(new int[] {token}, fraction -> listener.advanced(share));
        }
        int targets = prompt.withTarget().length - AnswerLoss.firstToken(tokens, prompt.withTarget());
        listener.advanced(1);
        return new Written(
                tokens.length,
                tokens.length - (held ? shared.length : 0),
                text,
                answer.length,
                end,
                AnswerLoss.of(session, tokens, prompt.withTarget(), where),
                targets);
    }

    private static boolean startsWith(int[] tokens, int[] beginning) {
        return tokens.length > beginning.length
                && Arrays.equals(tokens, 0, beginning.length, beginning, 0, beginning.length);
    }

    private float[] append(int[] tokens, PassListener listener) {
        return BrokenModelException.require(session.append(tokens, listener), where);
    }

    private static int firstOf(List<String> stops, String text) {
        return stops.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    @Override
    public void close() {
        session.close();
    }
}
