package resonance.evaluation.perplexity;

import java.util.ArrayList;
import java.util.List;
import resonance.evaluation.perplexity.TextWindow.Start;

/**
 * The protocol {@code token}: every token of the text is scored once, and all count alike.
 *
 * <pre>  with BOS      windows BOS + tokens k(L−1) .. (k+1)(L−1)−1, all but BOS scored
 *   without BOS   windows of tokens k(L−1) .. (k+1)(L−1), all but the first scored: it is the last of the window before
 *   perplexity = exp(sum of losses / scored tokens) </pre>
 *
 * <p>The last window is shorter and scored too. Without BOS the first token of a document has nothing to be predicted
 * from and is the only one not scored. The average context is about half a window at every length, so that a model that
 * uses long context gains by length and one that breaks past its trained length shows it.
 */
public record EveryTokenOnce() implements PerplexityProtocol {

    static final String NAME = "token";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "windows that do not overlap; every token is scored once and counts alike";
    }

    @Override
    public Weighting weighting() {
        return Weighting.TOKENS;
    }

    @Override
    public int fewestTokens(int length, boolean bos) {
        return bos ? 1 : 2;
    }

    @Override
    public List<TextWindow> windows(int documentTokens, int length, boolean bos) {
        WindowRules.require(this, 2, documentTokens, length, bos);
        int step = length - 1;
        List<TextWindow> windows = new ArrayList<>();
        int firstScoredToken = bos ? 0 : 1;
        for (int scored = firstScoredToken; scored < documentTokens; scored += step) {
            int end = scored + Math.min(documentTokens - scored, step);
            windows.add(
                    bos
                            ? new TextWindow(scored, end, Start.BOS_PREPENDED, 1)
                            : new TextWindow(scored - 1, end, Start.TEXT, 1));
        }
        return List.copyOf(windows);
    }
}
