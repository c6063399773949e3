package resonance.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import resonance.evaluation.AccuracyByPosition;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonCell.TrainingPoint;
import resonance.evaluation.ComparisonCell.ValidationPoint;
import resonance.evaluation.Sha256;
import resonance.posgen.PosgenSplits;
import resonance.posgen.PosgenTask;
import resonance.posgen.SequenceSet;
import resonance.rope.RopeFrequencies;
import resonance.transformer.AdamW;
import resonance.transformer.Checkpoint;
import resonance.transformer.Decoder;
import resonance.transformer.DecoderConfig;
import resonance.transformer.DecoderEvaluator;
import resonance.transformer.Initialisation;
import resonance.transformer.OneCycleSchedule;
import resonance.transformer.TokenBatch;
import resonance.transformer.Trainer;
import resonance.transformer.TrainerSettings;

/** Trains and measures one cell, from its checkpoint on if there is one. */
final class CellRun {
    private static final int CURVE_POINTS = 400;
    private static final int EVALUATION_ROWS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ComparisonSettings settings;
    private final CellKey key;
    private final Path checkpoint;
    private final Duration checkpointInterval;
    private final ComparisonListener listener;
    private final PosgenSplits splits;
    private final List<TrainingPoint> trainingCurve = new ArrayList<>();
    private final List<ValidationPoint> validationCurve = new ArrayList<>();
    private long trainedTokens;
    private long trainingNanos;
    private long evaluationNanos;

    /** Accuracy and mean loss on one split. */
    private record Measurement(AccuracyByPosition accuracy, double loss) {}

    CellRun(
            ComparisonSettings settings,
            CellKey key,
            Path checkpoint,
            Duration checkpointInterval,
            ComparisonListener listener) {
        this.settings = settings;
        this.key = key;
        this.checkpoint = checkpoint;
        this.checkpointInterval = checkpointInterval;
        this.listener = listener;
        this.splits = settings.data().draw(PosgenTask.named(key.task()), key.seed());
    }

