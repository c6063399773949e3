package resonance.evaluation.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import resonance.report.Page;
import resonance.report.html.HtmlPage;
import resonance.study.Provenance;
import resonance.study.StudyRecords;
import resonance.study.WrittenFiles;

/**
 * What people and scripts read of a study. It is made from the records of its folder alone and at any time: what is not
 * finished yet is shown as a dash, and page and tables say how much is missing.
 */
public interface Report {
    /** Name of the page in a study's folder. */
    String PAGE_NAME = "report.html";

    /** Name of the JSON document in a study's folder. */
    String documentName();

    /** What it is made of. */
    StudyRecords<?, ?> records();

    /** The JSON document, indented. */
    String toJson();

    /** The page. */
    Page page();

    /** Prints the page's main tables as plain text for a terminal, with a line or two explaining each. */
    void print(PrintWriter out);

    /** Every run that made one of the cells, the latest first; the one that opened the folder if none is finished. */
    default List<Provenance> provenances() {
        return records().provenances();
    }

    /**
     * Writes the JSON document and the page into a study's folder, in place of older ones. For the folder's owner.
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
