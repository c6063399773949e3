package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.perplexity.TextWindow.Start;
import resonance.rope.Refusal;

/**
 * The protocol {@code yarn}: a window slides over the text and scores the tokens it newly covers; windows count alike.
 *
 * <pre>  M = L − 1 tokens of text a window with BOS, L without
 *   windows begin at 0, S, 2S, ... and end at min(begin + M, N); the one that reaches N is the last
 *   scored     = its tokens past the end of the window before: M, then S each, then what remains
 *   perplexity = exp(mean over windows of the window's mean loss), windows of all documents together </pre>
 *
 * <p>As the script {@code eval/perplexity.py} of YaRN has it (github.com/jquesnelle/yarn, commit 995db5b), quirks
 * included: the first window weighs as much as the last, which may score a single token; without BOS the first window
 * scores M − 1 tokens, for its first has nothing to be predicted from; a document shorter than M is one window. Differs in
 * refusing a stride that leaves tokens out and in leaving out a window that is left without a scored token.
 *
 * @param stride S, tokens from one window's beginning to the next, at least 1 and at most M
 */
public record SlidingWindow(int stride) implements PerplexityProtocol {

    /** As in YaRN's script. */
    public static final int DEFAULT_STRIDE = 256;

    static final String NAME = "yarn";

    public SlidingWindow {
        if (stride < 1) {
            throw Refusal.of("stride", "must be at least 1", "was " + stride);
        }
    }

    static SlidingWindow ofText(String text) {
        String number = text.substring(NAME.length() + STRIDE_MARK.length());
        try {
            return new SlidingWindow(Integer.parseInt(number));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "stride in protocol '" + text + "' must be a whole number, was '" + number + "'", e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String text() {
        return stride == DEFAULT_STRIDE ? NAME : NAME + STRIDE_MARK + stride;
    }

    @Override
    public String description() {
        return "windows that advance by " + stride
                + " tokens and score what is new; windows count alike, as in YaRN's script";
    }

    @Override
    public Weighting weighting() {
        return Weighting.WINDOWS;
    }

    @Override
    public int fewestTokens(int length, boolean bos) {
        return bos ? 1 : 2;
    }

    @Override
    public List<TextWindow> windows(int documentTokens, int length, boolean bos) {
        WindowRules.require(this, 2, documentTokens, length, bos);
        int most = bos ? length - 1 : length;
        if (stride > most) {
            throw Refusal.was(
                    "stride",
                    "must be at most the " + most + " tokens of text in a window of length " + length,
                    stride);
        }
        List<TextWindow> windows = new ArrayList<>();
        int scoredUntil = 0;
        for (int begin = 0; scoredUntil < documentTokens; begin += stride) {
            int end = begin + Math.min(documentTokens - begin, most);
            int firstScored = Math.max(1, scoredUntil - begin + (bos ? 1 : 0));
            if (bos || end - begin > firstScored) {
                windows.add(new TextWindow(begin, end, bos ? Start.BOS_PREPENDED : Start.TEXT, firstScored));
            }
            scoredUntil = end;
        }
        return List.copyOf(windows);
    }
}
