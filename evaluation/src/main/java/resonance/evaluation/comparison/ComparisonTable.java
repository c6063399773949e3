package resonance.evaluation.comparison;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import resonance.evaluation.Accuracy;
import resonance.evaluation.CellKey;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.PairedDifference;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.Summary;
import resonance.evaluation.report.Wording;
import resonance.report.Table.Cell;
import resonance.report.Table.Row;
import resonance.report.text.TextTable;

/**
 * A comparison as plain text for a terminal: accuracies with encodings as rows and tasks as groups of columns, like the
 * paper's table 1, then what Resonance changes, paired by seed.
 *
 * <p>Accuracies are mean ± standard deviation in percent, differences mean ± standard error in percentage points. A cell
 * without a finished seed shows "running" or "-"; one with some seeds finished says how many. Tasks that do not fit
 * beside each other in {@value TextTable#MAX_WIDTH} columns follow below.
 *
 * @param comparison what to show, finished or not
 * @param reference published figures to set beside ours, possibly {@link ReferenceTable#none()}
 * @param running cells being computed now
 */
public record ComparisonTable(Comparison comparison, ReferenceTable reference, Set<CellKey> running) {

    public ComparisonTable {
        running = Set.copyOf(running);
    }

    /** A table of a finished comparison, without published figures. */
    public static ComparisonTable of(Comparison comparison) {
        return new ComparisonTable(comparison, ReferenceTable.none(), Set.of());
    }

    /** Prints the tables and one line explaining each. */
    public void print(PrintWriter out) {
        ComparisonPlan plan = comparison.plan();
        ComparisonColumns columns = new ComparisonColumns(comparison, reference, Cell.of("-"));
        int seeds = plan.seeds().size();
        out.printf(
                Locale.ROOT,
                "Accuracy in %%, %s%n",
                seeds == 1 ? "one seed" : "mean ± standard deviation over " + seeds + " seeds");
        out.printf(
                Locale.ROOT,
                "(OOD: positions %d to %d, beyond the trained length; ID: positions %d to %d, within it)%n",
                plan.trainedLength(),
                plan.testLength() - 1,
                plan.seedTokens(),
                plan.trainedLength() - 1);
        TextTable.print(
                columns.accuracies("", "", ComparisonTable::row, this::accuracy, ComparisonTable::published), out);
        if (!reference.entries().isEmpty()) {
            out.printf(Locale.ROOT, "(%s: %s)%n", reference.name(), reference.source());
        }
        if (!plan.pairedEncodings().isEmpty()) {
            out.printf("%nWhat Resonance changes within the same seed, in percentage points%n");
            if (seeds > 1) {
                out.printf("(mean ± standard error; in brackets, in how many seeds it was better)%n");
            }
            TextTable.print(
                    columns.differences("", "", "Resonance over", ComparisonTable::row, ComparisonTable::difference),
                    out);
        }
        out.flush();
    }

    private static Row row(String encoding, List<Cell> cells) {
        return new Row(DisplayNames.ofEncoding(encoding), null, cells);
    }

    private Cell accuracy(String task, String encoding, Accuracy accuracy) {
        int seeds = comparison.plan().seeds().size();
        Optional<Summary> summary = comparison.accuracy(task, encoding, accuracy);
        if (summary.isEmpty()) {
            boolean started = running.stream()
                    .anyMatch(key -> key.task().equals(task) && key.encoding().equals(encoding));
            return Cell.of(started ? "running" : "-");
        }
        return Cell.of(summary.get().inPercent(), Wording.partial(summary.get().count(), seeds));
    }

    private static Cell published(ReferenceTable.Entry entry) {
        return Cell.of(
                String.format(Locale.ROOT, "%.2f", entry.percent()),
                String.format(Locale.ROOT, "%.2f", entry.spread()));
    }

    private static Cell difference(PairedDifference effect) {
        return Cell.of(effect.inPoints(), effect.count() == 1 ? "" : effect.better() + " of " + effect.count());
    }
}
