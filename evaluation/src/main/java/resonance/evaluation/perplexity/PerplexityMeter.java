package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import resonance.rope.EncodingName;

/**
 * Adds up the losses of one document's windows. Not thread safe.
 *
 * <p>Sums are in double and in the order of the windows, so that equal losses give equal bits.
 */
public final class PerplexityMeter {

    private final int length;
    private final double[] sums;
    private final long[] counts;
    private LossSum tokens = LossSum.NONE;
    private LossSum windows = LossSum.NONE;
    private long tokensRead;
    private final List<WindowLosses> windowLosses = new ArrayList<>();

    /** A meter for windows of at most this many positions. */
    public PerplexityMeter(int length) {
        this.length = length;
        this.sums = new double[LossByPosition.buckets(length)];
        this.counts = new long[sums.length];
    }

    /**
     * Adds a window.
     *
     * @param losses −ln p of the window's scored tokens in order, nats
     */
    public void add(TextWindow window, float[] losses) {
        if (window.length() > length) {
            throw new IllegalArgumentException(
                    "window must have at most " + length + " positions, had " + window.length());
        }
        if (losses.length != window.scored()) {
            throw new IllegalArgumentException(
                    "losses must be one for each of the " + window.scored() + " scored tokens, were " + losses.length);
        }
        int width = LossByPosition.width(length);
        LossSum ofWindow = LossSum.NONE;
        for (int i = 0; i < losses.length; i++) {
            ofWindow = ofWindow.plus(losses[i]);
            int bucket = (window.firstScored() + i) / width;
            sums[bucket] += losses[i];
            counts[bucket]++;
        }
        tokens = tokens.plus(ofWindow);
        windows = windows.plus(ofWindow.mean());
        windowLosses.add(WindowLosses.of(losses));
        tokensRead += window.length();
    }

    /** Windows added so far. */
    public long windows() {
        return windows.count();
    }

    /**
     * What was added, as the result of one document.
     *
     * @param seconds time the model took
     */
    public PerplexityCell cell(EncodingName encoding, String document, double seconds) {
        return new PerplexityCell(
                encoding,
                length,
                document,
                tokens,
                windows,
                tokensRead,
                seconds,
                new LossByPosition(
                        length,
                        Arrays.stream(sums).boxed().toList(),
                        Arrays.stream(counts).boxed().toList()),
                windowLosses);
    }
}
