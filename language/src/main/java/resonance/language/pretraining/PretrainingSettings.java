package resonance.language.pretraining;

import static java.util.Objects.requireNonNull;
import static resonance.language.pretraining.PretrainedShape.requireAtLeast;

import java.util.LinkedHashMap;
import java.util.Map;
import resonance.rope.Refusal;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.OneCycleSchedule;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainerSettings;

/**
 * Everything beside the texts that decides which model comes out, to the bit.
 *
 * @param shape sizes of the model
 * @param batchRows sequences of one optimiser step, at least 1
 * @param steps optimiser steps, at least 1
 * @param learningRate peak of the one-cycle schedule, above 0
 * @param weightDecay AdamW's decoupled decay, at least 0
 * @param warmUpFraction share of the steps in which the learning rate rises, 0 to 1
 * @param validationShare share of each text, at its end, that is held out; above 0 and below 1
 * @param practiceShare share of the sequences that are {@link Practice} in looking back, from 0 and below 1
 * @param validationEvery steps between two measurements of the validation loss, at least 1
 * @param seed decides the initial weights and the order of the sequences
 * @param precisionChoice format of the products with weights, and why it is this one
 * @param threads worker threads, at least 1
 */
public record PretrainingSettings(
        PretrainedShape shape,
        int batchRows,
        long steps,
        double learningRate,
        double weightDecay,
        double warmUpFraction,
        double validationShare,
        double practiceShare,
        long validationEvery,
        long seed,
        PrecisionChoice precisionChoice,
        int threads) {
    /** AdamW's decays of the moments; 0.95 for the second as LLaMA has it. */
    private static final AdamW OPTIMISER = new AdamW(0.9, 0.95, 1e-8, 0);

    private static final int MOST_BATCH_TOKENS = 1 << 24;
    private static final long MOST_STEPS = 1_000_000_000;

    public PretrainingSettings {
        requireNonNull(shape, "shape must not be null");
        requireNonNull(precisionChoice, "precisionChoice must not be null");
        requireAtLeast("batchRows", batchRows, 1);
        double batchTokens = (double) batchRows * shape.trainedLength();
        if (batchTokens > MOST_BATCH_TOKENS) {
            throw Refusal.of(
                            "batchRows",
                            "must make at most " + MOST_BATCH_TOKENS + " tokens of rows of {trainedLength} ("
                                    + shape.trainedLength() + ")",
                            "was " + batchRows)
                    .cure("take a smaller one");
        }
        requireAtLeast("steps", steps, 1);
        if (steps > MOST_STEPS) {
            throw Refusal.was("steps", "must be at most " + MOST_STEPS, steps).cure("take fewer");
        }
        requireAtLeast("validationEvery", validationEvery, 1);
        requireAtLeast("threads", threads, 1);
        new AdamW(OPTIMISER.beta1(), OPTIMISER.beta2(), OPTIMISER.epsilon(), weightDecay);
        if (!(validationShare > 0 && validationShare < 1)) {
            throw Refusal.of("validationShare", "must be above 0 and below 1", "was " + validationShare);
        }
        if (!(practiceShare >= 0 && practiceShare < 1)) {
            throw Refusal.of("practiceShare", "must be at least 0 and below 1", "was " + practiceShare);
        }
        new OneCycleSchedule(learningRate, steps, warmUpFraction, false);
    }

    /** The settings of the model that ships, but for its steps and its practice. */
    public static PretrainingSettings defaults(PrecisionChoice precision, int threads) {
        return new PretrainingSettings(
                PretrainedShape.DEFAULT, 32, 2000, 3e-3, 0.1, 0.05, 0.005, 0, 250, 1, precision, threads);
    }

    /** Format of the products with weights. */
    public Precision precision() {
        return precisionChoice.precision();
    }

    /** The same settings in another format. */
    public PretrainingSettings in(PrecisionChoice choice) {
        return new PretrainingSettings(
                shape,
                batchRows,
                steps,
                learningRate,
                weightDecay,
                warmUpFraction,
                validationShare,
                practiceShare,
                validationEvery,
                seed,
                choice,
                threads);
    }

    /** The product that training is mostly like. */
    public ProductShape product() {
        return Trainer.product(shape.decoderConfig(shape.vocabularySize()), batchRows, shape.trainedLength(), threads);
    }

    TrainerSettings trainerSettings() {
        return new TrainerSettings(
                new AdamW(OPTIMISER.beta1(), OPTIMISER.beta2(), OPTIMISER.epsilon(), weightDecay),
                new OneCycleSchedule(learningRate, steps, warmUpFraction, false),
                precision(),
                threads,
                seed);
    }

    /** Tokens that all steps together predict. */
    public long tokens() {
        return Math.multiplyExact(steps, Math.multiplyExact((long) batchRows, shape.trainedLength()));
    }

    /** Every setting by name, for records. */
    Map<String, Object> described() {
        Map<String, Object> values = asMap();
        precisionChoice.describe(values);
        return values;
    }

    /** Every setting that decides the model, by name, for telling runs apart. */
    public Map<String, Object> asMap() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("vocabularySize", shape.vocabularySize());
        values.put("width", shape.width());
        values.put("layers", shape.layers());
        values.put("heads", shape.heads());
        values.put("keyValueHeads", shape.keyValueHeads());
        values.put("headSize", shape.headSize());
        values.put("feedForwardWidth", shape.feedForwardWidth());
        values.put("trainedLength", shape.trainedLength());
        values.put("ropeBase", shape.ropeBase());
        values.put("batchRows", batchRows);
        values.put("steps", steps);
        values.put("learningRate", learningRate);
        values.put("weightDecay", weightDecay);
        values.put("beta1", OPTIMISER.beta1());
        values.put("beta2", OPTIMISER.beta2());
        values.put("warmUpFraction", warmUpFraction);
        values.put("validationShare", validationShare);
        values.put("practiceShare", practiceShare);
        values.put("validationEvery", validationEvery);
        values.put("seed", seed);
        values.put("precision", precision().label());
        values.put("threads", threads);
        return values;
    }
}
