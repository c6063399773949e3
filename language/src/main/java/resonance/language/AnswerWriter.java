package resonance.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import resonance.evaluation.task.study.TaskAnswer.Written;
import resonance.model.Tokenizer;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.PositionEncoding;

/**
 * Answers prompts greedily under one encoding. What prompts that follow each other share is read once: questions about one document have
 * its keys and values in common.
 *
 * <p>Several writers can answer together: each reads its own prompt, then all write, a token each at a time, which takes less time than
 * one after the other and gives the same answers ({@link DecodingSession#appendEach}).
 */
final class AnswerWriter implements AutoCloseable {
    /**
     * Roughly how many tokens are read together in the time of one that is written by itself: some 35 of SmolLM2-135M after 2,048, on two
     * cores.
     */
    static final int READ_FOR_ONE_WRITTEN = 30;

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
     * What is asked.
     *
     * @param stops texts that end an answer
     * @param settled whether an answer needs not go on
     */
    record Asked(PreparedQuestion.Prompt prompt, List<String> stops, Predicate<String> settled) {}

    /**
     * An answer and its time.
     *
     * @param seconds reading the prompt and measuring the loss; and the time of each token that was written, by equal shares for all that
     *     were written in it
     */
    record Answered(Written written, double seconds) {}

    /**
     * Answers prompts, and measures the loss of a right answer to each.
     *
     * @param writers of one model and encoding, at least as many as prompts
     * @param newTokens most tokens of an answer
     */
    static List<Answered> answer(List<AnswerWriter> writers, List<Asked> all, int newTokens, PassListener listener) {
        double[] seconds = new double[all.size()];
        double total =
                all.stream().mapToDouble(asked -> asked.prompt.tokens().length).sum();
        double reading = total / (total + (double) READ_FOR_ONE_WRITTEN * newTokens * all.size());
        List<GrowingAnswer> answers = new ArrayList<>();
        List<Integer> going = new ArrayList<>();
        int[] readTokens = new int[all.size()];
        double before = 0;
        for (int i = 0; i < all.size(); i++) {
            long started = System.nanoTime();
            AnswerWriter writer = writers.get(i);
            Asked asked = all.get(i);
            double from = reading * before / total;
            double share = reading * asked.prompt.tokens().length / total;
            readTokens[i] = writer.toRead(asked.prompt);
            float[] logits = writer.read(asked.prompt, fraction -> listener.advanced(from + share * fraction));
            before += asked.prompt.tokens().length;
            answers.add(new GrowingAnswer(writer.tokenizer, newTokens, asked.stops, asked.settled));
            if (answers.get(i).add(logits)) {
                going.add(i);
            }
            seconds[i] += secondsSince(started);
        }
        for (int written = 1; !going.isEmpty(); written++) {
            listener.advanced(reading + (1 - reading) * written / newTokens);
            long started = System.nanoTime();
            float[][] logits = DecodingSession.appendEach(
                    going.stream().map(i -> writers.get(i).session).toList(),
                    going.stream().mapToInt(i -> answers.get(i).last()).toArray());
            List<Integer> further = new ArrayList<>();
            for (int row = 0; row < logits.length; row++) {
                int i = going.get(row);
                if (answers.get(i).add(BrokenModelException.require(logits[row], writers.get(i).where))) {
                    further.add(i);
                }
            }
            double each = secondsSince(started) / going.size();
            going.forEach(i -> seconds[i] += each);
            going = further;
        }
        List<Answered> done = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            long started = System.nanoTime();
            Written written = writers.get(i).written(all.get(i).prompt, answers.get(i), readTokens[i]);
            done.add(new Answered(written, seconds[i] + secondsSince(started)));
        }
        listener.advanced(1);
        return done;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    /** How many tokens of a prompt are not there from the one before. */
    private int toRead(PreparedQuestion.Prompt prompt) {
        return prompt.tokens().length - (holds(prompt) ? shared.length : 0);
    }

    private boolean holds(PreparedQuestion.Prompt prompt) {
        int[] tokens = prompt.tokens();
        return prompt.shared() > 0
                && shared.length == prompt.shared()
                && tokens.length > shared.length
                && Arrays.equals(tokens, 0, shared.length, shared, 0, shared.length);
    }

    /** Gives the logits after a prompt. */
    private float[] read(PreparedQuestion.Prompt prompt, PassListener listener) {
        int[] tokens = prompt.tokens();
        if (!holds(prompt)) {
            session.rewind(0);
            shared = Arrays.copyOf(tokens, prompt.shared());
            if (shared.length > 0) {
                append(shared, listener);
            }
        }
        session.rewind(shared.length);
        return append(Arrays.copyOfRange(tokens, shared.length, tokens.length), listener);
    }

    private float[] append(int[] tokens, PassListener listener) {
        return BrokenModelException.require(session.append(tokens, listener), where);
    }

    private Written written(PreparedQuestion.Prompt prompt, GrowingAnswer answer, int readTokens) {
        int[] tokens = prompt.tokens();
        int[] withTarget = prompt.withTarget();
        return new Written(
                tokens.length,
                readTokens,
                answer.text(),
                answer.tokens(),
                answer.end(),
                AnswerLoss.of(session, tokens, withTarget, where),
                withTarget.length - AnswerLoss.firstToken(tokens, withTarget));
    }

    @Override
    public void close() {
        session.close();
    }
}
