package resonance.language.finetuning;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;
import resonance.rope.Refusal;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.WarmUpSchedule;

/**
 * How long and on what kind of windows a model is fine-tuned, and by which steps.
 *
 * @param positions where the tokens of a window stand
 * @param window tokens of a training window, at least 2
 * @param steps optimiser steps, at least 1
 * @param batchRows windows of a step, at least 1; they go through the model a few at a time, so a step's memory does not grow
 *     with them: what elsewhere is called gradient accumulation
 * @param learningRate peak of the schedule, above 0
 * @param weightDecay AdamW's decoupled decay, at least 0
 * @param warmUpFraction share of the steps in which the rate rises from 0, in [0, 1]
 * @param decay what the rate does after that
 * @param maximumGradientNorm to which a step's gradient is clipped, above 0; empty to leave it
 */
public record Recipe(
        PositionScheme positions,
        int window,
        long steps,
        int batchRows,
        double learningRate,
        double weightDecay,
        double warmUpFraction,
        WarmUpSchedule.Decay decay,
        OptionalDouble maximumGradientNorm) {
    private static final int MOST_BATCH_TOKENS = 1 << 24;
    private static final long MOST_STEPS = 1_000_000_000;

    public Recipe {
        requireNonNull(positions, "positions must not be null");
        if (window < 2) {
            throw Refusal.was("window", "must be at least 2 tokens", window);
        }
        if (steps < 1 || steps > MOST_STEPS) {
            throw Refusal.was("steps", "must be from 1 to " + MOST_STEPS, steps);
        }
        if (batchRows < 1 || (double) batchRows * window > MOST_BATCH_TOKENS) {
            throw Refusal.was(
                            "batchRows",
                            "must be at least 1 and make at most " + MOST_BATCH_TOKENS
                                    + " tokens of windows of {window} (" + window + ")",
                            batchRows)
                    .cure("take a smaller one");
        }
        optimiser(weightDecay);
        WarmUpSchedule.of(learningRate, steps, warmUpFraction, decay);
        requireNonNull(maximumGradientNorm, "maximumGradientNorm must not be null");
        if (maximumGradientNorm.isPresent()
                && !(maximumGradientNorm.getAsDouble() > 0 && Double.isFinite(maximumGradientNorm.getAsDouble()))) {
            throw Refusal.was("maximumGradientNorm", "must be above 0 and finite", maximumGradientNorm.getAsDouble());
        }
    }

    /**
     * Few steps on windows as long as the texts to come (Wang et al. 2024, section 6.2: LLaMA 2 7B, 50 steps at 32,768 tokens,
     * four windows a step, rate 2e-5, weight decay 1e-2, 5 % warm-up). The paper does not say what follows the warm-up: here it
     * is a straight line.
     *
     * @param length tokens that the model is to read
     */
    public static Recipe paperLong(int length) {
        return new Recipe(PositionScheme.LONG, length, 50, 4, 2e-5, 1e-2, 0.05, WarmUpSchedule.Decay.LINEAR, CLIPPED);
    }

    /**
     * More steps on windows of the trained length, from which the model has to go on by itself (the same section: 400 steps at
     * 4,096 tokens).
     */
    public static Recipe paperShort(int trainedLength) {
        return new Recipe(
                PositionScheme.LONG, trainedLength, 400, 4, 2e-5, 1e-2, 0.05, WarmUpSchedule.Decay.LINEAR, CLIPPED);
    }

    /**
     * Windows of the trained length at skipped positions (Zhu et al. 2023, section 4.1: 1,000 steps of 64 windows, rate 2e-5, 10
     * steps of warm-up, then a straight line; no weight decay).
     */
    public static Recipe pose(int trainedLength) {
        return new Recipe(
                PositionScheme.SKIP_WISE, trainedLength, 1000, 64, 2e-5, 0, 0.01, WarmUpSchedule.Decay.LINEAR, CLIPPED);
    }

    /** The norm that transformers' trainer clips to unless told otherwise. */
    private static final OptionalDouble CLIPPED = OptionalDouble.of(1);

    /** PyTorch's AdamW with another decay. */
    static AdamW optimiser(double weightDecay) {
        return new AdamW(AdamW.DEFAULT.beta1(), AdamW.DEFAULT.beta2(), AdamW.DEFAULT.epsilon(), weightDecay);
    }

    WarmUpSchedule schedule() {
        return WarmUpSchedule.of(learningRate, steps, warmUpFraction, decay);
    }

    /** Tokens that all steps together read. */
    public long tokens() {
        return Math.multiplyExact(steps, Math.multiplyExact((long) batchRows, window));
    }
}
