package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.Accuracy;
import resonance.evaluation.Comparison;
import resonance.evaluation.Comparison.Difference;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.Contrast;
import resonance.evaluation.DisplayNames;
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

    /** A column of a task's group: its heading, and the cell of a row's subject where there is a value. */
    private record Column<S>(String heading, Function<S, Optional<Cell>> cell) {}

    /** Accuracies on a page. */
    Table accuracies() {
        String values = comparison.plan().seeds().size() == 1
                ? "In %, from a single seed."
                : "In %: mean ± standard deviation over the seeds, and below it the lowest and the highest.";
        String explanation = Stream.concat(Stream.of(values), learnt().stream().map(line -> line + "."))
                .collect(Collectors.joining(" "));
        return table(
                "Accuracy",
                reference.entries().isEmpty()
                        ? explanation
                        : explanation + " Under \"" + reference.name() + " OOD\": " + reference.source() + ".",
                "Encoding",
                comparison.plan().encodings(),
                styles::row,
                Cell.MISSING,
                task -> accuracyColumns(
                        task,
                        (encoding, kind) -> comparison
                                .accuracy(task, encoding, kind)
                                .map(seeds -> accuracy(seeds, kind, comparison.learnt(task, encoding))),
                        "± "));
    }

    private Cell accuracy(Summary seeds, Accuracy accuracy, int learnt) {
        String range = seeds.count() == 1
                ? ""
                : String.format(Locale.ROOT, "%.1f to %.1f", 100 * seeds.min(), 100 * seeds.max());
        String partial = partial(seeds).isEmpty() ? "" : partial(seeds) + " seeds";
        String learners =
                accuracy == Accuracy.ID && learnt < seeds.count() ? learnt + " of " + seeds.count() + " learnt" : "";
        return new Cell(
                seeds.inPercent(),
                Stream.of(range, partial, learners)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("; ")),
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
                task -> accuracyColumns(
                        task,
                        (encoding, kind) -> comparison
                                .accuracy(task, encoding, kind)
                                .map(seeds -> Cell.of(seeds.inPercent(), partial(seeds))),
                        ""));
    }

    /** How many models learnt each task, a line each: "CoT: 9 of 10 models learnt the task (ID at least 97.8 %); ...". */
    List<String> learnt() {
        return comparison.plan().tasks().stream()
                .flatMap(task -> learnt(task).stream())
                .toList();
    }

    private Optional<String> learnt(String task) {
        int models = 0;
        int learnt = 0;
        List<String> missing = new ArrayList<>();
        for (EncodingName encoding : comparison.plan().encodings()) {
            int all = comparison.cells(task, encoding).size();
            int some = comparison.learnt(task, encoding);
            models += all;
            learnt += some;
            if (some < all) {
                missing.add((all - some) + " of " + encoding.label());
            }
        }
        return models == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s: %d of %d models learnt the task (ID at least %.1f %%)%s",
                        DisplayNames.ofTask(task),
                        learnt,
                        models,
                        100 * comparison.plan().learntFrom(task),
                        missing.isEmpty() || learnt == 0 ? "" : "; not " + String.join(", ", missing)));
    }

    /** "97.8 %", or where tasks differ "97.8 % (CoT), 99.0 % (MQAR)". */
    private String learntFrom() {
        Map<String, List<String>> tasks = comparison.plan().tasks().stream()
                .collect(Collectors.groupingBy(
                        task -> String.format(
                                Locale.ROOT, "%.1f %%", 100 * comparison.plan().learntFrom(task)),
                        LinkedHashMap::new,
                        Collectors.mapping(DisplayNames::ofTask, Collectors.toList())));
        return tasks.entrySet().stream()
                .map(from -> tasks.size() == 1
                        ? from.getKey()
                        : from.getKey() + " (" + String.join(", ", from.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    private String partial(Summary seeds) {
        return Wording.partial(seeds.count(), comparison.plan().seeds().size());
    }

    private List<Column<EncodingName>> accuracyColumns(
            String task, BiFunction<EncodingName, Accuracy, Optional<Cell>> accuracy, String beforeSpread) {
        List<Column<EncodingName>> columns = new ArrayList<>();
        for (Accuracy kind : List.of(Accuracy.OOD, Accuracy.ID)) {
            columns.add(new Column<>(kind.name(), encoding -> accuracy.apply(encoding, kind)));
        }
        if (reference.entries().stream().anyMatch(entry -> entry.task().equals(task))) {
            columns.add(
                    1,
                    new Column<>(
                            reference.name() + " OOD",
                            encoding -> reference
                                    .entry(task, encoding)
                                    .map(entry -> Cell.of(
                                            String.format(Locale.ROOT, "%.2f", entry.percent()),
                                            String.format(Locale.ROOT, "%s%.2f", beforeSpread, entry.spread())))));
        }
        return columns;
    }

    /** What an encoding changes against its baseline, on a page. */
    Table differences() {
        return table(
                "Differences within the same seed",
                "In percentage points: mean, and its 95 % interval by Student's t over the seeds. A difference is decided where the"
                        + " interval does not contain 0; one seed has no interval. A seed fixes data and initial weights, so this"
                        + " is the sharper comparison. Learnt are the seeds in which both models reached an ID accuracy of "
                        + learntFrom()
                        + "; of others a line says little. Each line stands alone: among twenty without any effect, one is"
                        + " decided by chance.",
                "Difference",
                comparison.plan().contrasts(),
                (contrast, cells) -> new Row(contrast.label(), styles.of(contrast.encoding()), cells),
                Cell.MISSING,
                task -> Stream.of(Accuracy.OOD, Accuracy.ID)
                        .map(kind -> differenceColumn(
                                kind.name(),
                                task,
                                kind,
                                line -> Cell.of(
                                        line.values().inPoints(),
                                        line.values().verdict().word() + "; better in " + better(line) + "; learnt "
                                                + learnt(line))))
                        .toList());
    }

    /** What an encoding changes of the OOD accuracy against its baseline, in a terminal. */
    Table terminalDifferences() {
        return table(
                "",
                "",
                "Difference",
                comparison.plan().contrasts(),
                (contrast, cells) -> new Row(contrast.label(), null, cells),
                Cell.of("-"),
                task -> List.of(
                        terminalColumn("OOD", task, line -> line.values().inPoints()),
                        terminalColumn(
                                "verdict", task, line -> line.values().verdict().word()),
                        terminalColumn("better", task, ComparisonTables::better),
                        terminalColumn("learnt", task, ComparisonTables::learnt)));
    }

    private Column<Contrast> terminalColumn(String heading, String task, Function<Difference, String> text) {
        return differenceColumn(heading, task, Accuracy.OOD, line -> Cell.of(text.apply(line)));
    }

    private Column<Contrast> differenceColumn(
            String heading, String task, Accuracy accuracy, Function<Difference, Cell> cell) {
        return new Column<>(
                heading,
                contrast -> comparison.difference(task, contrast, accuracy).map(cell));
    }

    private static String better(Difference line) {
        return line.values().better() + " of " + line.values().count();
    }

    private static String learnt(Difference line) {
        return line.learnt() + " of " + line.values().count();
    }

    private static Row terminalRow(EncodingName encoding, List<Cell> cells) {
        return new Row(encoding.label(), null, cells);
    }

    private <S> Table table(
            String title,
            String explanation,
            String rowHeading,
            List<S> subjects,
            BiFunction<S, List<Cell>, Row> row,
            Cell missing,
            Function<String, List<Column<S>>> columnsOf) {
        List<Group> groups = new ArrayList<>();
        List<Column<S>> columns = new ArrayList<>();
        for (String task : comparison.plan().tasks()) {
            List<Column<S>> own = columnsOf.apply(task);
            groups.add(new Group(
                    DisplayNames.ofTask(task), own.stream().map(Column::heading).toList()));
            columns.addAll(own);
        }
        List<Row> rows = subjects.stream()
                .map(subject -> row.apply(
                        subject,
                        columns.stream()
                                .map(column -> column.cell().apply(subject).orElse(missing))
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
