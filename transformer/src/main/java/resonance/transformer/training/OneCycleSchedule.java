package resonance.transformer.training;

import resonance.rope.Refusal;

/**
 * The one-cycle cosine learning-rate schedule (Smith and Topin 2018), with PyTorch's conventions.
 *
 * <pre>
 *   lr(0) = peak / 25,  lr(warm-up end) = peak,  lr(totalSteps − 1) = lr(0) / 10,000
 *   between two of them: cos-annealed, a + (b − a)·(1 − cos(π·p)) / 2
 *   warm-up end = warmUpFraction · totalSteps − 1
 * </pre>
 *
 * <p>PyTorch's {@code OneCycleLR} also cycles Adam's β1 between 0.95 and 0.85 by default; {@link #beta1} does so where
 * {@code cyclesMomentum} is set.
 *
 * @param peakLearningRate largest learning rate, above 0, at most 1e6
 * @param totalSteps optimiser steps of the whole run, at least 1
 * @param warmUpFraction share of the steps in which the rate rises, in [0, 1]
 * @param cyclesMomentum whether β1 falls while the rate rises, and rises while it falls
 */
public record OneCycleSchedule(double peakLearningRate, long totalSteps, double warmUpFraction, boolean cyclesMomentum)
        implements LearningRateSchedule {
    private static final double INITIAL_DIVISOR = 25;
    private static final double FINAL_DIVISOR = 1e4;
    private static final double HIGHEST_BETA1 = 0.95;
    private static final double LOWEST_BETA1 = 0.85;

    /** Far beyond any use; what is made of it still fits a float32. */
    private static final double LARGEST_RATE = 1e6;

    public OneCycleSchedule {
        requireRate(peakLearningRate);
        requireSteps(totalSteps);
        requireFraction(warmUpFraction);
    }

    static void requireRate(double peakLearningRate) {
        if (!(peakLearningRate > 0 && peakLearningRate <= LARGEST_RATE)) {
            throw Refusal.of("peakLearningRate", "must be above 0 and at most 1000000", "was " + peakLearningRate);
        }
    }

    static void requireSteps(long totalSteps) {
        if (totalSteps < 1) {
            throw Refusal.of("totalSteps", "must be at least 1", "was " + totalSteps);
        }
    }

    static void requireFraction(double warmUpFraction) {
        if (!(warmUpFraction >= 0 && warmUpFraction <= 1)) {
            throw Refusal.of("warmUpFraction", "must be from 0 to 1", "was " + warmUpFraction);
        }
    }

    static void requireStep(long step, long totalSteps) {
        if (step < 0 || step >= totalSteps) {
            throw new IllegalArgumentException("step must be from 0 to " + (totalSteps - 1) + ", was " + step);
        }
    }

    @Override
    public double learningRate(long step) {
        double initial = peakLearningRate / INITIAL_DIVISOR;
        return annealed(step, initial, peakLearningRate, initial / FINAL_DIVISOR);
    }

    @Override
    public double beta1(long step, double fixed) {
        return cyclesMomentum ? annealed(step, HIGHEST_BETA1, LOWEST_BETA1, HIGHEST_BETA1) : fixed;
    }

    private double annealed(long step, double first, double middle, double last) {
        requireStep(step, totalSteps);
        double warmUpEnd = warmUpFraction * totalSteps - 1;
        if (step <= warmUpEnd && warmUpEnd > 0) {
            return cosine(first, middle, step / warmUpEnd);
        }
        double rest = totalSteps - 1 - warmUpEnd;
        return rest == 0 ? middle : cosine(middle, last, (step - warmUpEnd) / rest);
    }

    private static double cosine(double from, double to, double share) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }
}
