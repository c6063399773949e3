package resonance.rope;

/**
 * The position encoding of every layer: one for layers that see the whole text, one for layers with a sliding window.
 *
 * @param full for layers without a window
 * @param sliding for layers with one; Gemma 3 has another base there and never scales it
 */
public record LayerFrequencies(RopeFrequencies full, RopeFrequencies sliding) {
    /** The same encoding in every layer. */
    public static LayerFrequencies same(RopeFrequencies frequencies) {
        return new LayerFrequencies(frequencies, frequencies);
    }
}
