package resonance.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import resonance.decoder.DecoderConfig;
import resonance.evaluation.AccuracyByPosition;
import resonance.evaluation.CellKey;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonCell.TrainingPoint;
import resonance.evaluation.ComparisonCell.ValidationPoint;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenSplits;
import resonance.posgen.SequenceSet;
import resonance.rope.Refusal;
import resonance.study.Sha256;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.Initialisation;
import resonance.transformer.training.OneCycleSchedule;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainerSettings;
import resonance.transformer.training.TrainingClient;
import resonance.transformer.training.TrainingCurve;
import resonance.transformer.training.TrainingDivergedException;
import resonance.transformer.training.TrainingIdentity;
import resonance.transformer.training.TrainingLoop;
import resonance.transformer.training.TrainingProgress;

/**
 * Trains a decoder once, from its checkpoint on if there is one, and measures it under every encoding that is to be seen with
 * these parameters: one cell each.
 */
final class TrainingRun {
    private static final int EVALUATION_ROWS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ComparisonSettings settings;
    private final List<Cell> cells;
    private final CellKey first;
    private final String name;
    private final String build;
    private final Path checkpoint;
    private final Duration checkpointInterval;
    private final ComparisonListener listener;
    private final BenchmarkTask task;
    private final PosgenSplits splits;
    private final Set<String> software = new LinkedHashSet<>();

    /** One encoding's measurements. */
    private static final class Cell {
        final CellKey key;
        final List<ValidationPoint> validationCurve = new ArrayList<>();
        long evaluationNanos;

        Cell(CellKey key) {
            this.key = key;
        }
    }

    /** Accuracy and mean loss on one split. */
    private record Measurement(AccuracyByPosition accuracy, double loss) {}

    /**
     * @param keys cells of one task and seed whose encodings train alike, at least one
     * @param name what tells this training from others of the experiment
     * @param software version and commit of this build
     */
    TrainingRun(
            ComparisonSettings settings,
            List<CellKey> keys,
            String name,
            String software,
            Path checkpoint,
            Duration checkpointInterval,
            ComparisonListener listener) {
        this.settings = settings;
        this.cells = keys.stream().map(Cell::new).toList();
        this.first = keys.get(0);
        this.name = name;
        this.build = software;
        this.checkpoint = checkpoint;
        this.checkpointInterval = checkpointInterval;
        this.listener = listener;
        this.task = settings.data().task(first.task());
        this.splits = settings.data().draw(first.task(), first.seed());
        requireScored("within", 0, settings.data().trainLength());
        requireScored("beyond", settings.data().trainLength(), settings.data().testLength());
    }

    /** Before anything is trained, since an accuracy of no token is none. */
    private void requireScored(String where, int from, int to) {
        SequenceSet test = splits.test();
        for (int row = 0; row < test.rows(); row++) {
            int[] tokens = test.row(row);
            for (int position = from; position < to; position++) {
                if (task.scores(tokens, 0, position)) {
                    return;
                }
            }
        }
        throw Refusal.was(
                        "testRows",
                        "must be enough for a token of " + first.task() + " that counts " + where
                                + " the trained length",
                        test.rows())
                .cure("ask for more");
    }

