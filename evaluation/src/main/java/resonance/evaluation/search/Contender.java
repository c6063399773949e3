package resonance.evaluation.search;

import resonance.rope.EncodingName;
import resonance.rope.PlainNumber;

/**
 * An encoding in a search: a scaling made by hand, or a proposal of the optimiser.
 *
 * @param proposal its number from 1 among the proposals, in the order in which they were first made; 0 for one made by hand
 * @param encoding its name; of a proposal {@code longrope}, with the search's rounding
 * @param factor s of a scaling made by hand, 1 if it reads none; of a proposal target length over trained length
 * @param factors what it does to the pairs, before any rounding of wavelengths
 */
public record Contender(int proposal, EncodingName encoding, double factor, Factors factors) {
    /** Whether the optimiser proposed it. */
    public boolean proposed() {
        return proposal > 0;
    }

    /** For tables and sentences: "YaRN, factor 4", "Proposal 17". */
    public String label() {
        if (proposed()) {
            return "Proposal " + proposal;
        }
        return factor == 1 ? encoding.label() : encoding.label() + ", factor " + PlainNumber.text(factor);
    }
}
