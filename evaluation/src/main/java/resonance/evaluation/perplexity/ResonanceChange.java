package resonance.evaluation.perplexity;

import java.util.Locale;

/**
 * What rounding the wavelengths changes: the perplexity of {@code resonance-x} against that of {@code x}, at one length
 * on the same documents.
 *
 * @param percent 100 · (with Resonance / without − 1); negative is better
 * @param better documents whose own perplexity is lower with Resonance
 * @param documents documents measured
 */
public record ResonanceChange(double percent, int better, int documents) {

    static ResonanceChange between(PerplexityRecord without, PerplexityRecord with) {
        int better = 0;
        for (int i = 0; i < without.documents().size(); i++) {
            if (with.documents().get(i).perplexity()
                    < without.documents().get(i).perplexity()) {
                better++;
            }
        }
        return new ResonanceChange(
                100 * (with.perplexity() / without.perplexity() - 1),
                better,
                without.documents().size());
    }

    /** The change with its sign, "-1.25". */
    public String inPercent() {
        return Double.isFinite(percent) ? String.format(Locale.ROOT, "%+.2f", percent) : "-";
    }
}