    /** The finished cells, or empty if {@code stop} asked for an end; then the checkpoint holds what was done. */
    Optional<List<ComparisonCell>> run(BooleanSupplier stop) throws IOException {
        DecoderConfig config =
                settings.encoding().decoder(first.encoding(), settings.model().decoderConfig(task.vocabulary()));
        TrainingPlan plan = settings.training();
        long totalSteps = settings.stepsPerCell();
        TrainerSettings trainerSettings = new TrainerSettings(
                new AdamW(AdamW.DEFAULT.beta1(), AdamW.DEFAULT.beta2(), AdamW.DEFAULT.epsilon(), plan.weightDecay()),
                new OneCycleSchedule(plan.learningRate(), totalSteps, plan.warmUpFraction(), plan.cyclesMomentum()),
                plan.precision(),
                plan.threads(),
                first.seed());
        try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, first.seed(), plan.device());
                Trainer trainer =
                        new Trainer(decoder, trainingEncoding(), settings.data().trainLength(), trainerSettings)) {
            Map<String, String> identity = new LinkedHashMap<>(Map.of("training", name));
            identity.putAll(settings.identity());
            identity.putAll(settings.data().ownOf(first.task()));
            TrainingLoop loop = new TrainingLoop(
                    trainer,
                    new TrainingLoop.Settings(
                            totalSteps,
                            TrainingCurve.Kind.SINGLE_STEPS,
                            new TrainingIdentity("the training " + name + " with these settings", identity),
                            checkpoint,
                            checkpointInterval),
                    new Client(decoder));
            if (!loop.run(stop)) {
                return Optional.empty();
            }
            List<ComparisonCell> finished = new ArrayList<>();
            for (Cell cell : cells) {
                finished.add(finished(cell, decoder, loop, measure(cell, decoder, splits.test(), totalSteps)));
                listener.tested(cell.key);
            }
            return Optional.of(finished);
        }
    }

    private PositionEncoding trainingEncoding() {
        return settings.encoding()
                .inTraining(
                        first.encoding(),
                        settings.model().headSize(),
                        settings.data().trainLength());
    }

    private PositionEncoding evaluationEncoding(Cell cell) {
        return settings.encoding()
                .inEvaluation(
                        cell.key.encoding(),
                        settings.model().headSize(),
                        settings.data().trainLength(),
                        settings.data().testLength());
    }

    /** The epochs of the training set, and a validation of every cell after some of them. */
    private final class Client implements TrainingClient {
        private final Decoder decoder;
        private final PosgenBatches batches = new PosgenBatches(splits.train(), task);
        private final int rows = settings.data().trainRows();
        private final int batchRows = settings.training().batchRows();
        private final int stepsPerEpoch = settings.training().stepsPerEpoch(rows);
        private int orderedEpoch = -1;
        private int[] order = {};

        Client(Decoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public TokenBatch batch(long step) {
            int epoch = (int) (step / stepsPerEpoch);
            if (epoch != orderedEpoch) {
                order = EpochOrder.of(rows, first.seed(), epoch);
                orderedEpoch = epoch;
            }
            int from = (int) (step % stepsPerEpoch) * batchRows;
            return batches.batch(order, from, Math.min(rows, from + batchRows));
        }

        @Override
        public void checkpointSetAside(String line) {
            listener.noted(line);
        }

        @Override
        public void started(long step) {
            software.add(build);
            listener.trainingStarted(cells.stream().map(cell -> cell.key).toList(), step);
        }

        @Override
        public void stepped(TrainingProgress progress) {
            listener.stepped(progress.step(), progress.totalSteps(), progress.loss());
        }

        @Override
        public boolean validatesAfter(long stepsDone) {
            return stepsDone % stepsPerEpoch == 0
                    && stepsDone / stepsPerEpoch % settings.training().validationEvery() == 0;
        }

        @Override
        public void validate(long stepsDone) {
            int epoch = (int) (stepsDone / stepsPerEpoch);
            for (Cell cell : cells) {
                Measurement validation = measure(cell, decoder, splits.validation(), stepsDone);
                ValidationPoint point = new ValidationPoint(
                        stepsDone, epoch, validation.loss(), idAccuracy(validation), oodAccuracy(validation));
                cell.validationCurve.add(point);
                listener.validated(cell.key, point);
            }
        }

        @Override
        public void save(ObjectNode state) {
            state.set("software", JSON.valueToTree(software));
            ObjectNode measured = state.putObject("cells");
            for (Cell cell : cells) {
                ObjectNode saved = measured.putObject(cell.key.encoding().toString());
                saved.set("validationCurve", JSON.valueToTree(cell.validationCurve));
                saved.put("evaluationNanos", cell.evaluationNanos);
            }
        }

        /** An encoding that was not there before has no validation from before. */
        @Override
        public void restore(JsonNode state) {
            software.addAll(JSON.convertValue(state.get("software"), new TypeReference<List<String>>() {}));
            for (Cell cell : cells) {
                JsonNode measured = state.get("cells").get(cell.key.encoding().toString());
                if (measured != null) {
                    cell.validationCurve.addAll(JSON.convertValue(
                            measured.get("validationCurve"), new TypeReference<List<ValidationPoint>>() {}));
                    cell.evaluationNanos = measured.get("evaluationNanos").asLong();
                }
            }
        }
    }

    private Measurement measure(Cell cell, Decoder decoder, SequenceSet sequences, long stepsDone) {
        long started = System.nanoTime();
        TrainingPlan plan = settings.training();
        try (DecoderEvaluator evaluator = new DecoderEvaluator(
                decoder, evaluationEncoding(cell), settings.data().testLength(), plan.precision(), plan.threads())) {
            return measure(evaluator, sequences, stepsDone);
        } finally {
            cell.evaluationNanos += System.nanoTime() - started;
        }
    }

    private Measurement measure(DecoderEvaluator evaluator, SequenceSet sequences, long stepsDone) {
        PosgenBatches batches = new PosgenBatches(sequences, task);
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
                this::counts,
                EVALUATION_ROWS);
        double mean = TrainingDivergedException.require("loss on what was held out", loss[0] / scored[0], stepsDone);
        return new Measurement(accuracy, mean);
    }

    /** Of a rule's sequences seed tokens are counted too, which no mean is of: a model is at chance there. */
    private boolean counts(int[] sequence, int position) {
        return task instanceof PosgenSpec || task.scores(sequence, 0, position);
    }

    private double idAccuracy(Measurement measurement) {
        return measurement.accuracy().idAccuracy(settings.data().trainLength(), task.firstScored());
    }

    private double oodAccuracy(Measurement measurement) {
        return measurement.accuracy().oodAccuracy(settings.data().trainLength());
    }

    private ComparisonCell finished(Cell cell, Decoder decoder, TrainingLoop loop, Measurement test) {
        return new ComparisonCell(
                cell.key.task(),
                cell.key.encoding(),
                cell.key.seed(),
                idAccuracy(test),
                oodAccuracy(test),
                test.accuracy().fractions(),
                loop.trainedTokens() / loop.trainingSeconds(),
                loop.trainingSeconds() + cell.evaluationNanos * 1e-9,
                hash(decoder.parameters()),
                dataHash(),
                String.join("; ", software),
                loop.curve().points().stream()
                        .map(point -> new TrainingPoint(point.step(), point.loss(), point.learningRate()))
                        .toList(),
                cell.validationCurve);
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
