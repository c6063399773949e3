package resonance.evaluation.search;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.TextLosses;

/**
 * One measurement of a contender, as a run keeps it.
 *
 * @param key where it belongs
 * @param measured what came out
 */
public record SearchCell(SearchKey key, Measured measured) {
    /** Losses, nats. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OfTexts.class, name = "texts"),
        @JsonSubTypes.Type(value = OfNeedles.class, name = "needles")
    })
    public sealed interface Measured {
        /** Sum of losses. */
        double sum();

        /** How many they are. */
        double count();

        /** Time that the model took, s. */
        double seconds();
    }

    /**
     * Losses of tokens.
     *
     * @param cells of one piece of text each, at least one
     */
    public record OfTexts(List<PerplexityCell> cells) implements Measured {
        public OfTexts {
            cells = List.copyOf(cells);
        }

        private TextLosses losses() {
            return new TextLosses(cells);
        }

        @Override
        public double sum() {
            return losses().sum();
        }

        @Override
        public double count() {
            return losses().tokens();
        }

        @Override
        public double seconds() {
            return losses().seconds();
        }
    }

    /**
     * Losses of hidden numbers.
     *
     * @param losses mean −ln p of each number's own tokens, in the order of the plan; at least one
     * @param seconds time that the model took, more than 0
     */
    public record OfNeedles(List<Double> losses, double seconds) implements Measured {
        public OfNeedles {
            losses = List.copyOf(losses);
        }

        @Override
        public double sum() {
            return losses.stream().mapToDouble(Double::doubleValue).sum();
        }

        @Override
        public double count() {
            return losses.size();
        }
    }
}
