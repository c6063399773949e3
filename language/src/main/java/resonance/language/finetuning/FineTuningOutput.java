package resonance.language.finetuning;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.rope.Refusal;
import resonance.study.RecordFormatException;
import resonance.study.RecordJson;
import resonance.study.WrittenFiles;
import resonance.transformer.training.TrainingIdentity;

/**
 * Where a fine-tuned model goes.
 *
 * @param folder its folder, made if it is missing; while training it holds the checkpoint
 * @param replace whether a model that is in the folder already may be replaced
 * @param checkpointInterval time between two checkpoints
 * @param mlflow a tracking server that is told how the training goes; empty for none
 */
public record FineTuningOutput(Path folder, boolean replace, Duration checkpointInterval, Optional<URI> mlflow) {
    static final String RECORD = "training.json";
    static final String CARD = "README.md";
    private static final String CHECKPOINT = "finetuning.checkpoint";
    private static final String WRITER = "finetune";
    private static final List<String> MODELS = List.of("config.json", "model.gguf", PeftAdapter.CONFIG);

    /** Files that tell kinds of models apart. */
    private static final List<String> OF_MODELS = List.of(HuggingFaceModel.WEIGHTS, "model.gguf", PeftAdapter.CONFIG);

    public FineTuningOutput {
        requireNonNull(folder, "folder must not be null");
        requireNonNull(checkpointInterval, "checkpointInterval must not be null");
        requireNonNull(mlflow, "mlflow must not be null");
    }

    /** The file that a stopped run goes on from. */
    public Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    /** What is in the folder that this program wrote. */
    WrittenFiles files(String softwareVersion) {
        return WrittenFiles.in(folder, WRITER, softwareVersion);
    }

    /** The file that makes the folder a model, if it is one. */
    private Optional<String> model() {
        return MODELS.stream()
                .filter(name -> Files.exists(folder.resolve(name)))
                .findFirst();
    }

    boolean holdsModel() {
        return model().isPresent();
    }

    /** The refusal of a folder whose model must not be replaced. */
    Refusal occupied() {
        return Refusal.of(folder + ": {folder}", "must hold no other model", "holds " + model().orElse(RECORD))
                .cure("name another or give {replace = true}");
    }

    /**
     * Refuses a folder with another kind of model than the one that is written: it would stay beside that.
     *
     * @param names of all files that are written
     */
    void requireNothingElse(List<String> names) {
        for (String name : OF_MODELS) {
            if (Files.exists(folder.resolve(name)) && !names.contains(name)) {
                throw Refusal.of(folder + ": {folder}", "must hold no other kind of model", "holds " + name)
                        .cure("name another");
            }
        }
    }

    /** How the model in the folder came about; empty if there is none or its record can't be read. */
    Optional<FineTuningRecord> finished() throws IOException {
        Path record = folder.resolve(RECORD);
        if (!holdsModel() || !Files.exists(record)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordJson.read(record, FineTuningRecord.class));
        } catch (RecordFormatException notOurs) {
            return Optional.empty();
        }
    }

    /**
     * Settings of the work that goes on here, as text by name: of the checkpoint, else of a finished model that is not to be
     * replaced; empty if there is neither.
     */
    public Map<String, String> begun() throws IOException {
        Map<String, String> saved = TrainingIdentity.settingsOf(checkpoint());
        return !saved.isEmpty() || replace
                ? saved
                : finished().map(FineTuningRecord::settings).orElse(Map.of());
    }
}
