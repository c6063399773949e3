package resonance.model;

import static java.util.Objects.requireNonNull;

import resonance.decoder.DecoderConfig;
import resonance.rope.huggingface.ModelRope;

/**
 * Everything about a model but its weights and its tokenizer, whatever the file format.
 *
 * @param architecture the family
 * @param name what the file, or the card in the folder, calls the model; the file's or folder's name if it says nothing
 * @param decoder its sizes and architectural choices
 * @param positions its encodings, which rotate all of the head; a window for every layer of the decoder
 */
public record ModelDescription(
        Architecture architecture, String name, DecoderConfig decoder, PositionSettings positions) {
    private static final int LONGEST_NAME = 200;

    public ModelDescription {
        requireNonNull(decoder, "decoder must not be null");
        requireWholeHead("rope", positions.rope(), decoder.attention().headSize());
        requireWholeHead(
                "slidingRope", positions.slidingRope(), decoder.attention().headSize());
        if (!positions.windows().equals(decoder.windows())) {
            throw new IllegalArgumentException(
                    "positions.windows must be decoder.windows " + decoder.windows() + ", were " + positions.windows());
        }
    }

    /** Encoding of layers that see everything. */
    public ModelRope rope() {
        return positions.rope();
    }

    /** Encoding of layers with a window. */
    public ModelRope slidingRope() {
        return positions.slidingRope();
    }

    /** A name as terminals and reports can show it: without control characters and outer blanks, and no longer than 200. */
    public static String printable(String name) {
        String visible = name.replaceAll("[\\p{Cc}\\p{Cf}]", "").strip();
        return visible.length() > LONGEST_NAME ? visible.substring(0, LONGEST_NAME) : visible;
    }

    private static void requireWholeHead(String name, ModelRope rope, int headSize) {
        if (rope.shape().headSize() != headSize) {
            throw new IllegalArgumentException(name + " must rotate the whole head of " + headSize
                    + " features, rotates " + rope.shape().headSize());
        }
    }
}
