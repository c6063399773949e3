package resonance.evaluation;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A comparison as plain text for a terminal: accuracies with encodings as rows and tasks as groups of columns, like the
 * paper's table 1, then what Resonance changes, paired by seed.
 *
 * <p>Accuracies are mean ± standard deviation in percent, differences mean ± standard error in percentage points. A cell
 * without a finished seed shows "running" or "-"; one with some seeds finished says how many. Tasks that do not fit
 * beside each other in {@value #MAX_WIDTH} columns follow below.
 *
 * @param comparison what to show, finished or not
 * @param reference published figures to set beside ours, possibly {@link ReferenceTable#none()}
 * @param running cells being computed now
 */
public record ComparisonTable(Comparison comparison, ReferenceTable reference, Set<CellKey> running) {

    /** Widest the tables get, in characters, unless a single task needs more. */
    public static final int MAX_WIDTH = 100;

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
        printBlocks(out, plan.encodings(), "Encoding", this::accuracyColumns);
        if (!reference.entries().isEmpty()) {
            out.printf(Locale.ROOT, "(%s: %s)%n", reference.name(), reference.source());
        }
        if (!plan.pairedEncodings().isEmpty()) {
            out.printf("%nWhat Resonance changes within the same seed, in percentage points%n");
            if (seeds > 1) {
                out.printf("(mean ± standard error; in brackets, in how many seeds it was better)%n");
            }
            printBlocks(out, plan.pairedEncodings(), "Resonance over", this::differenceColumns);
        }
        out.flush();
    }

    private List<ColumnData<String>> accuracyColumns(String task) {
        List<ColumnData<String>> columns = new ArrayList<>();
        columns.add(column(task, "OOD", encoding -> accuracy(task, encoding, Accuracy.OOD)));
        if (reference.entries().stream().anyMatch(entry -> entry.task().equals(task))) {
            columns.add(column(task, reference.name() + " OOD", encoding -> published(task, encoding)));
        }
        columns.add(column(task, "ID", encoding -> accuracy(task, encoding, Accuracy.ID)));
        return columns;
    }

    private List<ColumnData<String>> differenceColumns(String task) {
        return List.of(
                column(task, "OOD", encoding -> difference(task, encoding, Accuracy.OOD)),
                column(task, "ID", encoding -> difference(task, encoding, Accuracy.ID)));
    }

    private String accuracy(String task, String encoding, Accuracy accuracy) {
        int seeds = comparison.plan().seeds().size();
        Optional<Summary> summary = comparison.accuracy(task, encoding, accuracy);
        if (summary.isEmpty()) {
            boolean started = running.stream()
                    .anyMatch(key -> key.task().equals(task) && key.encoding().equals(encoding));
            return started ? "running" : "-";
        }
        return summary.get().inPercent() + partial(summary.get().count(), seeds);
    }

    private String published(String task, String encoding) {
        return reference
                .entry(task, encoding)
                .map(entry -> String.format(Locale.ROOT, "%.2f (%.2f)", entry.percent(), entry.spread()))
                .orElse("-");
    }

    private String difference(String task, String encoding, Accuracy accuracy) {
        return comparison
                .resonanceEffect(task, encoding, accuracy)
                .map(effect -> effect.inPoints()
                        + (effect.count() == 1 ? "" : " (" + effect.better() + " of " + effect.count() + ")"))
                .orElse("-");
    }

    private static String partial(int finished, int planned) {
        return finished == planned ? "" : " (" + finished + " of " + planned + ")";
    }

    private static ColumnData<String> column(String task, String heading, Function<String, String> cell) {
        return new Column()
                .header(DisplayNames.ofTask(task) + "\n" + heading)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(cell);
    }

    /** Prints as many tasks side by side as fit, then the next ones below. */
    private void printBlocks(
            PrintWriter out,
            List<String> rows,
            String rowHeading,
            Function<String, List<ColumnData<String>>> columnsOfTask) {
        ColumnData<String> names = new Column()
                .header(rowHeading)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(DisplayNames::ofEncoding);
        List<ColumnData<String>> block = new ArrayList<>(List.of(names));
        for (String task : comparison.plan().tasks()) {
            List<ColumnData<String>> wider = new ArrayList<>(block);
            wider.addAll(columnsOfTask.apply(task));
            if (block.size() > 1 && width(render(rows, wider)) > MAX_WIDTH) {
                out.println(render(rows, block));
                block = new ArrayList<>(List.of(names));
                block.addAll(columnsOfTask.apply(task));
            } else {
                block = wider;
            }
        }
        out.println(render(rows, block));
    }

    private static int width(String table) {
        return table.indexOf('\n') < 0 ? table.length() : table.indexOf('\n');
    }

    private static String render(List<String> rows, List<ColumnData<String>> columns) {
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, columns)
                .replace("\r\n", "\n");
    }
}
