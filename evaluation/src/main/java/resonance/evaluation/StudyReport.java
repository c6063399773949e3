package resonance.evaluation;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import resonance.evaluation.report.ReportPage;
import resonance.study.AtomicFile;
import resonance.study.Provenance;

/** What people and scripts read of a study, made from the records of its folder alone, finished or not. */
public interface StudyReport {
    /** Name of the page in a study's folder. */
    String PAGE_NAME = "report.html";

    /** Name of the JSON document in a study's folder. */
    String documentName();

    /** The JSON document, indented. */
    String toJson();

    /** The page. */
    ReportPage page();

    /** Prints the results as a table for a terminal. */
    void print(PrintWriter out);

    /** Every run that made one of the cells, the latest first; the one that opened the folder if none is finished. */
    List<Provenance> provenances();

    /** Whether every cell of the plan is finished. */
    boolean complete();

    /** Writes the JSON document and the page into a folder, in place of older ones. */
    default void write(Path folder) throws IOException {
        AtomicFile.write(folder.resolve(documentName()), toJson());
        page().write(folder.resolve(PAGE_NAME));
    }
}
