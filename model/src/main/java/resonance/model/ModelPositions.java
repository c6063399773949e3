package resonance.model;

import java.nio.file.Path;
import java.util.List;
import resonance.rope.Rounding;

/**
 * A model as far as its positions go: a configuration with weights or without them, whatever their format, or a GGUF file. A
 * {@link Model} that can be run is one of these. {@code resonance.model.reading} opens them.
 */
public interface ModelPositions extends AutoCloseable {
    /** What was opened. */
    Path path();

    /** What the files call the model; the file's or folder's name if they say nothing. */
    String name();

    /** What the files say of positions. */
    PositionSettings positions();

    /** How the model's frequencies were rounded, as an export of ours says in the file; {@link Rounding#NONE} if nothing says. */
    default Rounding saidRounding() {
        return Rounding.NONE;
    }

    /**
     * Its sizes and how its weights are stored.
     *
     * @throws ModelFormatException if the files do not say, or are of a kind whose sizes are not known
     */
    ModelSizes sizes();

    /** Settings of the files that have no effect here, as they have none in the engine they are for; one line each. */
    List<String> warnings();

    @Override
    void close();
}
