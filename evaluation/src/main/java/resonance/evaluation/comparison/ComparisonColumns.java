package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import resonance.evaluation.Accuracy;
import resonance.evaluation.Comparison;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.PairedDifference;
import resonance.evaluation.ReferenceTable;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;

/**
 * The columns of a comparison's tables, on a page as in a terminal: a group for each task, in it accuracy beyond the trained
 * length, the published figure beside it where there is one, and accuracy within.
 *
 * @param comparison what is shown
 * @param reference published figures
 * @param missing what stands where there is no value
 */
record ComparisonColumns(Comparison comparison, ReferenceTable reference, Cell missing) {

    /** Writes the accuracy of one task and encoding. */
    interface AccuracyCell {
        Cell of(String task, String encoding, Accuracy accuracy);
    }

    /** A column of a task's group: its heading, and the cell of an encoding. */
    private record Column(String heading, Function<String, Cell> cell) {}

    /** Accuracies of every encoding of the plan. */
    Table accuracies(
            String title,
            String explanation,
            BiFunction<String, List<Cell>, Row> row,
            AccuracyCell accuracy,
            Function<ReferenceTable.Entry, Cell> published) {
        return table(title, explanation, "Encoding", comparison.plan().encodings(), row, task -> {
            List<Column> columns = new ArrayList<>();
            columns.add(new Column("OOD", encoding -> accuracy.of(task, encoding, Accuracy.OOD)));
            if (reference.entries().stream().anyMatch(entry -> entry.task().equals(task))) {
                columns.add(new Column(
                        reference.name() + " OOD",
                        encoding -> orMissing(reference.entry(task, encoding).map(published))));
            }
            columns.add(new Column("ID", encoding -> accuracy.of(task, encoding, Accuracy.ID)));
            return columns;
        });
    }

    /** What Resonance changes for every encoding that was run with and without it. */
    Table differences(
            String title,
            String explanation,
            String rowHeading,
            BiFunction<String, List<Cell>, Row> row,
            Function<PairedDifference, Cell> difference) {
        Function<String, List<Column>> columns = task -> List.of(
                new Column("OOD", encoding -> difference(task, encoding, Accuracy.OOD, difference)),
                new Column("ID", encoding -> difference(task, encoding, Accuracy.ID, difference)));
        return table(title, explanation, rowHeading, comparison.plan().pairedEncodings(), row, columns);
    }

    private Cell difference(
            String task, String encoding, Accuracy accuracy, Function<PairedDifference, Cell> difference) {
        return orMissing(comparison.resonanceEffect(task, encoding, accuracy).map(difference));
    }

    private Cell orMissing(Optional<Cell> cell) {
        return cell.orElse(missing);
    }

    private Table table(
            String title,
            String explanation,
            String rowHeading,
            List<String> encodings,
            BiFunction<String, List<Cell>, Row> row,
            Function<String, List<Column>> columnsOfTask) {
        List<String> tasks = comparison.plan().tasks();
        List<Group> groups = tasks.stream()
                .map(task -> new Group(
                        DisplayNames.ofTask(task),
                        columnsOfTask.apply(task).stream().map(Column::heading).toList()))
                .toList();
        List<Row> rows = encodings.stream()
                .map(encoding -> row.apply(
                        encoding,
                        tasks.stream()
                                .flatMap(task -> columnsOfTask.apply(task).stream())
                                .map(column -> column.cell().apply(encoding))
                                .toList()))
                .toList();
        return new Table(title, explanation, rowHeading, groups, rows);
    }
}