    /** The finished cell, or empty if {@code stop} asked for an end; then the checkpoint holds what was done. */
    Optional<ComparisonCell> run(BooleanSupplier stop) throws IOException {
        DecoderConfig config = settings.model().decoderConfig(settings.data().modulus());
        TrainingPlan plan = settings.training();
        long totalSteps = settings.stepsPerCell();
        TrainerSettings trainerSettings = new TrainerSettings(
                new AdamW(AdamW.DEFAULT.beta1(), AdamW.DEFAULT.beta2(), AdamW.DEFAULT.epsilon(), plan.weightDecay()),
                new OneCycleSchedule(plan.learningRate(), totalSteps, plan.warmUpFraction(), plan.cyclesMomentum()),
                plan.precision(),
                plan.threads(),
                key.seed());
        try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, key.seed(), plan.device());
                Trainer trainer = new Trainer(
                        decoder, trainingFrequencies(), settings.data().trainLength(), trainerSettings);
                DecoderEvaluator evaluator = new DecoderEvaluator(
                        decoder,
                        evaluationFrequencies(),
                        settings.data().testLength(),
                        plan.precision(),
                        plan.threads())) {
            if (Files.exists(checkpoint)) {
                resume(trainer);
            }
            listener.cellStarted(key, trainer.step());
            if (!train(trainer, evaluator, totalSteps, stop)) {
                return Optional.empty();
            }
            Measurement test = measure(evaluator, splits.test());
            return Optional.of(finished(decoder, test));
        }
    }

    private RopeFrequencies trainingFrequencies() {
        return settings.encoding()
                .inTraining(
                        key.encoding(),
                        settings.model().headSize(),
                        settings.data().trainLength());
    }

    private RopeFrequencies evaluationFrequencies() {
        return settings.encoding()
                .inEvaluation(
                        key.encoding(),
                        settings.model().headSize(),
                        settings.data().trainLength(),
                        settings.data().testLength());
    }

    /** Trains to the last step; false if it was stopped before. */
    private boolean train(Trainer trainer, DecoderEvaluator evaluator, long totalSteps, BooleanSupplier stop)
            throws IOException {
        PosgenBatches batches = new PosgenBatches(
                splits.train(), settings.data().modulus(), settings.data().seedTokens());
        int rows = settings.data().trainRows();
        int batchRows = settings.training().batchRows();
        int stepsPerEpoch = settings.training().stepsPerEpoch(rows);
        long curveEvery = Math.max(1, totalSteps / CURVE_POINTS);
        long lastCheckpoint = System.nanoTime();
        int orderedEpoch = -1;
        int[] order = {};
        while (trainer.step() < totalSteps) {
            if (stop.getAsBoolean()) {
                save(trainer);
                return false;
            }
            long step = trainer.step();
            int epoch = (int) (step / stepsPerEpoch);
            if (epoch != orderedEpoch) {
                order = EpochOrder.of(rows, key.seed(), epoch);
                orderedEpoch = epoch;
            }
            int from = (int) (step % stepsPerEpoch) * batchRows;
            TokenBatch batch = batches.batch(order, from, Math.min(rows, from + batchRows));
            long started = System.nanoTime();
            double loss = trainer.step(batch);
            trainingNanos += System.nanoTime() - started;
            trainedTokens += batch.inputs().length;
            long done = trainer.step();
            if (done == 1 || done % curveEvery == 0 || done == totalSteps) {
                trainingCurve.add(new TrainingPoint(done, loss, trainer.learningRate(step)));
            }
            listener.stepped(key, done, totalSteps, loss);
            if (done % stepsPerEpoch == 0 && (epoch + 1) % settings.training().validationEvery() == 0) {
                validate(evaluator, done, epoch + 1);
            }
            if (System.nanoTime() - lastCheckpoint > checkpointInterval.toNanos()) {
                save(trainer);
                lastCheckpoint = System.nanoTime();
            }
        }
        return true;
    }

    private void validate(DecoderEvaluator evaluator, long step, int epoch) {
        Measurement validation = measure(evaluator, splits.validation());
        ValidationPoint point =
                new ValidationPoint(step, epoch, validation.loss(), idAccuracy(validation), oodAccuracy(validation));
        validationCurve.add(point);
        listener.validated(key, point);
    }

    private Measurement measure(DecoderEvaluator evaluator, SequenceSet sequences) {
        long started = System.nanoTime();
        PosgenBatches batches = new PosgenBatches(
                sequences, settings.data().modulus(), settings.data().seedTokens());
        double[] loss = {0};
        long[] scored = {0};
        int[][] rows = new int[sequences.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = sequences.row(i);
        }
        int[] next = {0};
        AccuracyByPosition accuracy = AccuracyByPosition.measure(
                chunk -> {
                    int from = next[0];
                    next[0] += chunk.length;
                    int[] order = new int[chunk.length];
                    for (int i = 0; i < order.length; i++) {
                        order[i] = from + i;
                    }
                    TokenBatch batch = batches.batch(order, 0, order.length);
                    DecoderEvaluator.Evaluation result = evaluator.evaluate(batch);
                    for (float value : result.negativeLogLikelihoods()) {
                        loss[0] += value;
                    }
                    scored[0] += batch.scored();
                    int[][] predictions = new int[chunk.length][];
                    for (int i = 0; i < chunk.length; i++) {
                        predictions[i] =
                                Arrays.copyOfRange(result.predictions(), i * batch.length(), (i + 1) * batch.length());
                    }
                    return predictions;
                },
                rows,
                EVALUATION_ROWS);
        evaluationNanos += System.nanoTime() - started;
        return new Measurement(accuracy, loss[0] / scored[0]);
    }

    private double idAccuracy(Measurement measurement) {
        return measurement
                .accuracy()
                .idAccuracy(settings.data().trainLength(), settings.data().seedTokens());
    }

    private double oodAccuracy(Measurement measurement) {
        return measurement.accuracy().oodAccuracy(settings.data().trainLength());
    }

    private ComparisonCell finished(Decoder decoder, Measurement test) {
        return new ComparisonCell(
                key.task(),
                key.encoding(),
                key.seed(),
                idAccuracy(test),
                oodAccuracy(test),
                test.accuracy().fractions(),
                trainedTokens / (trainingNanos * 1e-9),
                (trainingNanos + evaluationNanos) * 1e-9,
                hash(decoder.parameters()),
                dataHash(),
                trainingCurve,
                validationCurve);
    }

    private void save(Trainer trainer) throws IOException {
        ObjectNode progress = JSON.createObjectNode();
        progress.put("cell", key.toString());
        progress.set("settings", JSON.valueToTree(settings.identity()));
        progress.set("trainingCurve", JSON.valueToTree(trainingCurve));
        progress.set("validationCurve", JSON.valueToTree(validationCurve));
        progress.put("trainedTokens", trainedTokens);
        progress.put("trainingNanos", trainingNanos);
        progress.put("evaluationNanos", evaluationNanos);
        new Checkpoint(trainer.state(), progress).write(checkpoint);
    }

    private void resume(Trainer trainer) throws IOException {
        Checkpoint saved = Checkpoint.read(checkpoint);
        if (!saved.progress().path("cell").asText().equals(key.toString())
                || !saved.progress().path("settings").equals(JSON.valueToTree(settings.identity()))) {
            throw new IllegalArgumentException(checkpoint + ": the checkpoint must belong to cell " + key
                    + " with these settings, belongs to "
                    + saved.progress().path("cell").asText()
                    + "; delete the file to train the cell from its start");
        }
        trainingCurve.addAll(
                JSON.convertValue(saved.progress().get("trainingCurve"), new TypeReference<List<TrainingPoint>>() {}));
        validationCurve.addAll(JSON.convertValue(
                saved.progress().get("validationCurve"), new TypeReference<List<ValidationPoint>>() {}));
        trainedTokens = saved.progress().get("trainedTokens").asLong();
        trainingNanos = saved.progress().get("trainingNanos").asLong();
        evaluationNanos = saved.progress().get("evaluationNanos").asLong();
        trainer.restore(saved.state());
    }

    private String dataHash() {
        String hashes = splits.sets().stream().map(SequenceSet::dataHash).collect(Collectors.joining());
        return Sha256.of(hashes.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Sha256.of(bytes.array());
    }
}
