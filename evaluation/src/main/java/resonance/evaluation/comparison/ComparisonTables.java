package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.Accuracy;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.PairedDifference;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.Summary;
import resonance.evaluation.report.EncodingStyles;
import resonance.evaluation.report.Wording;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;
import resonance.rope.EncodingName;

/**
 * The tables of a comparison. On a page as in a terminal, a task is a group of columns: accuracy beyond the trained length,
 * the published figure beside it where there is one, and accuracy within.
 */
record ComparisonTables(Comparison comparison, ReferenceTable reference, EncodingStyles styles) {

    /** A column of a task's group: its heading, and the cell of an encoding where there is a value. */
    private record Column(String heading, Function<EncodingName, Optional<Cell>> cell) {}

    /** Accuracies on a page. */
    Table accuracies() {
        String explanation = comparison.plan().seeds().size() == 1
                ? "In %, from a single seed."
                : "In %: mean ± standard deviation over the seeds, and below it the lowest and the highest.";
        return table(
                "Accuracy",
                reference.entries().isEmpty()
                        ? explanation
                        : explanation + " Under \"" + reference.name() + " OOD\": " + reference.source() + ".",
                "Encoding",
                comparison.plan().encodings(),
                styles::row,
                Cell.MISSING,
                task -> accuracyColumns(task, this::accuracy, "± "));
    }

    private Cell accuracy(Summary seeds, Accuracy accuracy) {
        String range = seeds.count() == 1
                ? ""
                : String.format(Locale.ROOT, "%.1f to %.1f", 100 * seeds.min(), 100 * seeds.max());
        String partial = partial(seeds).isEmpty() ? "" : partial(seeds) + " seeds";
        return new Cell(
                seeds.inPercent(),
                Stream.of(range, partial).filter(part -> !part.isEmpty()).collect(Collectors.joining("; ")),
                accuracy == Accuracy.OOD ? seeds.mean() : null);
    }

    /** Accuracies in a terminal. */
    Table terminalAccuracies() {
        return table(
                "",
                "",
                "Encoding",
                comparison.plan().encodings(),
                ComparisonTables::terminalRow,
                Cell.of("-"),
                task -> accuracyColumns(task, (seeds, accuracy) -> Cell.of(seeds.inPercent(), partial(seeds)), ""));
    }

    private String partial(Summary seeds) {
        return Wording.partial(seeds.count(), comparison.plan().seeds().size());
    }

    private List<Column> accuracyColumns(
            String task, BiFunction<Summary, Accuracy, Cell> accuracy, String beforeSpread) {
        List<Column> columns = new ArrayList<>();
        for (Accuracy kind : List.of(Accuracy.OOD, Accuracy.ID)) {
            columns.add(new Column(
                    kind.name(),
                    encoding -> comparison.accuracy(task, encoding, kind).map(seeds -> accuracy.apply(seeds, kind))));
        }
        if (reference.entries().stream().anyMatch(entry -> entry.task().equals(task))) {
            columns.add(
                    1,
                    new Column(
                            reference.name() + " OOD",
                            encoding -> reference
                                    .entry(task, encoding)
                                    .map(entry -> Cell.of(
                                            String.format(Locale.ROOT, "%.2f", entry.percent()),
                                            String.format(Locale.ROOT, "%s%.2f", beforeSpread, entry.spread())))));
        }
        return columns;
    }

    /** What Resonance changes, on a page. */
    Table differences() {
        return table(
                "Difference within the same seed",
                "In percentage points: mean ± standard error over the seeds, and in how many seeds Resonance was better."
                        + " A seed fixes data and initial weights, so this is the sharper comparison.",
                "Difference",
                comparison.plan().pairedEncodings(),
                (encoding, cells) -> {
                    EncodingName resonance = encoding.withResonance();
                    return new Row(resonance.label() + " minus " + encoding.label(), styles.of(resonance), cells);
                },
                Cell.MISSING,
                task -> differenceColumns(
                        task,
                        effect -> Cell.of(
                                effect.inPoints().replace('-', '−'),
                                "better in " + effect.better() + " of " + effect.count())));
    }

    /** What Resonance changes, in a terminal. */
    Table terminalDifferences() {
        return table(
                "",
                "",
                "Resonance over",
                comparison.plan().pairedEncodings(),
                ComparisonTables::terminalRow,
                Cell.of("-"),
                task -> differenceColumns(
                        task,
                        effect -> Cell.of(
                                effect.inPoints(),
                                effect.count() == 1 ? "" : effect.better() + " of " + effect.count())));
    }

    private List<Column> differenceColumns(String task, Function<PairedDifference, Cell> difference) {
        return Stream.of(Accuracy.OOD, Accuracy.ID)
                .map(kind -> new Column(
                        kind.name(),
                        encoding ->
                                comparison.resonanceEffect(task, encoding, kind).map(difference)))
                .toList();
    }

    private static Row terminalRow(EncodingName encoding, List<Cell> cells) {
        return new Row(encoding.label(), null, cells);
    }

    private Table table(
            String title,
            String explanation,
            String rowHeading,
            List<EncodingName> encodings,
            BiFunction<EncodingName, List<Cell>, Row> row,
            Cell missing,
            Function<String, List<Column>> columnsOf) {
        List<Group> groups = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (String task : comparison.plan().tasks()) {
            groups.add(new Group(
                    DisplayNames.ofTask(task),
                    columnsOf.apply(task).stream().map(Column::heading).toList()));
            columns.addAll(columnsOf.apply(task));
        }
        List<Row> rows = encodings.stream()
                .map(encoding -> row.apply(
                        encoding,
                        columns.stream()
                                .map(column -> column.cell().apply(encoding).orElse(missing))
                                .toList()))
                .toList();
        return new Table(title, explanation, rowHeading, groups, rows);
    }

    /** Every run, on a page. */
    Table runs() {
        List<Row> rows = new ArrayList<>();
        for (ComparisonCell cell : comparison.cells()) {
            rows.add(new Row(
                    DisplayNames.ofTask(cell.task()) + ", " + cell.encoding().label() + ", " + cell.seed(),
                    styles.of(cell.encoding()),
                    List.of(
                            Cell.of(String.format(Locale.ROOT, "%.2f", 100 * cell.oodAccuracy())),
                            Cell.of(String.format(Locale.ROOT, "%.2f", 100 * cell.idAccuracy())),
                            Cell.of(String.format(Locale.ROOT, "%,.0f", cell.trainTokensPerSecond())),
                            Cell.of(String.format(Locale.ROOT, "%,.1f", cell.wallSeconds())),
                            Cell.of(Wording.abbreviated(cell.parametersHash())),
                            Cell.of(Wording.abbreviated(cell.dataHash())))));
        }
        return new Table(
                "Every run",
                "Equal settings, machine and threads give equal hashes. They are shortened here and whole in the data.",
                "Task, encoding, seed",
                List.of(
                        new Group("Accuracy, %", List.of("OOD", "ID")),
                        new Group("Speed", List.of("training tokens/s", "seconds in all")),
                        new Group("SHA-256", List.of("parameters", "data"))),
                rows);
    }
}
