package resonance.evaluation.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.ComparisonTable;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.StudyReport;
import resonance.study.Provenance;
import resonance.study.StudyRecords;

/**
 * A PosGen comparison as people and scripts read it.
 *
 * @param comparison the cells finished so far
 * @param reference published figures to set beside ours
 * @param angles rotation angles for the page
 */
public record ComparisonStudy(Comparison comparison, ReferenceTable reference, List<RotationAngles> angles)
        implements StudyReport {

    /**
     * What a comparison's folder says of it beside its cells.
     *
     * @param cells which cells it consists of
     * @param reference published figures to set beside ours, possibly {@link ReferenceTable#none()}
     * @param angles rotation angles for the page
     */
    public record Plan(ComparisonPlan cells, ReferenceTable reference, List<RotationAngles> angles) {
        public Plan {
            angles = List.copyOf(angles);
        }
    }

    public ComparisonStudy {
        angles = List.copyOf(angles);
    }

    /** Reads what a comparison's folder holds, finished or not. */
    public static ComparisonStudy read(Path folder) throws IOException {
        StudyRecords<Plan, ComparisonCell> records = StudyRecords.read(folder, Plan.class, ComparisonCell.class);
        Comparison comparison = new Comparison(
                records.plan().cells(),
                records.settings(),
                records.provenance(),
                records.otherProvenances(),
                records.results());
        return new ComparisonStudy(
                comparison, records.plan().reference(), records.plan().angles());
    }

    @Override
    public String documentName() {
        return "comparison.json";
    }

    @Override
    public String toJson() {
        return comparison.toJson();
    }

    @Override
    public List<Provenance> provenances() {
        return Stream.concat(Stream.of(comparison.provenance()), comparison.otherProvenances().stream())
                .toList();
    }

    @Override
    public ReportPage page() {
        return new ComparisonReport(comparison, reference, angles).page();
    }

    @Override
    public void print(PrintWriter out) {
        new ComparisonTable(comparison, reference, Set.of()).print(out);
    }

    @Override
    public boolean complete() {
        return comparison.complete();
    }
}
