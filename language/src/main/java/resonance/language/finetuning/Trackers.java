package resonance.language.finetuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.language.tracking.MlflowRun;
import resonance.language.tracking.RunTracker;
import resonance.language.tracking.TensorBoardFile;
import resonance.transformer.training.TrainingProgress;

/** Everybody who is told a fine-tune's numbers while it runs, and under which names. */
final class Trackers implements AutoCloseable {
    private static final String FOLDER = "tensorboard";
    private static final String EXPERIMENT = "resonance finetune";

    private final List<RunTracker> trackers = new ArrayList<>();
    private String run = "";

    /**
     * @param former id of the run on a server that this one goes on with; empty for none
     * @param step steps done before
     */
    Trackers(
            FineTuningOutput output,
            Map<String, String> settings,
            String former,
            long step,
            FineTuningListener listener) {
        try {
            trackers.add(TensorBoardFile.in(output.folder().resolve(FOLDER), step, listener::note));
        } catch (IOException e) {
            listener.note(output.folder().resolve(FOLDER) + " can't take event files (" + e.getMessage()
                    + "); training goes on without them");
        }
        output.mlflow().ifPresent(server -> {
            Path name = output.folder().toAbsolutePath().normalize().getFileName();
            MlflowRun tracked =
                    MlflowRun.begin(server, EXPERIMENT, String.valueOf(name), former, settings, listener::note);
            run = tracked.id();
            trackers.add(tracked);
        });
    }

    /** Id of the run on a server; empty if there is none. */
    String run() {
        return run;
    }

    void stepped(TrainingProgress progress, double learningRate) {
        scalar(progress.step(), "train/loss", progress.loss());
        scalar(progress.step(), "train/learning_rate", learningRate);
        scalar(progress.step(), "train/tokens_per_second", progress.tokensPerSecond());
    }

    void validated(long step, double loss) {
        scalar(step, "validation/loss", loss);
    }

    void measured(long step, List<ValidationLoss> losses) {
        losses.forEach(loss -> scalar(step, "held_out/loss_at_" + loss.length(), loss.loss()));
    }

    private void scalar(long step, String tag, double value) {
        trackers.forEach(tracker -> tracker.scalar(step, tag, value));
    }

    void finished() {
        trackers.forEach(RunTracker::finished);
    }

    @Override
    public void close() {
        trackers.forEach(RunTracker::close);
    }
}
