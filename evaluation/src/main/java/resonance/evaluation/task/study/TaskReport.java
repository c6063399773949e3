package resonance.evaluation.task.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import resonance.evaluation.Contrast;
import resonance.evaluation.Interval;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.EncodingStyles;
import resonance.evaluation.report.ProvenanceSections;
import resonance.evaluation.report.Report;
import resonance.evaluation.report.Wording;
import resonance.evaluation.task.TaskSuite;
import resonance.evaluation.task.study.TaskPlan.PlannedTask;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Unit;
import resonance.report.LineCharts;
import resonance.report.Page;
import resonance.report.Section;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;
import resonance.report.text.TextTable;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/**
 * An evaluation as a page: scores as in the paper's table 2 (encodings down, tasks across, their average last), the loss of right
 * answers, differences on the same questions, scores over length.
 *
 * @param results what to report, finished or not
 */
public record TaskReport(TaskResults results) implements Report {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "evaluate.json";

    /** Tasks side by side in a terminal. */
    private static final int COLUMNS = 6;

    /** One column of the tables. */
    private record Column(int length, String task) {}

    /**
     * Reads what a study's folder holds, finished or not, and scores it anew.
     *
     * @param suites gives a suite by its name
     */
    public static TaskReport read(Path folder, Function<String, TaskSuite> suites) throws IOException {
        StudyRecords<TaskPlan, TaskAnswer> records = StudyRecords.read(folder, TaskPlan.class, TaskAnswer.class);
        return new TaskReport(
                new TaskResults(records, suites.apply(records.plan().suite())));
    }

    @Override
    public String documentName() {
        return DOCUMENT;
    }

    @Override
    public StudyRecords<?, ?> records() {
        return results.records();
    }

    @Override
    public String toJson() {
        return records().document(TaskDocument.of(results));
    }

    @Override
    public Page page() {
        TaskPlan plan = results.plan();
        EncodingStyles styles = new EncodingStyles(plan.encodings());
        List<Section> sections = new ArrayList<>();
        sections.add(table(
                "Scores",
                "In %; higher is better. The average is the mean of the tasks, whatever their number of questions.",
                "Encoding",
                plan.encodings(),
                encoding -> styles.row(encoding, cells(encoding, this::score))));
        if (!plan.contrasts().isEmpty()) {
            sections.add(table(
                    "Differences on the same questions",
                    "In points: mean, and its 95 % interval by Student's t over questions. Above 0 is better; a difference is"
                            + " decided where the interval does not contain 0. Questions about one document are less"
                            + " independent than that, and each line stands alone: among twenty without any effect, one is"
                            + " decided by chance.",
                    "Difference",
                    plan.contrasts(),
                    contrast -> new Row(
                            contrast.label(), styles.of(contrast.encoding()), cells(contrast, this::difference))));
        }
        if (lossMeasured()) {
            sections.add(table(
                    "Loss of right answers",
                    "Mean loss of a right answer's own tokens after the prompt, in nats a token; lower is better. It tells"
                            + " encodings apart where a model cannot write the answer down.",
                    "Encoding",
                    plan.encodings(),
                    encoding -> styles.row(encoding, cells(encoding, this::loss))));
            if (!plan.contrasts().isEmpty()) {
                sections.add(table(
                        "Differences of that loss",
                        "Nats a token, on the same questions; below 0 is better.",
                        "Difference",
                        plan.contrasts(),
                        contrast -> new Row(
                                contrast.label(),
                                styles.of(contrast.encoding()),
                                cells(contrast, this::lossDifference))));
            }
        }
        if (plan.lengths().size() > 1 && !results.scores().isEmpty()) {
            sections.add(curves());
        }
        sections.add(asked());
        sections.add(new KeyValues("Settings", "", records().settings()));
        sections.addAll(ProvenanceSections.of(provenances(), Map.of()));
        return new Page(
                "How well does " + plan.model().name() + " answer "
                        + results.suite().label() + "?",
                Wording.lead(lead(), records().cells().size(), plan.cells().size(), "answers"),
                sections,
                new Page.Data(documentName(), toJson()));
    }

