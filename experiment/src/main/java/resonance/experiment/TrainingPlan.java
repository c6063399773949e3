package resonance.experiment;

import static java.util.Objects.requireNonNull;

import resonance.rope.Refusal;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

/**
 * How each cell is trained.
 *
 * @param epochs passes over the training set, at least 1
 * @param batchRows sequences of one optimiser step, at least 1
 * @param learningRate peak of the one-cycle schedule
 * @param weightDecay AdamW's decoupled decay
 * @param warmUpFraction share of the steps in which the learning rate rises
 * @param cyclesMomentum whether the schedule also cycles AdamW's β1
 * @param validationEvery epochs between two measurements on the validation set, at least 1
 * @param precision format of the products with weights
 * @param threads worker threads
 * @param device where it runs
 */
public record TrainingPlan(
        int epochs,
        int batchRows,
        double learningRate,
        double weightDecay,
        double warmUpFraction,
        boolean cyclesMomentum,
        int validationEvery,
        Precision precision,
        int threads,
        ComputeDevice device) {

    public TrainingPlan {
        requireAtLeastOne("epochs", epochs);
        requireAtLeastOne("batchRows", batchRows);
        requireAtLeastOne("validationEvery", validationEvery);
        requireAtLeastOne("threads", threads);
        requireNonNull(precision, "precision must not be null");
        requireNonNull(device, "device must not be null");
    }

    private static void requireAtLeastOne(String name, int value) {
        if (value < 1) {
            throw Refusal.of(name, "must be at least 1", "was " + value);
        }
    }

    /** Optimiser steps of one epoch; the last batch of an epoch may be smaller. */
    int stepsPerEpoch(int trainRows) {
        return (trainRows - 1) / batchRows + 1;
    }
}
