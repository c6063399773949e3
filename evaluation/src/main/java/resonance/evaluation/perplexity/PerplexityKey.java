package resonance.evaluation.perplexity;

import resonance.rope.EncodingName;

/**
 * The coordinates of one measurement.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length positions in a whole window
 * @param document the document's name
 */
public record PerplexityKey(EncodingName encoding, int length, String document) {

    @Override
    public String toString() {
        return encoding + " / length " + length + " / " + document;
    }
}
