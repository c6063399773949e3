package resonance.transformer.position;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import resonance.decoder.AttentionKind;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeFrequencies;

/**
 * Rotates queries and keys by angles that grow with the position (Su et al. 2021), pair by pair.
 *
 * @param frequencies of layers that see everything and of those with a window
 */
public record RotaryEncoding(LayerFrequencies frequencies) implements PositionEncoding {
    public RotaryEncoding {
        requireNonNull(frequencies, "frequencies must not be null");
    }

    /** The same frequencies in every layer. */
    public static RotaryEncoding of(RopeFrequencies frequencies) {
        return new RotaryEncoding(LayerFrequencies.same(frequencies));
    }

    @Override
    public Optional<RopeFrequencies> rotation(AttentionKind kind) {
        return Optional.of(kind.window() == 0 ? frequencies.full() : frequencies.sliding());
    }
}
