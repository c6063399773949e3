package resonance.serving.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import resonance.model.ChangedWeights;
import resonance.model.ModelPositions;
import resonance.model.gguf.GgufModel;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.model.huggingface.HuggingFacePositions;
import resonance.study.AtomicFile;

/**
 * A model with another position encoding, ready to be written in the format it came in.
 *
 * <p>Weights and tokenizer stay byte for byte as they are. The model must stay open until the export is written.
 */
public interface Export {
    /**
     * Prepares an export and checks that stock engines can express it.
     *
     * @param softwareVersion what goes into the output as its origin
     * @throws IllegalArgumentException if no engine can be told this encoding in this format; the message says which
     *     engine, why, and what can be done instead
     */
    static Export of(ModelPositions model, ServedEncoding encoding, String softwareVersion) {
        if (model instanceof GgufModel gguf) {
            return GgufExport.of(gguf, encoding, softwareVersion);
        }
        if (model instanceof HuggingFaceModel folder) {
            return new HuggingFaceExport(folder.configuration(), encoding, softwareVersion, folder);
        }
        if (model instanceof HuggingFacePositions folder) {
            return new HuggingFaceExport(folder, encoding, softwareVersion, null);
        }
        throw new IllegalArgumentException("model must be a GGUF file or a Hugging Face folder, was " + model.path());
    }

    /** What is written, by key or tensor, for people to read. */
    Map<String, String> changes();

    /** The keys of {@code config.json} that say the encoding, as a JSON object on a line; empty for a format without that file. */
    default Optional<String> block() {
        return Optional.empty();
    }

    /** What whoever serves the result should know; whole sentences. */
    List<String> notes();

    /** Commands that serve it, by engine; {@code OUT} stands for the output's path. */
    Map<String, String> serving();

    /**
     * The same with new values for some parameters, as files for a folder of the caller's, who names and places them. The file
     * that makes the folder a model comes last.
     *
     * <p>A Hugging Face folder's tokenizer and other files are carried over; its weights become one file. Files about the
     * former weights are left out: its card, the record of its training, other formats. A GGUF file is one
     * file, {@value GgufExport#FILE}.
     *
     * @throws IllegalArgumentException if the model was opened without its weights
     */
    Map<String, AtomicFile.Content> files(ChangedWeights changed) throws IOException;

    /**
     * Refuses a place that {@link #write} would refuse, with whatever is carried copied, and writes nothing; the folder around the
     * place is made if it is missing. For callers with hours of work before they write.
     *
     * @param replace whether an earlier export that nobody changed may be replaced
     * @throws IllegalArgumentException as {@link #write} does
     * @throws resonance.study.FolderInUseException if somebody else writes there
     */
    void requirePlace(Path out, boolean replace) throws IOException;

    /**
     * Writes it under a temporary name and moves it to its place when it is whole. Whatever ends the writing early, a
     * full disk included, leaves nothing behind and an existing output as it was.
     *
     * @param out where to; its folder is made if it is missing
     * @param output how
     * @param progress told how far it is
     * @param stop asked now and then; true ends the writing
     * @throws IllegalArgumentException if {@code out} is the model itself, in it or around it, can't be what is to be written,
     *     exists and may not be replaced, or the disk has not enough room
     * @throws resonance.study.FolderInUseException if somebody else writes there
     * @throws java.util.concurrent.CancellationException if it was stopped
     * @throws IOException if reading or writing fails
     */
    void write(Path out, ExportOutput output, ExportProgress progress, BooleanSupplier stop) throws IOException;
}
