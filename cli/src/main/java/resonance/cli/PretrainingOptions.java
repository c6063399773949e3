package resonance.cli;

import picocli.CommandLine.Option;
import resonance.language.pretraining.PretrainedShape;
import resonance.language.pretraining.PretrainingSettings;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

/** Options for the training of a language model; the defaults are those of {@link PretrainingSettings}. */
final class PretrainingOptions {
    private static final PretrainingSettings SHIPPED =
            PretrainingSettings.defaults(PrecisionChoice.asked(Precision.FLOAT32), 1);

    @Option(names = "--batch", paramLabel = "N", description = "sequences of one step (default: ${DEFAULT-VALUE})")
    private int batchRows = SHIPPED.batchRows();

    @Option(names = "--steps", paramLabel = "N", description = "optimiser steps (default: ${DEFAULT-VALUE})")
    private long steps = SHIPPED.steps();

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "peak of the one-cycle schedule (default: ${DEFAULT-VALUE})")
    private double learningRate = SHIPPED.learningRate();

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "decoupled weight decay (default: ${DEFAULT-VALUE})")
    private double weightDecay = SHIPPED.weightDecay();

    @Option(
            names = "--warm-up",
            paramLabel = "X",
            description = "share of the steps in which the learning rate rises (default: ${DEFAULT-VALUE})")
    private double warmUpFraction = SHIPPED.warmUpFraction();

    @Option(
            names = "--validation-share",
            paramLabel = "X",
            description = "share of each text, at its end, to measure the loss on (default: ${DEFAULT-VALUE})")
    private double validationShare = SHIPPED.validationShare();

    @Option(
            names = "--practice",
            paramLabel = "X",
            description =
                    "share of the sequences that practise looking back: repeated passages, and numbers to be found"
                            + " again in filler and prose (default: ${DEFAULT-VALUE})")
    private double practiceShare = SHIPPED.practiceShare();

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description = "steps from one validation to the next (default: ${DEFAULT-VALUE})")
    private long validationEvery = SHIPPED.validationEvery();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "determines initial weights and order (default: ${DEFAULT-VALUE})")
    private long seed = SHIPPED.seed();

    /**
     * The settings that these options ask for, in a provisional precision.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    PretrainingSettings settings(PretrainedShape shape, MachineOptions machine) {
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
                PrecisionChoice.asked(machine.provisional()),
                machine.threads());
    }
}
