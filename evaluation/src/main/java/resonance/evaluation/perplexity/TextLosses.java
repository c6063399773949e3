package resonance.evaluation.perplexity;

import java.util.List;
import java.util.Optional;
import resonance.evaluation.Interval;

/**
 * Losses of one encoding on pieces of text, in their order, taken as one text.
 *
 * @param pieces of windows of one length; none before anything was read
 */
public record TextLosses(List<PerplexityCell> pieces) {
    public TextLosses {
        pieces = List.copyOf(pieces);
    }

    /** Sum of the losses, nats. */
    public double sum() {
        return pieces.stream().mapToDouble(piece -> piece.tokens().sum()).sum();
    }

    /** Scored tokens. */
    public long tokens() {
        return pieces.stream().mapToLong(piece -> piece.tokens().count()).sum();
    }

    /** Time that reading took, s. */
    public double seconds() {
        return pieces.stream().mapToDouble(PerplexityCell::seconds).sum();
    }

    /** Mean loss of a token, nats; NaN before anything was read. */
    public double mean() {
        return sum() / tokens();
    }

    /** Perplexity, e^mean; empty before anything was read. */
    public Optional<Double> perplexity() {
        return pieces.isEmpty() ? Optional.empty() : Optional.of(Math.exp(mean()));
    }

    /**
     * These losses less the others', nats, on the first pieces, which both have read; empty if there is none.
     *
     * @param others on the same pieces in the same order
     */
    public Optional<Interval> less(TextLosses others) {
        int shared = Math.min(pieces.size(), others.pieces.size());
        return shared == 0
                ? Optional.empty()
                : Optional.of(PairedLosses.over(pieces.subList(0, shared), others.pieces.subList(0, shared)));
    }

    /** By position in the window; empty before anything was read. */
    public Optional<LossByPosition> byPosition() {
        return pieces.stream().map(PerplexityCell::lossByPosition).reduce(LossByPosition::plus);
    }
}