    /** Prints encodings as rows and tasks as columns, length by length. A cell with some questions finished says how many. */
    @Override
    public void print(PrintWriter out) {
        TaskPlan plan = results.plan();
        out.printf(
                Locale.ROOT,
                "%s of %s; trained length %,d tokens%n",
                results.suite().label(),
                plan.model().name(),
                plan.model().trainedLength());
        out.printf("(scores in %%; prompts: %s; %s)%n", plan.style().word(), questionsText());
        printTable(out, "Encoding", plan.encodings(), EncodingName::label, this::score);
        if (lossMeasured()) {
            out.printf("%nLoss of right answers after the prompt, nats a token; lower is better%n");
            printTable(out, "Encoding", plan.encodings(), EncodingName::label, this::loss);
        }
        if (!plan.contrasts().isEmpty()) {
            out.printf("%nDifferences on the same questions, in points; above 0 is better%n");
            out.printf("(mean and 95 %% interval by Student's t over questions; undecided where it contains 0)%n");
            printDifferences(out, TaskDifference::points, true);
            if (lossMeasured()) {
                out.printf("%nDifferences of the loss, nats a token; below 0 is better%n");
                printDifferences(out, TaskDifference::loss, false);
            }
        }
        out.flush();
    }

    /** Differences of the average, or of the only task; the page has all. */
    private void printDifferences(PrintWriter out, Function<TaskDifference, Interval> value, boolean higherIsBetter) {
        List<String> names = results.tasksAndAverage();
        String name = names.get(names.size() - 1);
        TaskPlan plan = results.plan();
        ByLength byLength =
                new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
        TextTable.print(
                byLength.terminalTable(
                        "Difference (" + name + ")",
                        plan.contrasts(),
                        Contrast::label,
                        (contrast, length) -> results.difference(contrast, length, name)
                                .map(value)
                                .filter(interval -> !Double.isNaN(interval.mean()))
                                .map(interval -> Cell.of(interval.decidingText(higherIsBetter ? 1 : 3) + " "
                                        + interval.verdict(higherIsBetter).word()))),
                out);
    }

    private <S> void printTable(
            PrintWriter out,
            String heading,
            List<S> rows,
            Function<S, String> label,
            BiFunction<S, Column, Optional<Cell>> cell) {
        List<String> names = results.tasksAndAverage();
        List<Column> columns = new ArrayList<>();
        List<Group> groups = new ArrayList<>();
        for (int length : results.plan().lengths()) {
            for (int from = 0; from < names.size(); from += COLUMNS) {
                List<String> some = names.subList(from, Math.min(names.size(), from + COLUMNS));
                groups.add(new Group(heading(length), some));
                some.forEach(name -> columns.add(new Column(length, name)));
            }
        }
        TextTable.print(
                new Table(
                        "",
                        "",
                        heading,
                        groups,
                        rows.stream()
                                .map(row -> new Row(
                                        label.apply(row),
                                        null,
                                        columns.stream()
                                                .map(column ->
                                                        cell.apply(row, column).orElse(Cell.of("-")))
                                                .toList()))
                                .toList()),
                out);
    }

    private <S> Table table(String title, String explanation, String heading, List<S> rows, Function<S, Row> row) {
        return new Table(
                title,
                explanation,
                heading,
                results.plan().lengths().stream()
                        .map(length -> new Group(heading(length), results.tasksAndAverage()))
                        .toList(),
                rows.stream().map(row).toList());
    }

    private <S> List<Cell> cells(S row, BiFunction<S, Column, Optional<Cell>> cell) {
        return results.plan().lengths().stream()
                .flatMap(length -> results.tasksAndAverage().stream().map(task -> new Column(length, task)))
                .map(column -> cell.apply(row, column).orElse(Cell.MISSING))
                .toList();
    }

    private Optional<Cell> score(EncodingName encoding, Column column) {
        if (column.task.equals(TaskResults.AVERAGE)) {
            return cell(results.average(encoding, column.length), "%.2f");
        }
        return results.score(encoding, column.length, column.task)
                .map(score -> Cell.of(
                        String.format(Locale.ROOT, "%.2f", score.score()),
                        Wording.partial(score.questions(), score.planned())));
    }

