package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.perplexity.TextWindow.Start;

/**
 * The protocol {@code llama.cpp}: windows side by side, of which the second halves are scored; tokens count alike.
 *
 * <pre>  text       = BOS, if the model expects one, then the document: n tokens
 *   windows    = floor(n / L) runs of L tokens; what remains is dropped
 *   scored     = positions floor(L/2) + 1 .. L − 1, which is L − floor(L/2) − 1 tokens a window
 *   perplexity = exp(sum of losses / scored tokens) </pre>
 *
 * <p>As {@code llama-perplexity} of llama.cpp has it: where the model expects BOS it stands in the place of every
 * window's first token, and a text of fewer than 2L tokens is refused.
 */
public record SecondHalves() implements PerplexityProtocol {

    static final String NAME = "llama.cpp";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "windows that do not overlap, of which the second half is scored; tokens count alike, as in llama.cpp";
    }

    @Override
    public Weighting weighting() {
        return Weighting.TOKENS;
    }

    @Override
    public int fewestTokens(int length, boolean bos) {
        return (int) Math.min(Integer.MAX_VALUE, 2L * length - (bos ? 1 : 0));
    }

    @Override
    public List<TextWindow> windows(int documentTokens, int length, boolean bos) {
        WindowRules.require(this, 3, documentTokens, length, bos);
        int before = bos ? 1 : 0;
        int firstScored = length / 2 + 1;
        List<TextWindow> windows = new ArrayList<>();
        for (int begin = -before; begin <= documentTokens - length; begin += length) {
            Start start = Start.TEXT;
            if (bos) {
                start = begin < 0 ? Start.BOS_PREPENDED : Start.BOS_REPLACES_FIRST;
            }
            windows.add(new TextWindow(Math.max(0, begin), begin + length, start, firstScored));
        }
        return List.copyOf(windows);
    }
}
