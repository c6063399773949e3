package resonance.decoder;

import static java.util.Objects.requireNonNull;
import static resonance.decoder.SizeRules.requireAtLeast;

/**
 * The feed-forward of every layer.
 *
 * @param kind activation, and whether it is gated
 * @param width F, features between the two projections, at least 1
 */
public record FeedForwardShape(FeedForwardKind kind, int width) {
    public FeedForwardShape {
        requireNonNull(kind, "kind must not be null");
        requireAtLeast("feedForwardWidth", width, 1);
    }

    /** Rows of the first projection: F, or 2 F where it is gated. */
    public int inputWidth() {
        return kind.gated() ? Math.multiplyExact(2, width) : width;
    }
}
