package resonance.language.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A kind of file with documents that {@link Document#read} has no reader of its own for. One is found by {@link
 * java.util.ServiceLoader}.
 */
public interface DocumentFormat {
    /**
     * The endings of such files' names, in lower case.
     *
     * @return for example {@code .parquet}
     */
    List<String> endings();

    /**
     * Reads a file's documents in the order of its rows.
     *
     * @param field name of the column that holds text or token ids
     * @return at least one
     * @throws IllegalArgumentException if the file is none of this kind or damaged, lacks the column or a row has nothing in it; the
     *     message names file and row
     */
    List<Document> read(Path file, String field) throws IOException;
}
