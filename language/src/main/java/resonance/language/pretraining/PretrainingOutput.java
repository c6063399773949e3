package resonance.language.pretraining;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import resonance.rope.Refusal;
import resonance.study.RecordFormatException;
import resonance.study.RecordJson;
import resonance.study.WrittenFiles;
import resonance.transformer.training.TrainingIdentity;

/**
 * Where a pretrained model goes and what its card says of it beside the facts.
 *
 * @param folder its folder, made if it is missing; while training it holds the checkpoint
 * @param name the model's name, the card's title
 * @param licence under which the weights are given away, for example {@code apache-2.0}
 * @param dataNote a paragraph about where the texts are from; may be empty
 * @param replace whether a model that is in the folder already may be replaced
 * @param checkpointInterval time between two checkpoints
 */
public record PretrainingOutput(
        Path folder, String name, String licence, String dataNote, boolean replace, Duration checkpointInterval) {
    static final String CHECKPOINT = "pretraining.checkpoint";
    private static final String WRITER = "pretrain";

    public PretrainingOutput {
        requireNonNull(folder, "folder must not be null");
        requireNonNull(checkpointInterval, "checkpointInterval must not be null");
        if (name.isBlank() || licence.isBlank()) {
            throw Refusal.of("{name} and {licence}", "must not be blank", "were '" + name + "' and '" + licence + "'");
        }
    }

    /** The file that a stopped run goes on from. */
    public Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    /** What is in the folder that this program wrote. */
    WrittenFiles files(String softwareVersion) {
        return WrittenFiles.in(folder, WRITER, softwareVersion);
    }

    /** Whether there is a model, or a part of one. */
    boolean holdsModel() {
        return Files.exists(folder.resolve(PretrainedFolder.CONFIG))
                || Files.exists(folder.resolve(PretrainedFolder.WEIGHTS));
    }

    /** The refusal of a folder whose model must not be replaced. */
    Refusal occupied() {
        String file = Files.exists(folder.resolve(PretrainedFolder.CONFIG))
                ? PretrainedFolder.CONFIG
                : PretrainedFolder.WEIGHTS;
        return Refusal.of(folder + ": {folder}", "must hold no other model", "holds " + file)
                .cure("name another or give {replace = true}");
    }

    /** How the model in the folder came about; empty if there is none or its record can't be read. */
    Optional<PretrainingRecord> finished() throws IOException {
        Path record = folder.resolve(PretrainedFolder.RECORD);
        if (!Files.exists(folder.resolve(PretrainedFolder.CONFIG)) || !Files.exists(record)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordJson.read(record, PretrainingRecord.class));
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
                : finished().map(record -> text(record.settings())).orElse(Map.of());
    }

    static Map<String, String> text(Map<String, Object> values) {
        Map<String, String> text = new LinkedHashMap<>();
        values.forEach((name, value) -> text.put(name, String.valueOf(value)));
        return text;
    }
}
