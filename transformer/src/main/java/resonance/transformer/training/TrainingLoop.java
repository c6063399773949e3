package resonance.transformer.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import resonance.study.RemainingTime;
import resonance.study.SetAside;

/**
 * The steps of a training, from its checkpoint on if there is one.
 *
 * <p>After each step: the curve, {@link TrainingClient#stepped}, {@link TrainingClient#validate} where it is due, and a
 * checkpoint where the last is older than the interval. A damaged checkpoint is put aside and trained anew. A training that is stopped, or killed and begun again, ends with the
 * bits of one that was not, as long as its batches depend on their step alone.
 */
public final class TrainingLoop {
    /** Every step takes about as long as the others. */
    private static final int PACE = 0;

    /** Parameters looked at together. */
    private static final int CHUNK = 1 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How a training runs and what it leaves behind.
     *
     * @param steps of the whole training, at least 1
     * @param curve what the points of the curve say
     * @param identity tells its checkpoint from another training's
     * @param checkpoint the file to go on from
     * @param checkpointInterval time between two checkpoints
     */
    public record Settings(
            long steps,
            TrainingCurve.Kind curve,
            TrainingIdentity identity,
            Path checkpoint,
            Duration checkpointInterval) {
        public Settings {
            if (steps < 1) {
                throw new IllegalArgumentException("steps must be at least 1, was " + steps);
            }
            if (checkpointInterval.isNegative()) {
                throw new IllegalArgumentException("checkpointInterval must not be negative, was "
                        + checkpointInterval.toMillis() / 1000.0 + " s");
            }
        }
    }

    private final Trainer trainer;
    private final Settings settings;
    private final TrainingClient client;
    private final TrainingCurve curve;
    private final RemainingTime remaining = new RemainingTime();
    private long trainedTokens;
    private long trainingNanos;

    public TrainingLoop(Trainer trainer, Settings settings, TrainingClient client) {
        this.trainer = trainer;
        this.settings = settings;
        this.client = client;
        this.curve = new TrainingCurve(settings.curve(), settings.steps());
    }

    /**
     * Trains to the last step and leaves a checkpoint if there was a step to do.
     *
     * @param stop asked before every step; once true, the checkpoint is written and this returns
     * @return whether the last step is done
     * @throws TrainingDivergedException if a loss, or a parameter to be kept, is NaN or infinite
     * @throws IllegalArgumentException if it is another training's; nothing is changed then
     */
    public boolean run(BooleanSupplier stop) throws IOException {
        if (Files.exists(settings.checkpoint(), LinkOption.NOFOLLOW_LINKS)) {
            resume();
        }
        long firstStep = trainer.step();
        long firstTokens = trainedTokens;
        long firstNanos = trainingNanos;
        remaining.plan(PACE, (double) (settings.steps() - firstStep));
        client.started(firstStep);
        long lastCheckpoint = System.nanoTime();
        while (trainer.step() < settings.steps()) {
            if (stop.getAsBoolean()) {
                save();
                return false;
            }
            double loss = step();
            double speed = (trainedTokens - firstTokens) / ((trainingNanos - firstNanos) * 1e-9);
            client.stepped(new TrainingProgress(trainer.step(), settings.steps(), loss, speed, remaining.seconds()));
            if (client.validatesAfter(trainer.step())) {
                client.validate(trainer.step());
            }
            if (System.nanoTime() - lastCheckpoint
                    > settings.checkpointInterval().toNanos()) {
                save();
                lastCheckpoint = System.nanoTime();
            }
        }
        if (trainer.step() > firstStep) {
            save();
        }
        return true;
    }

    /** One step; the one place where every loss passes. */
    private double step() {
        long step = trainer.step();
        TokenBatch batch = client.batch(step);
        long started = System.nanoTime();
        double loss = TrainingDivergedException.require("loss", trainer.step(batch), step + 1);
        long nanos = System.nanoTime() - started;
        remaining.did(PACE, 1, nanos * 1e-9);
        trainingNanos += nanos;
        trainedTokens += batch.inputs().length;
        curve.add(step + 1, loss, trainer.learningRate(step));
        return loss;
    }

    /** Whether a file is the whole checkpoint of a training that has done so many steps, its last. */
    public static boolean isAtEnd(Path checkpoint, long steps) throws IOException {
        try {
            return Files.exists(checkpoint)
                    && Checkpoint.read(checkpoint).state().step() == steps;
        } catch (CheckpointFormatException damaged) {
            return false;
        }
    }

    /** The loss over the steps so far. */
    public TrainingCurve curve() {
        return curve;
    }

    /** Tokens of all steps so far, those before a checkpoint included. */
    public long trainedTokens() {
        return trainedTokens;
    }

    /** Time of all steps so far, those before a checkpoint included, s; without that of validation and batches. */
    public double trainingSeconds() {
        return trainingNanos * 1e-9;
    }

    private void save() throws IOException {
        TrainerState state = trainer.state();
        requireFinite(state);
        ObjectNode progress = JSON.createObjectNode();
        progress.set(TrainingIdentity.KEY, JSON.valueToTree(settings.identity().settings()));
        progress.set("curve", JSON.valueToTree(curve.state()));
        progress.put("trainedTokens", trainedTokens);
        progress.put("trainingNanos", trainingNanos);
        client.save(progress.putObject("client"));
        new Checkpoint(state, progress).write(settings.checkpoint());
    }

    private static void requireFinite(TrainerState state) throws IOException {
        float[] chunk = new float[(int) Math.min(state.parameters().size(), CHUNK)];
        for (long first = 0; first < state.parameters().size(); first += CHUNK) {
            int count = (int) Math.min(CHUNK, state.parameters().size() - first);
            state.parameters().copy(first, count, chunk);
            for (int i = 0; i < count; i++) {
                TrainingDivergedException.require("parameters", chunk[i], state.step());
            }
        }
    }

    /** Goes on from the checkpoint; one that is damaged, or another version's, is renamed and said. */
    private void resume() throws IOException {
        Checkpoint saved;
        try {
            saved = Checkpoint.read(settings.checkpoint());
        } catch (CheckpointFormatException damaged) {
            client.checkpointSetAside(damaged.getMessage() + "; it is kept as "
                    + SetAside.rename(settings.checkpoint()).getFileName() + " and training begins anew");
            return;
        }
        JsonNode progress = saved.progress();
        Map<String, String> other =
                JSON.convertValue(progress.path(TrainingIdentity.KEY), new TypeReference<Map<String, String>>() {});
        String difference = settings.identity().difference(other == null ? Map.of() : other);
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(settings.checkpoint() + ": the checkpoint must belong to "
                    + settings.identity().description() + ", but " + difference
                    + "; use them again, or delete the file to start anew");
        }
        curve.restore(JSON.convertValue(progress.path("curve"), TrainingCurve.State.class));
        trainedTokens = progress.path("trainedTokens").asLong();
        trainingNanos = progress.path("trainingNanos").asLong();
        client.restore(progress.path("client"));
        trainer.restore(saved.state());
    }
}
