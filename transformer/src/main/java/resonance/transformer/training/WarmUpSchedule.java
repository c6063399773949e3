package resonance.transformer.training;

import static java.util.Objects.requireNonNull;

import resonance.rope.Refusal;

/**
 * A rise from 0 to the peak and what comes after it, with the conventions of transformers' {@code get_…_schedule_with_warmup}.
 *
 * <pre>
 *   lr(s) = peak · s / W                                   s &lt; W: the first step of a warm-up changes nothing but moments
 *   lr(s) = peak                                           CONSTANT
 *   lr(s) = peak · (N − s) / (N − W)                       LINEAR
 *   lr(s) = peak · (1 + cos(π (s − W) / (N − W))) / 2      COSINE (half a cycle) </pre>
 *
 * <p>N steps, of which W warm up; s from 0 to N − 1, so the last step still has a rate above 0.
 *
 * @param peakLearningRate largest learning rate, above 0, at most 1e6
 * @param totalSteps N, optimiser steps of the whole run, at least 1
 * @param warmUpSteps W, from 0 to N
 * @param decay what comes after the warm-up
 */
public record WarmUpSchedule(double peakLearningRate, long totalSteps, long warmUpSteps, Decay decay)
        implements LearningRateSchedule {
    /** What the rate does after the warm-up. */
    public enum Decay {
        /** Stays. */
        CONSTANT,
        /** Falls in a straight line. */
        LINEAR,
        /** Falls by half a cosine. */
        COSINE
    }

    public WarmUpSchedule {
        OneCycleSchedule.requireRate(peakLearningRate);
        OneCycleSchedule.requireSteps(totalSteps);
        if (warmUpSteps < 0 || warmUpSteps > totalSteps) {
            throw Refusal.of(
                    "warmUpSteps", "must be from 0 to {totalSteps} (" + totalSteps + ")", "was " + warmUpSteps);
        }
        requireNonNull(decay, "decay must not be null");
    }

    /**
     * The schedule whose warm-up is a share of the steps, rounded up as transformers' trainer does.
     *
     * @param warmUpFraction in [0, 1]
     */
    public static WarmUpSchedule of(double peakLearningRate, long totalSteps, double warmUpFraction, Decay decay) {
        OneCycleSchedule.requireFraction(warmUpFraction);
        return new WarmUpSchedule(peakLearningRate, totalSteps, (long) Math.ceil(warmUpFraction * totalSteps), decay);
    }

    @Override
    public double learningRate(long step) {
        OneCycleSchedule.requireStep(step, totalSteps);
        if (step < warmUpSteps) {
            return peakLearningRate * step / warmUpSteps;
        }
        double rest = (double) totalSteps - warmUpSteps;
        double done = (step - warmUpSteps) / rest;
        return switch (decay) {
            case CONSTANT -> peakLearningRate;
            case LINEAR -> peakLearningRate * (1 - done);
            case COSINE -> peakLearningRate * (1 + Math.cos(Math.PI * done)) / 2;
        };
    }
}
