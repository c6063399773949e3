package resonance.experiment;

import static java.util.Objects.requireNonNull;

import resonance.rope.Refusal;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

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
 * @param precisionChoice format of the products with weights, and why it is this one
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
        PrecisionChoice precisionChoice,
        int threads,
        ComputeDevice device) {

    public TrainingPlan {
        requireAtLeastOne("epochs", epochs);
        requireAtLeastOne("batchRows", batchRows);
        requireAtLeastOne("validationEvery", validationEvery);
        requireAtLeastOne("threads", threads);
        requireNonNull(precisionChoice, "precisionChoice must not be null");
        requireNonNull(device, "device must not be null");
    }

    /** A plan in a format that was asked for. */
    public TrainingPlan(
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
        this(
                epochs,
                batchRows,
                learningRate,
                weightDecay,
                warmUpFraction,
                cyclesMomentum,
                validationEvery,
                PrecisionChoice.asked(precision),
                threads,
                device);
    }

    /** Format of the products with weights. */
    public Precision precision() {
        return precisionChoice.precision();
    }

    /** The same plan in another format. */
    public TrainingPlan in(PrecisionChoice choice) {
        return new TrainingPlan(
                epochs,
                batchRows,
                learningRate,
                weightDecay,
                warmUpFraction,
                cyclesMomentum,
                validationEvery,
                choice,
                threads,
                device);
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
