package resonance.language.pretraining;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import resonance.language.pretraining.PretrainingRecord.TrainingPoint;
import resonance.language.pretraining.PretrainingRecord.ValidationPoint;
import resonance.transformer.training.Checkpoint;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;

/** The steps of a pretraining, from its checkpoint on if there is one. */
final class PretrainingRun {
    private static final int CURVE_POINTS = 400;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PretrainingSettings settings;
    private final PretrainingOutput output;
    private final JsonNode identity;
    private final TokenSequences sequences;
    private final PretrainingListener listener;
    private final List<TrainingPoint> trainingCurve = new ArrayList<>();
    private final List<ValidationPoint> validationCurve = new ArrayList<>();
    private double lossSinceLastPoint;
    private long stepsSinceLastPoint;
    private long trainingNanos;

    /** @param identity what a checkpoint must have been made with to be gone on from: settings and hashes */
    PretrainingRun(
            PretrainingSettings settings,
            PretrainingOutput output,
            JsonNode identity,
            TokenSequences sequences,
            PretrainingListener listener) {
        this.settings = settings;
        this.output = output;
        this.identity = identity;
        this.sequences = sequences;
        this.listener = listener;
    }

    /** Trains to the last step; false if {@code stop} asked for an end, then the checkpoint holds what was done. */
    boolean train(Trainer trainer, DecoderEvaluator evaluator, long parameters, BooleanSupplier stop)
            throws IOException {
        if (Files.exists(output.checkpoint())) {
            resume(trainer);
        }
        listener.trainingStarted(trainer.step(), parameters);
        long firstStep = trainer.step();
        long firstNanos = trainingNanos;
        long lastCheckpoint = System.nanoTime();
        while (trainer.step() < settings.steps()) {
            if (stop.getAsBoolean()) {
                save(trainer);
                return false;
            }
            double loss = step(trainer);
            long done = trainer.step();
            listener.stepped(progress(done, loss, done - firstStep, trainingNanos - firstNanos));
            if (done % settings.validationEvery() == 0 && done < settings.steps()) {
                double validationLoss = validationLoss(evaluator);
                validationCurve.add(new ValidationPoint(done, validationLoss));
                listener.validated(done, validationLoss);
            }
            if (System.nanoTime() - lastCheckpoint > output.checkpointInterval().toNanos()) {
                save(trainer);
                lastCheckpoint = System.nanoTime();
            }
        }
        if (trainer.step() > firstStep) {
            save(trainer);
        }
        return true;
    }

    private double step(Trainer trainer) {
        long step = trainer.step();
        long started = System.nanoTime();
        double loss = trainer.step(sequences.batch(step));
        trainingNanos += System.nanoTime() - started;
        lossSinceLastPoint += loss;
        stepsSinceLastPoint++;
        long done = trainer.step();
        long curveEvery = Math.max(1, settings.steps() / CURVE_POINTS);
        if (done % curveEvery == 0 || done == settings.steps()) {
            double mean = lossSinceLastPoint / stepsSinceLastPoint;
            trainingCurve.add(new TrainingPoint(done, mean, trainer.learningRate(step)));
            lossSinceLastPoint = 0;
            stepsSinceLastPoint = 0;
        }
        return loss;
    }

    private PretrainingListener.Progress progress(long done, double loss, long steps, long nanos) {
        double secondsPerStep = nanos * 1e-9 / steps;
        double tokensPerStep = (double) settings.batchRows() * settings.shape().trainedLength();
        Duration left = Duration.ofMillis((long) (1000 * secondsPerStep * (settings.steps() - done)));
        return new PretrainingListener.Progress(done, settings.steps(), loss, tokensPerStep / secondsPerStep, left);
    }

    /** Mean loss over the held-out tokens, nats a token. */
    double validationLoss(DecoderEvaluator evaluator) {
        double sum = 0;
        long tokens = 0;
        for (TokenBatch batch : sequences.validationBatches()) {
            for (float loss : evaluator.evaluate(batch).negativeLogLikelihoods()) {
                sum += loss;
            }
            tokens += batch.inputs().length;
        }
        return sum / tokens;
    }

    /** Adds the loss of the finished model to the curve. */
    void finished(double validationLoss) {
        validationCurve.add(new ValidationPoint(settings.steps(), validationLoss));
        listener.validated(settings.steps(), validationLoss);
    }

    List<TrainingPoint> trainingCurve() {
        return trainingCurve;
    }

    List<ValidationPoint> validationCurve() {
        return validationCurve;
    }

    double trainingSeconds() {
        return trainingNanos * 1e-9;
    }

    private void save(Trainer trainer) throws IOException {
        ObjectNode progress = JSON.createObjectNode();
        progress.set("identity", identity);
        progress.set("trainingCurve", JSON.valueToTree(trainingCurve));
        progress.set("validationCurve", JSON.valueToTree(validationCurve));
        progress.put("lossSinceLastPoint", lossSinceLastPoint);
        progress.put("stepsSinceLastPoint", stepsSinceLastPoint);
        progress.put("trainingNanos", trainingNanos);
        new Checkpoint(trainer.state(), progress).write(output.checkpoint());
    }

    private void resume(Trainer trainer) throws IOException {
        Checkpoint saved = Checkpoint.read(output.checkpoint());
        JsonNode progress = saved.progress();
        String difference = difference(progress.path("identity"));
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(output.checkpoint()
                    + ": the checkpoint must belong to a run with these texts and settings, but " + difference
                    + "; use them again, or delete the file to start anew");
        }
        trainingCurve.addAll(
                JSON.convertValue(progress.path("trainingCurve"), new TypeReference<List<TrainingPoint>>() {}));
        validationCurve.addAll(
                JSON.convertValue(progress.path("validationCurve"), new TypeReference<List<ValidationPoint>>() {}));
        lossSinceLastPoint = progress.path("lossSinceLastPoint").asDouble();
        stepsSinceLastPoint = progress.path("stepsSinceLastPoint").asLong();
        trainingNanos = progress.path("trainingNanos").asLong();
        trainer.restore(saved.state());
    }

    /** The first setting or hash that is not the checkpoint's, in words; empty if all agree. */
    private String difference(JsonNode saved) {
        for (Map.Entry<String, JsonNode> field : identity.properties()) {
            JsonNode before = saved.path(field.getKey());
            if (!before.equals(field.getValue())) {
                return field.getKey() + " was " + (before.isMissingNode() ? "missing" : before.asText())
                        + " there and is " + field.getValue().asText() + " now";
            }
        }
        return "";
    }
}
