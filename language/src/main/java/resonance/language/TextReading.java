package resonance.language;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityKey;
import resonance.evaluation.perplexity.PerplexityMeter;
import resonance.evaluation.perplexity.TextWindow;
import resonance.study.JobContext;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.position.PositionEncoding;

/**
 * Windows of a text that a model reads, under any encoding.
 *
 * @param tokens of the text, without special tokens
 * @param windows of it, in its order; at least one
 * @param clock nanoseconds, {@link System#nanoTime}
 * @param whileReading called often; what it throws ends the reading
 */
@SuppressWarnings("ArrayRecordComponent") // a large vector that is handed on, never compared
record TextReading(
        LanguageModel model, int[] tokens, List<TextWindow> windows, LongSupplier clock, Runnable whileReading) {
    /** Tokens of windows that the decoder is given at once: short windows together keep all its threads busy. */
    static final int TOKENS_A_CALL = 8_192;

    /**
     * The losses under an encoding.
     *
     * @param key what the result is called; its length is that of a whole window
     * @throws BrokenModelException if a loss is not finite
     */
    PerplexityCell measure(PerplexityKey key, PositionEncoding encoding, JobContext<?, ?> context) {
        PerplexityMeter meter = new PerplexityMeter(key.length());
        ReadingCost cost = ReadingCost.of(model.description());
        OptionalInt bos = model.tokenizer().beginningOfSequence();
        long nanos = 0;
        int number = 0;
        for (List<TextWindow> call : calls()) {
            List<TokenWindow> read = new ArrayList<>();
            for (TextWindow window : call) {
                read.add(new TokenWindow(window.tokens(tokens, bos), window.firstScored()));
            }
            long started = clock.getAsLong();
            float[][] losses = context.pass(
                    key.length(),
                    cost.of(call),
                    listener -> model.decoder().negativeLogLikelihoods(encoding, read, fraction -> {
                        whileReading.run();
                        listener.accept(fraction);
                    }));
            nanos += clock.getAsLong() - started;
            for (int i = 0; i < losses.length; i++) {
                requireNumbers(losses[i], key, ++number);
                meter.add(call.get(i), losses[i]);
            }
        }
        return meter.cell(key.encoding(), key.document(), Math.max(1, nanos) * 1e-9);
    }

    /** Most tokens that the decoder is given at once. */
    long tokensAtOnce() {
        return calls().stream()
                .mapToLong(call -> call.stream().mapToLong(TextWindow::length).sum())
                .max()
                .orElse(1);
    }

    private static void requireNumbers(float[] losses, PerplexityKey key, int window) {
        for (float loss : losses) {
            if (!Float.isFinite(loss)) {
                throw new BrokenModelException(
                        "losses",
                        loss,
                        "encoding " + key.encoding() + " at length " + key.length() + ", in window " + window + " of "
                                + key.document());
            }
        }
    }

    /** Windows in their order, in groups for one call of the decoder each. */
    private List<List<TextWindow>> calls() {
        List<List<TextWindow>> calls = new ArrayList<>();
        List<TextWindow> call = new ArrayList<>();
        int size = 0;
        for (TextWindow window : windows) {
            if (!call.isEmpty() && size + window.length() > TOKENS_A_CALL) {
                calls.add(call);
                call = new ArrayList<>();
                size = 0;
            }
            call.add(window);
            size += window.length();
        }
        calls.add(call);
        return calls;
    }
}
