package resonance.serving.memory;

import java.util.List;
import resonance.decoder.DecoderConfig;

/**
 * The memory that llama.cpp computes in on the CPU, which it takes when a context is made and prints as its compute buffer.
 *
 * <p>llama.cpp plans the largest pass, of B = {@value #BATCH} tokens ({@code --ubatch-size}) or the whole context if that is shorter,
 * and lays its tensors over each other where they are not needed at one time. So the largest of three moments counts: scores of
 * attention, the feed-forward, and logits of all tokens. With D, V, F, H, K and S of the decoder and N cells of the cache
 * ({@link KeyValueCache}), of each kind of layers where some have a window:
 *
 * <pre>
 *   flash attention   max(2 N B + 12 B F + 16 B D,  4 B V + 8 B D)
 *   without           max(4 N B + 8 B K S + 4 H N B + 12 B D + 8 B H S,
 *                         4 N B + 8 B K S + 12 B F + 12 B D,  4 B V + 8 B D)   bytes </pre>
 *
 * <p>The first summand is the mask; 8 B K S are the places of values, which are stored transposed without flash attention. Norms after
 * attention and feed-forward (Gemma 3) save 4 B D of the feed-forward's with flash attention. Gaps that llama.cpp's best fit leaves are
 * not in it: {@link #errorPercent}. Read (ggml-alloc, llama-graph) and executed: docs/serving.md has what llama.cpp 0.5.0 prints
 * beside it. On a GPU the tensors lie in two buffers.
 */
public final class ComputeBuffer {
    private static final long FLOAT = 4;

    /** Tokens of a pass, llama.cpp's default. */
    static final int BATCH = 512;

    private static final int REAL_VOCABULARY = 30_000;
    private static final double USUAL_FEED_FORWARD = 2.6;

    private final DecoderConfig decoder;

    /** Of a model's decoder. */
    public ComputeBuffer(DecoderConfig decoder) {
        this.decoder = decoder;
    }

    /**
     * The largest error that was seen, in per cent of what llama.cpp takes: of 168 settings with 30,000 tokens or more in the vocabulary
     * and a feed-forward of at least 2.6 times the width, as models for use have, or else of 608.
     */
    public int errorPercent() {
        boolean usual = decoder.vocabularySize() >= REAL_VOCABULARY
                && decoder.feedForward().width() >= USUAL_FEED_FORWARD * decoder.width();
        return usual ? 7 : 30;
    }

    /**
     * Bytes of the buffer.
     *
     * @param tokens of the context that is asked for, at least 1
     * @param flashAttention whether {@code --flash-attn} is on
     */
    public long bytes(long tokens, boolean flashAttention) {
        long context = KeyValueCache.cells(0, tokens);
        long rows = Math.min(BATCH, context);
        List<Long> cells = decoder.windows().stream()
                .distinct()
                .map(window -> KeyValueCache.cells(window, tokens))
                .toList();
        long all = cells.stream().mapToLong(Long::longValue).sum();
        long widest = cells.stream().mapToLong(Long::longValue).max().orElse(context);
        long residual = FLOAT * rows * decoder.width();
        long queries = FLOAT * rows * decoder.attention().queryWidth();
        long feedForward = 3 * FLOAT * rows * decoder.feedForward().width();
        long logits = FLOAT * rows * decoder.vocabularySize() + 2 * residual;
        if (flashAttention) {
            int residuals = decoder.norms().post() ? 3 : 4;
            return Math.max(logits, 2 * all * rows + feedForward + residuals * residual);
        }
        long inputs = FLOAT * all * rows
                + 8L * cells.size() * rows * decoder.attention().keyWidth();
        long scores = FLOAT * decoder.attention().heads() * widest * rows + 2 * queries;
        return Math.max(logits, inputs + 3 * residual + Math.max(scores, feedForward));
    }
}
