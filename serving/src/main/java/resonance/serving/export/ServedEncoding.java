package resonance.serving.export;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import resonance.model.EncodingChoice;
import resonance.model.PositionSettings;
import resonance.rope.LayerFrequencies;
import resonance.rope.Refusal;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;

/**
 * An encoding as engines can be told it: one frequency per pair, one factor on cosine and sine, one context length.
 *
 * <p>No file tells an engine to recompute frequencies as a text grows, but for a few named methods that engines compute
 * differently. So an encoding that depends on the length is fixed at the context length.
 *
 * @param encoding which it is
 * @param own base, rotary size and trained length of the model's full layers
 * @param frequencies of every layer
 * @param contextLength tokens the model shall read, at least 1
 * @param fixed whether the encoding depends on the length of the text and was computed for {@code contextLength}
 */
public record ServedEncoding(
        EncodingChoice encoding, RopeShape own, LayerFrequencies frequencies, int contextLength, boolean fixed) {
    public ServedEncoding {
        requireNonNull(encoding, "encoding must not be null");
        requireNonNull(own, "own must not be null");
        requireNonNull(frequencies, "frequencies must not be null");
        if (contextLength < 1) {
            throw Refusal.of("contextLength", "must be at least 1", "was " + contextLength);
        }
    }

    /**
     * An encoding in the place of a model's own.
     *
     * @param contextLength tokens the model shall read
     * @throws IllegalArgumentException if the scaling refuses its settings or the model's shape
     */
    public static ServedEncoding of(PositionSettings model, EncodingChoice encoding, int contextLength) {
        return new ServedEncoding(
                encoding,
                encoding.shape(model),
                encoding.frequencies(model, contextLength),
                contextLength,
                encoding.dependsOnSequenceLength(model));
    }

    /** What whoever serves it should know, whatever the engine. */
    List<String> notes() {
        return fixed
                ? List.of(String.format(
                        Locale.ROOT,
                        "%s depends on the length of the text; its frequencies for %,d tokens are written and serve"
                                + " texts of every length.",
                        encoding,
                        contextLength))
                : List.of();
    }

    /** Frequencies of the layers that see the whole text. */
    RopeFrequencies full() {
        return frequencies.full();
    }
}
