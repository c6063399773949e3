package resonance.evaluation.perplexity;

import java.util.List;
import resonance.rope.EncodingName;

/**
 * The losses of one document under one encoding at one length: what a run keeps, so that one that was stopped goes on
 * from there.
 *
 * <p>It fits every protocol's average: token-weighted from {@code tokens}, window-weighted from {@code windows}. A loss
 * that is not finite makes sums that are not, which the JSON form writes as "NaN" or "Infinity". Losses are kept window by
 * window too, since two encodings differ by far less than one text's windows do among themselves.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length positions in a whole window, BOS included
 * @param document the document's name
 * @param tokens losses of the scored tokens
 * @param windows mean losses of the windows
 * @param tokensRead tokens the model read, scored or not
 * @param seconds time the model took, more than 0
 * @param lossByPosition losses of the scored tokens by position in the window
 * @param windowLosses losses of each window, in the order of the text
 */
public record PerplexityCell(
        EncodingName encoding,
        int length,
        String document,
        LossSum tokens,
        LossSum windows,
        long tokensRead,
        double seconds,
        LossByPosition lossByPosition,
        List<WindowLosses> windowLosses) {

    public PerplexityCell {
        windowLosses = List.copyOf(windowLosses);
        if (tokens.count() < 1 || windows.count() < 1 || tokensRead <= tokens.count() - windows.count()) {
            throw new IllegalArgumentException("counts must be of at least one window with a scored token, were "
                    + windows.count() + " windows, " + tokens.count() + " scored and " + tokensRead + " read (cell "
                    + new PerplexityKey(encoding, length, document) + ")");
        }
        if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("seconds must be finite and more than 0, was " + seconds + " (cell "
                    + new PerplexityKey(encoding, length, document) + ")");
        }
        if (lossByPosition.length() != length) {
            throw new IllegalArgumentException("lossByPosition must be of length " + length + ", was of "
                    + lossByPosition.length() + " (cell " + new PerplexityKey(encoding, length, document) + ")");
        }
        long scored = windowLosses.stream().mapToLong(WindowLosses::scored).sum();
        if (windowLosses.size() != windows.count() || scored != tokens.count()) {
            throw new IllegalArgumentException("windowLosses must be of " + windows.count() + " windows with "
                    + tokens.count() + " scored tokens, were of " + windowLosses.size() + " with " + scored + " (cell "
                    + new PerplexityKey(encoding, length, document) + ")");
        }
    }

    /** Where this cell belongs in its measurement. */
    public PerplexityKey key() {
        return new PerplexityKey(encoding, length, document);
    }
}
