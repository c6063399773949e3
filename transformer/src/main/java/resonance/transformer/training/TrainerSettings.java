package resonance.transformer.training;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;
import resonance.rope.Refusal;
import resonance.transformer.tensor.Precision;

/**
 * How a decoder is trained.
 *
 * @param optimiser AdamW's constants
 * @param schedule learning rate of each step
 * @param maximumGradientNorm c, above 0: a step's gradient g is multiplied by min(1, c / (‖g‖ + 1e-6)), ‖g‖ over all trained
 *     parameters, as PyTorch's {@code clip_grad_norm_} does; empty to leave it
 * @param activations what a pass keeps for the gradient
 * @param precision format of the products with weights
 * @param threads worker threads on the CPU, at least 1
 * @param seed seed of the dropout masks
 */
public record TrainerSettings(
        AdamW optimiser,
        LearningRateSchedule schedule,
        OptionalDouble maximumGradientNorm,
        ActivationMemory activations,
        Precision precision,
        int threads,
        long seed) {
    public TrainerSettings {
        requireNonNull(optimiser, "optimiser must not be null");
        requireNonNull(schedule, "schedule must not be null");
        requireNonNull(maximumGradientNorm, "maximumGradientNorm must not be null");
        requireNonNull(activations, "activations must not be null");
        requireNonNull(precision, "precision must not be null");
        if (maximumGradientNorm.isPresent() && !(maximumGradientNorm.getAsDouble() > 0)) {
            throw Refusal.of("maximumGradientNorm", "must be above 0", "was " + maximumGradientNorm.getAsDouble());
        }
        if (threads < 1) {
            throw Refusal.of("threads", "must be at least 1", "was " + threads);
        }
    }

    /** Gradients as they are, and of activations what the size has it. */
    public TrainerSettings(
            AdamW optimiser, LearningRateSchedule schedule, Precision precision, int threads, long seed) {
        this(optimiser, schedule, OptionalDouble.empty(), ActivationMemory.BY_SIZE, precision, threads, seed);
    }

    /** The same with gradients clipped to a norm. */
    public TrainerSettings withMaximumGradientNorm(double norm) {
        return new TrainerSettings(optimiser, schedule, OptionalDouble.of(norm), activations, precision, threads, seed);
    }

    /** The same with another choice of what is kept. */
    public TrainerSettings with(ActivationMemory other) {
        return new TrainerSettings(optimiser, schedule, maximumGradientNorm, other, precision, threads, seed);
    }
}
