package resonance.evaluation.perplexity;

/**
 * The coordinates of one measurement.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length positions in a whole window
 * @param document the document's name
 */
public record PerplexityKey(String encoding, int length, String document) {

    @Override
    public String toString() {
        return encoding + " / length " + length + " / " + document;
    }
}
