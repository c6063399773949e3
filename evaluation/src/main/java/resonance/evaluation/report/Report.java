package resonance.evaluation.report;

import java.util.List;
import resonance.study.Provenance;
import resonance.study.StudyRecords;

/**
 * What people and scripts read of a study. It is made from the records of its folder alone and at any time: what is not
 * finished yet is shown as a dash, and page and tables say how much is missing.
 */
public interface Report extends ReportDocument {
    /** What it is made of. */
    StudyRecords<?, ?> records();

    /** Every run that made one of the cells, the latest first; the one that opened the folder if none is finished. */
    default List<Provenance> provenances() {
        return records().provenances();
    }
}
