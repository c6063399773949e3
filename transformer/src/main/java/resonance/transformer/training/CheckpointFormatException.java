package resonance.transformer.training;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown where a file is no usable checkpoint: names the file, the field, the rule and the value. */
public final class CheckpointFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointFormatException(Path file, String field, String problem) {
        super(file + ": " + field + " " + problem);
    }
}
