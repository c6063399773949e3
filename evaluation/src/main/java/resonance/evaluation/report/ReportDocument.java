package resonance.evaluation.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import resonance.report.Page;
import resonance.report.html.HtmlPage;
import resonance.study.WrittenFiles;

/** What people and scripts read: the same as a page, as text for a terminal and as JSON. */
public interface ReportDocument {
    /** Name of the page in a folder. */
    String PAGE_NAME = "report.html";

    /** Name of the JSON document in a folder. */
    String documentName();

    /** The JSON document, indented. */
    String toJson();

    /** The page. */
    Page page();

    /** Prints the page's main tables as plain text for a terminal, with a line or two explaining each. */
    void print(PrintWriter out);

    /**
     * Writes the JSON document and the page into a folder, in place of older ones. For the folder's owner.
     *
     * @return what of these names there was not ours and where it is kept now, a line each
     * @throws resonance.study.UnfitFolderException if what is ours there can't be told
     */
    default List<String> write(WrittenFiles files) throws IOException {
        try (WrittenFiles.Change change = files.change()) {
            change.write(documentName(), toJson());
            change.write(PAGE_NAME, HtmlPage.of(page()));
            List<String> kept = files.setAside(List.of(documentName(), PAGE_NAME));
            change.commit();
            return kept;
        }
    }
}
