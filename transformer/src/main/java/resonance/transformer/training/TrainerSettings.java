package resonance.transformer.training;

import static java.util.Objects.requireNonNull;

import resonance.rope.Refusal;
import resonance.transformer.tensor.Precision;

/**
 * How a decoder is trained.
 *
 * @param optimiser AdamW's constants
 * @param schedule learning rate of each step
 * @param precision format of the products with weights
 * @param threads worker threads on the CPU, at least 1
 * @param seed seed of the dropout masks
 */
public record TrainerSettings(AdamW optimiser, OneCycleSchedule schedule, Precision precision, int threads, long seed) {
    public TrainerSettings {
        requireNonNull(optimiser, "optimiser must not be null");
        requireNonNull(schedule, "schedule must not be null");
        requireNonNull(precision, "precision must not be null");
        if (threads < 1) {
            throw Refusal.of("threads", "must be at least 1", "was " + threads);
        }
    }
}
