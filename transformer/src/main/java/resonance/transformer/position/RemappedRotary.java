package resonance.transformer.position;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import resonance.decoder.AttentionKind;
import resonance.rope.LayerFrequencies;
import resonance.rope.PositionRemap;
import resonance.rope.RopeFrequencies;

/**
 * Rotates as {@link RotaryEncoding} does, but for keys that are far from a query, which a remap gives other distances, in layers that
 * see the whole text. A frozen decoder runs it; it can't be trained with.
 *
 * @param frequencies of layers that see everything and of those with a window
 * @param remap of distances
 */
public record RemappedRotary(LayerFrequencies frequencies, PositionRemap remap) implements PositionEncoding {
    public RemappedRotary {
        requireNonNull(frequencies, "frequencies must not be null");
        requireNonNull(remap, "remap must not be null");
    }

    @Override
    public Optional<RopeFrequencies> rotation(AttentionKind kind) {
        return new RotaryEncoding(frequencies).rotation(kind);
    }

    @Override
    public Optional<PositionRemap> remap(AttentionKind kind) {
        return kind.window() == 0 ? Optional.of(remap) : Optional.empty();
    }
}
