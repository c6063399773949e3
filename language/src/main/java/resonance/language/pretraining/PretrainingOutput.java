package resonance.language.pretraining;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import resonance.rope.Refusal;

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
    private static final String CHECKPOINT = "pretraining.checkpoint";

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

    /**
     * Checks that nothing is in the way.
     *
     * @throws Refusal if the folder holds a model that must not be replaced
     */
    public void requireRoom() {
        for (String file : new String[] {PretrainedFolder.CONFIG, PretrainedFolder.WEIGHTS}) {
            if (!replace && Files.exists(folder.resolve(file))) {
                throw Refusal.of(folder + ": {folder}", "must hold no model", "holds " + file)
                        .cure("name another or give {replace = true}");
            }
        }
    }
}
