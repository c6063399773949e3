package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import resonance.language.RunListener;

/**
 * A measurement of a language model in a folder, as the command line runs, shows and reports it.
 *
 * @param <K> names one cell of the measurement
 * @param <C> a finished cell
 */
interface Measurement<K, C> {
    /** Where finished cells and the report are kept. */
    Path folder();

    /** All cells, finished or not. */
    int cells();

    List<K> missing();

    /** Measures the missing cells; false if it was stopped before the end. */
    boolean run(RunListener<K, C> listener, BooleanSupplier stop) throws IOException;

    /** A finished cell's name and result, for people; empty if there are too many cells for a line each. */
    Optional<String> outcome(C cell);

    /** Writes the page and the JSON document of what is finished, in place of older ones. */
    void writeReport() throws IOException;

    /** Prints what is finished as a JSON document. */
    void printJson(PrintWriter out) throws IOException;

    /** Prints what is finished as a table. */
    void printTable(PrintWriter out) throws IOException;

    /** The page. */
    default Path report() {
        return folder().resolve("report.html");
    }
}
