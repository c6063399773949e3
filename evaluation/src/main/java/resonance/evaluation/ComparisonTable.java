package resonance.evaluation;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import resonance.evaluation.TextTable.Column;

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
        print(out, plan.encodings(), "Encoding", this::accuracyColumns);
        if (!reference.entries().isEmpty()) {
            out.printf(Locale.ROOT, "(%s: %s)%n", reference.name(), reference.source());
        }
        if (!plan.pairedEncodings().isEmpty()) {
            out.printf("%nWhat Resonance changes within the same seed, in percentage points%n");
            if (seeds > 1) {
                out.printf("(mean ± standard error; in brackets, in how many seeds it was better)%n");
            }
            print(out, plan.pairedEncodings(), "Resonance over", this::differenceColumns);
        }
        out.flush();
    }

    private List<Column> accuracyColumns(String task) {
        List<String> rows = comparison.plan().encodings();
        List<Column> columns = new ArrayList<>();
        columns.add(column(task, "OOD", rows, encoding -> accuracy(task, encoding, Accuracy.OOD)));
        if (reference.entries().stream().anyMatch(entry -> entry.task().equals(task))) {
            columns.add(column(task, reference.name() + " OOD", rows, encoding -> published(task, encoding)));
        }
        columns.add(column(task, "ID", rows, encoding -> accuracy(task, encoding, Accuracy.ID)));
        return columns;
    }

    private List<Column> differenceColumns(String task) {
        List<String> rows = comparison.plan().pairedEncodings();
        return List.of(
                column(task, "OOD", rows, encoding -> difference(task, encoding, Accuracy.OOD)),
                column(task, "ID", rows, encoding -> difference(task, encoding, Accuracy.ID)));
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

    private Column column(String task, String heading, List<String> rows, Function<String, String> cell) {
        return new Column(
                DisplayNames.ofTask(task) + "\n" + heading,
                rows.stream().map(cell).toList());
    }

    private void print(
            PrintWriter out, List<String> rows, String rowHeading, Function<String, List<Column>> columnsOfTask) {
        new TextTable(
                        new Column(
                                rowHeading,
                                rows.stream().map(DisplayNames::ofEncoding).toList()),
                        comparison.plan().tasks().stream().map(columnsOfTask).toList())
                .print(out);
    }
}
