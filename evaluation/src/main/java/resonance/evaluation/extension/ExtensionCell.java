package resonance.evaluation.extension;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.perplexity.PerplexityCell;

/**
 * One measurement of a candidate, as a run keeps it.
 *
 * @param key where it belongs
 * @param measured what came out
 */
public record ExtensionCell(ExtensionKey key, Measured measured) {

    /** What a measurement gives. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OfText.class, name = "text"),
        @JsonSubTypes.Type(value = OfNeedle.class, name = "needle"),
        @JsonSubTypes.Type(value = GivenUp.class, name = "given up")
    })
    public sealed interface Measured {
        /** Time that the model took, s. */
        double seconds();
    }

    /** Losses of a piece of text. */
    public record OfText(PerplexityCell cell) implements Measured {
        @Override
        public double seconds() {
            return cell.seconds();
        }
    }

    /** The loss of a hidden number. */
    public record OfNeedle(PasskeyTrial trial) implements Measured {
        @Override
        public double seconds() {
            return trial.seconds();
        }
    }

    /**
     * Nothing, since the budget ended before.
     *
     * @param seconds time that was spent on it
     * @param budgetSeconds the budget; with a greater one it is measured
     */
    public record GivenUp(double seconds, double budgetSeconds) implements Measured {
        boolean isFinal(double budget) {
            return budget > 0 && budget <= budgetSeconds;
        }
    }
}
