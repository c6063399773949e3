package resonance.evaluation.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import resonance.evaluation.AtomicFile;
import resonance.report.Page;
import resonance.report.html.HtmlPage;

/**
 * The results of an experiment as a page, and its main tables for a terminal. Both can be made at any time: what is not
 * finished yet is shown as a dash, and they say how much is missing.
 */
public interface Report {

    /** The page. */
    Page page();

    /** Prints the page's main tables as plain text for a terminal, with a line or two explaining each. */
    void print(PrintWriter out);

    /** Writes the page as one HTML file; a reader sees the old file or the whole new one, never a part. */
    default void writeHtml(Path file) throws IOException {
        AtomicFile.write(file, HtmlPage.of(page()));
    }
}
