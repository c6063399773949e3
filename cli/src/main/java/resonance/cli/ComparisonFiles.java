package resonance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import resonance.evaluation.Comparison;
import resonance.evaluation.Provenance;
import resonance.evaluation.RecordFormatException;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.comparison.RotationAngles;

/**
 * What people and scripts read of a comparison, in its folder: {@code report.html} and {@code comparison.json}.
 *
 * @param folder the experiment's folder
 * @param reference published figures to set beside ours
 * @param angles rotation angles for the report
 */
record ComparisonFiles(Path folder, ReferenceTable reference, List<RotationAngles> angles) {

    /** Writes both files, in place of older ones. */
    void write(Comparison comparison) throws IOException {
        comparison.writeJson(comparison());
        new ComparisonReport(comparison, reference, angles).writeHtml(report());
    }

    /** The provenance of the files that are there, or this one if there are none that can be read. */
    Provenance earlierOr(Provenance now) throws IOException {
        if (!Files.exists(comparison())) {
            return now;
        }
        try {
            return Comparison.readJson(comparison()).provenance();
        } catch (RecordFormatException writtenByAnotherVersion) {
            return now;
        }
    }

    Path report() {
        return folder.resolve("report.html");
    }

    private Path comparison() {
        return folder.resolve("comparison.json");
    }
}