    private Optional<Cell> loss(EncodingName encoding, Column column) {
        OptionalDouble loss = column.task.equals(TaskResults.AVERAGE)
                ? results.averageLoss(encoding, column.length)
                : results.score(encoding, column.length, column.task).stream()
                        .mapToDouble(TaskScore::loss)
                        .findFirst();
        return cell(loss, "%.3f");
    }

    private static Optional<Cell> cell(OptionalDouble value, String format) {
        return value.isEmpty() || Double.isNaN(value.getAsDouble())
                ? Optional.empty()
                : Optional.of(Cell.of(String.format(Locale.ROOT, format, value.getAsDouble())));
    }

    private Optional<Cell> difference(Contrast contrast, Column column) {
        return results.difference(contrast, column.length, column.task)
                .map(line -> Cell.of(
                        line.points().decidingText(1),
                        line.points().verdict(true).word() + "; better in " + line.better() + ", worse in "
                                + line.worse() + " of " + line.points().units()));
    }

    private Optional<Cell> lossDifference(Contrast contrast, Column column) {
        return results.difference(contrast, column.length, column.task)
                .map(TaskDifference::loss)
                .filter(loss -> !Double.isNaN(loss.mean()))
                .map(loss -> Cell.of(loss.decidingText(3), loss.verdict(false).word()));
    }

    private Section curves() {
        TaskPlan plan = results.plan();
        ByLength byLength =
                new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
        List<LineChart> charts = new ArrayList<>();
        for (String task : results.tasksAndAverage()) {
            if (plan.lengths().stream()
                    .anyMatch(length -> plan.encodings().stream()
                            .anyMatch(encoding -> value(encoding, length, task).isPresent()))) {
                charts.add(byLength.chart(
                        task,
                        "length, tokens",
                        new Axis("score", 0.0, 1.0, Unit.PERCENT),
                        (encoding, length) -> value(encoding, length, task),
                        ""));
            }
        }
        return new LineCharts(
                "Scores over length", "Solid lines have Resonance, broken ones of the same colour do not.", charts);
    }

    /** A score as a fraction; empty where nothing is finished. */
    private OptionalDouble value(EncodingName encoding, int length, String task) {
        OptionalDouble score = task.equals(TaskResults.AVERAGE)
                ? results.average(encoding, length)
                : results.score(encoding, length, task).stream()
                        .mapToDouble(TaskScore::score)
                        .findFirst();
        return score.isEmpty() ? score : OptionalDouble.of(score.getAsDouble() / 100);
    }

    private Section asked() {
        return new Table(
                "Questions",
                "The first of each task are asked.",
                "Task",
                List.of(new Group("", List.of("asked", "of the suite's", "most tokens of an answer"))),
                results.plan().tasks().stream()
                        .map(task -> new Row(
                                task.name(),
                                null,
                                Stream.of(task.questions(), task.available(), task.newTokens())
                                        .map(count -> Cell.of(String.format(Locale.ROOT, "%,d", count)))
                                        .toList()))
                        .toList());
    }

    private boolean lossMeasured() {
        return results.scores().stream().anyMatch(score -> !Double.isNaN(score.loss()));
    }

    private String lead() {
        TaskPlan plan = results.plan();
        return String.format(
                Locale.ROOT,
                "%s: %s, %s. Prompts are written in the style %s, and answers greedily. The model was trained on %,d tokens"
                        + " at a time.",
                results.suite().label(),
                Wording.plural(plan.tasks().size(), "task"),
                questionsText(),
                plan.style().word(),
                plan.model().trainedLength());
    }

    /** "all questions", or how many of how many. */
    private String questionsText() {
        List<PlannedTask> tasks = results.plan().tasks();
        int asked = tasks.stream().mapToInt(PlannedTask::questions).sum();
        int available = tasks.stream().mapToInt(PlannedTask::available).sum();
        return asked == available
                ? "all " + asked + " questions"
                : "the first " + asked + " of " + available + " questions";
    }

    private static String heading(int length) {
        return String.format(Locale.ROOT, "%,d tokens", length);
    }
}
