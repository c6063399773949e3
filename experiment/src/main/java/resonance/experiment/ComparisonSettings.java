package resonance.experiment;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import resonance.decoder.AttentionKind;
import resonance.evaluation.ComparisonPlan;
import resonance.posgen.PosgenTask;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.YarnScaling;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.OneCycleSchedule;
import resonance.transformer.training.Trainer;

/**
 * Every setting of a PosGen comparison.
 *
 * @param tasks names, of {@link PosgenData#TASKS}, at least one
 * @param encodings of {@link RopeEncodings#forTraining}, such as {@code rope} or {@code resonance-yarn}, at least one
 * @param seeds seeds of data, parameters, order and dropout, at least one
 */
public record ComparisonSettings(
        List<String> tasks,
        List<EncodingName> encodings,
        List<Long> seeds,
        PosgenData data,
        ModelSize model,
        EncodingSettings encoding,
        TrainingPlan training) {
    private static final Set<String> OF_SUBTASKS = Set.of("modulus", "far", "near", "function");

    /** The four encodings of table 1. */
    public static final List<EncodingName> TABLE_1_ENCODINGS = Stream.of(NoScaling.ROPE, YarnScaling.METHOD)
            .flatMap(method -> Stream.of(new EncodingName(method, false), new EncodingName(method, true)))
            .toList();

    /** The seeds of the authors' code. */
    public static final List<Long> PAPER_SEEDS = List.of(5549L, 4955L, 42L, 3701L, 49L);

    public ComparisonSettings {
        requireNonNull(data, "data must not be null");
        requireNonNull(model, "model must not be null");
        requireNonNull(encoding, "encoding must not be null");
        requireNonNull(training, "training must not be null");
        tasks = List.copyOf(tasks);
        encodings = List.copyOf(encodings);
        seeds = List.copyOf(seeds);
        // Checked here so that a value out of range is refused before anything is computed.
        tasks.forEach(task -> model.decoderConfig(data.task(task).vocabulary()));
        for (EncodingName name : encodings) {
            requireScores(name, model.attention());
            encoding.inTraining(name, model.headSize(), data.trainLength());
            encoding.inEvaluation(name, model.headSize(), data.trainLength(), data.testLength());
        }
        tasks.forEach(data::requireDrawable);
        plan(tasks, encodings, seeds, data);
        new OneCycleSchedule(training.learningRate(), 1, training.warmUpFraction(), training.cyclesMomentum());
        new AdamW(0.9, 0.999, 1e-8, training.weightDecay());
    }

    private static void requireScores(EncodingName encoding, AttentionKind attention) {
        if (attention.equals(AttentionKind.LINEAR) && EncodingSettings.biasesScores(encoding)) {
            throw Refusal.was(
                            "encoding",
                            "must be one without a bias on the scores, which linear attention does not have",
                            "'" + encoding + "'")
                    .cure("leave it out");
        }
    }

    /**
     * An experiment for two cores and a few minutes: chain-of-thought, the four encodings of table 1, eight seeds, and a decoder of
     * d_model 64 with the paper's eight heads of 64 and its dropout, trained for 626 steps of 32 × 64 tokens. So every seed learns
     * the task within the trained length; with one or two heads some don't, and without dropout what models do beyond it
     * scatters several times as much.
     */
    public static ComparisonSettings quick(int threads, Precision precision, ComputeDevice device) {
        PosgenData paper = PosgenData.PAPER;
        return new ComparisonSettings(
                List.of(PosgenTask.CHAIN_OF_THOUGHT.commandName()),
                TABLE_1_ENCODINGS,
                LongStream.rangeClosed(1, 8).boxed().toList(),
                new PosgenData(
                        paper.modulus(),
                        paper.far(),
                        paper.near(),
                        paper.function(),
                        paper.trainLength(),
                        paper.testLength(),
                        paper.trainRows(),
                        100,
                        500),
                new ModelSize(64, 2, 8, 64, 256, 0.1),
                EncodingSettings.paper(4),
                new TrainingPlan(2, 32, 3e-3, 1e-2, 0.1, true, 1, precision, threads, device));
    }

    /** The paper's experiment, whole: three tasks, four encodings, five seeds, 150 epochs of the 6.3 M parameter model. */
    public static ComparisonSettings paper(int threads, Precision precision, ComputeDevice device) {
        return new ComparisonSettings(
                PosgenData.SUBTASKS,
                TABLE_1_ENCODINGS,
                PAPER_SEEDS,
                PosgenData.PAPER,
                ModelSize.PAPER,
                EncodingSettings.paper(4),
                new TrainingPlan(150, 128, 2e-4, 1e-2, 0.1, true, 1, precision, threads, device));
    }

    /** The same settings with the products in another format. */
    public ComparisonSettings in(PrecisionChoice choice) {
        return new ComparisonSettings(tasks, encodings, seeds, data, model, encoding, training.in(choice));
    }

    /** The product that training is mostly like. */
    public ProductShape product() {
        return Trainer.product(
                model.decoderConfig(data.task(tasks.get(0)).vocabulary()),
                training.batchRows(),
                data.trainLength(),
                training.threads());
    }

    /**
     * The options that make these settings: {@link #identity} and what is the tasks' own at its default, without what is the paper's
     * subtasks' where there is none of them.
     */
    public Map<String, String> options() {
        Map<String, String> options = identity();
        if (Collections.disjoint(tasks, PosgenData.SUBTASKS)) {
            options.keySet().removeAll(OF_SUBTASKS);
        }
        tasks.forEach(task -> options.putAll(data.ownOf(task)));
        return options;
    }

    /** Every setting as text by name, those that change no result included. */
    Map<String, String> text() {
        Map<String, String> text = options();
        training.precisionChoice().describe(text);
        return text;
    }

    /** The plan of cells in the terms of the report. */
    public ComparisonPlan plan() {
        return plan(tasks, encodings, seeds, data);
    }

    private static ComparisonPlan plan(
            List<String> tasks, List<EncodingName> encodings, List<Long> seeds, PosgenData data) {
        return new ComparisonPlan(tasks, encodings, seeds, data.trainLength(), data.testLength(), data.seedTokens());
    }

    /** Optimiser steps of one cell. */
    public long stepsPerCell() {
        return (long) training.epochs() * training.stepsPerEpoch(data.trainRows());
    }

    /**
     * What makes two runs the same experiment: everything that changes a cell's result but the lists of cells themselves,
     * as text by option name. Cells of more tasks, encodings or seeds may be added to an experiment later.
     */
    public Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("modulus", "" + data.modulus());
        identity.put("far", "" + data.far());
        identity.put("near", "" + data.near());
        identity.put("function", data.function().commandName());
        identity.put("train-length", "" + data.trainLength());
        identity.put("test-length", "" + data.testLength());
        identity.put("train", "" + data.trainRows());
        identity.put("validation", "" + data.validationRows());
        identity.put("test", "" + data.testRows());
        identity.putAll(data.ofOtherTasks());
        identity.put("d-model", "" + model.width());
        identity.put("layers", "" + model.layers());
        identity.put("heads", "" + model.heads());
        identity.put("head-size", "" + model.headSize());
        identity.put("feed-forward", "" + model.feedForwardWidth());
        identity.put("dropout", plain(model.dropout()));
        if (model.attention().equals(AttentionKind.LINEAR)) {
            identity.put("attention", "linear");
        }
        if (model.attention().window() > 0) {
            identity.put("sliding-window", "" + model.attention().window());
        }
        identity.putAll(encoding.identity());
        identity.put("epochs", "" + training.epochs());
        identity.put("batch", "" + training.batchRows());
        identity.put("learning-rate", plain(training.learningRate()));
        identity.put("weight-decay", plain(training.weightDecay()));
        identity.put("warm-up", plain(training.warmUpFraction()));
        identity.put("cycle-momentum", "" + training.cyclesMomentum());
        identity.put("validate-every", "" + training.validationEvery());
        identity.put("precision", training.precision().label());
        identity.put("threads", "" + training.threads());
        identity.put("device", training.device().label());
        return identity;
    }

    /** A number without exponent and without needless zeros: 0.0002, 10000. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
