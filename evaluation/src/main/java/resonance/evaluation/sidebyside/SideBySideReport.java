package resonance.evaluation.sidebyside;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import resonance.evaluation.Interval;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.ReportDocument;
import resonance.evaluation.report.Wording;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Series;
import resonance.report.LineChart.Unit;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Page;
import resonance.report.Section;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.text.TextTable;
import resonance.study.Provenance;

/**
 * Several studies as one page: for every suite, protocol and group of texts a table with models and encodings as rows, as the paper's
 * table 2 has them, what changes against the baseline, and the curves over length.
 *
 * @param results what to report
 * @param tested which rows are tested against which, corrected for their number table by table
 */
public record SideBySideReport(SideBySide results, TestedRows tested) implements ReportDocument {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "side-by-side.json";

    private static final String INTERVALS =
            "Mean, and its 95 % interval by Student's t. Over seeds it speaks of other trainings on the same texts and"
                    + " questions; over questions, trials or documents of others of these; over windows or blocks of that text"
                    + " alone. A difference is decided where the interval does not contain 0; each stands alone: of twenty"
                    + " without any effect, one is decided by chance; report --pairs corrects for their number.";

    /** What a terminal shows where a row was not measured. */
    private static final Cell UNMEASURED = Cell.of("-");

    private static final Cell NOT_PAIRED = Cell.of("not paired");

    /** Tasks side by side in a terminal. */
    private static final int COLUMNS = 6;

    /** Without tests. */
    public SideBySideReport(SideBySide results) {
        this(results, TestedRows.NONE);
    }

    @Override
    public String documentName() {
        return DOCUMENT;
    }

    @Override
    public String toJson() {
        return SideBySideDocument.of(results, tested);
    }

    @Override
    public Page page() {
        List<Section> sections = new ArrayList<>();
        for (Panel panel : results.panels()) {
            sections.add(table(panel, results.title(panel), panel.key().explanation(), panel.rows(), this::value));
            if (compared(panel)) {
                sections.add(table(
                        panel,
                        results.title(panel) + ": against " + results.baseline().label(),
                        "In " + panel.quantity().differenceUnit() + "; "
                                + (panel.quantity().higherIsBetter() ? "above" : "below") + " 0 is better. "
                                + INTERVALS,
                        others(panel),
                        this::difference));
            }
            PairedTests tests = new PairedTests(results, panel, tested);
            if (!tests.isEmpty()) {
                sections.add(tests.table(
                        results.title(panel) + ": paired tests",
                        String.join(" ", tests.explanation()),
                        panel.columns(),
                        Cell.MISSING));
            }
        }
        for (Quantity quantity : Quantity.values()) {
            curves(quantity).ifPresent(sections::add);
        }
        List<String> notes = results.notCompared();
        if (!notes.isEmpty()) {
            sections.add(new Table(
                    "What is not compared",
                    "Nothing of this is in a difference.",
                    "",
                    List.of(new Group("", List.of("What, and why"))),
                    IntStream.range(0, notes.size())
                            .mapToObj(i -> new Table.Row(String.valueOf(i + 1), null, List.of(Cell.of(notes.get(i)))))
                            .toList()));
        }
        sections.add(folders());
        return new Page(title(), lead(), sections, new Page.Data(documentName(), toJson()));
    }

    @Override
    public void print(PrintWriter out) {
        out.println(title());
        out.println("(" + lead() + ")");
        for (Panel panel : results.panels()) {
            out.printf(
                    "%n%s%s; %s is better%n",
                    results.title(panel),
                    panel.quantity() == Quantity.PERPLEXITY
                            ? ""
                            : ", " + panel.quantity().unit(),
                    panel.quantity().higherIsBetter() ? "higher" : "lower");
            TextTable.print(terminal(panel, panel.rows(), this::value), out);
            if (compared(panel)) {
                out.printf(
                        "%nAgainst %s, %s%s; %s 0 is better%n",
                        results.baseline().label(),
                        last(panel).isEmpty() ? "" : last(panel) + ", ",
                        panel.quantity().differenceUnit(),
                        panel.quantity().higherIsBetter() ? "above" : "below");
                out.printf(
                        "(mean and 95 %% interval by Student's t over %s; undecided where it contains 0)%n",
                        units(panel));
                TextTable.print(terminalDifferences(panel), out);
            }
            PairedTests tests = new PairedTests(results, panel, tested);
            if (!tests.isEmpty()) {
                out.printf("%nPaired tests%s%n", last(panel).isEmpty() ? "" : ", " + last(panel));
                tests.explanation().forEach(out::println);
                TextTable.print(tests.table("", "", ofLast(panel), UNMEASURED), out);
            }
        }
        List<String> notes = results.notCompared();
        if (!notes.isEmpty()) {
            out.printf("%nNot compared%n");
            notes.forEach(note -> out.println("- " + note));
        }
        out.flush();
    }

    private String title() {
        return "Side by side: " + Wording.plural(results.rows().size(), "row");
    }

    private String lead() {
        return "Models and encodings from the records of "
                + Wording.plural(results.sources().size(), "folder") + ". Baseline: "
                + results.baseline().label() + ".";
    }

    private boolean compared(Panel panel) {
        return others(panel).stream()
                .anyMatch(row -> panel.columns().stream()
                        .anyMatch(column -> results.pairing(panel, row, column).isPresent()));
    }

    private List<Row> others(Panel panel) {
        return panel.rows().stream()
                .filter(row -> !row.equals(results.baseline()))
                .toList();
    }

    /** The cell of a row in a column; empty if it was not measured there. */
    private interface CellOf {
        Optional<Cell> of(Panel panel, Row row, Column column);
    }

    private Table table(Panel panel, String title, String explanation, List<Row> rows, CellOf cell) {
        List<Group> groups = new ArrayList<>();
        if (panel.tasks().equals(List.of(""))) {
            groups.add(new Group(
                    "Length in tokens",
                    panel.lengths().stream().map(SideBySideReport::number).toList()));
        } else {
            for (int length : panel.lengths()) {
                groups.add(new Group(number(length) + " tokens", tasks(panel, length)));
            }
        }
        return new Table(title, explanation, "Model", groups, rows(panel, rows, panel.columns(), cell, Cell.MISSING));
    }

    private static List<String> tasks(Panel panel, int length) {
        return panel.columns().stream()
                .filter(column -> column.length() == length)
                .map(Column::task)
                .toList();
    }

    /** The same with groups that a terminal has room for. */
    private Table terminal(Panel panel, List<Row> rows, CellOf cell) {
        List<Group> groups = new ArrayList<>();
        for (int length : panel.lengths()) {
            List<String> tasks = tasks(panel, length);
            for (int from = 0; from < tasks.size(); from += COLUMNS) {
                groups.add(new Group(
                        number(length) + " tokens", tasks.subList(from, Math.min(tasks.size(), from + COLUMNS))));
            }
        }
        return new Table("", "", "Model", groups, rows(panel, rows, panel.columns(), cell, UNMEASURED));
    }

    /** Differences of the average, or of the only task; the page has all. */
    private Table terminalDifferences(Panel panel) {
        return new Table(
                "",
                "",
                "Model",
                panel.lengths().stream()
                        .map(length -> new Group(number(length) + " tokens", List.of("")))
                        .toList(),
                rows(panel, others(panel), ofLast(panel), this::terminalDifference, UNMEASURED));
    }

    /** The average, or the only task; empty where a table has none. */
    private static String last(Panel panel) {
        return panel.tasks().get(panel.tasks().size() - 1);
    }

    private static List<Column> ofLast(Panel panel) {
        return panel.lengths().stream()
                .map(length -> new Column(length, last(panel)))
                .toList();
    }

    private List<Table.Row> rows(Panel panel, List<Row> rows, List<Column> columns, CellOf cell, Cell missing) {
        return rows.stream()
                .map(row -> new Table.Row(
                        heading(panel, row),
                        style(row),
                        columns.stream()
                                .map(column -> cell.of(panel, row, column).orElse(missing))
                                .toList()))
                .toList();
    }

    /** "yarn (5 seeds)". */
    private static String heading(Panel panel, Row row) {
        int seeds = panel.seeds(row);
        return seeds > 1 ? row.label() + " (" + seeds + " seeds)" : row.label();
    }

    private Optional<Cell> value(Panel panel, Row row, Column column) {
        Map<String, Measured> measured = panel.measured(row, column);
        OptionalDouble mean = panel.mean(row, column);
        if (mean.isEmpty()) {
            return Optional.empty();
        }
        List<String> details = new ArrayList<>();
        if (measured.size() < panel.seeds(row)) {
            details.add(Wording.plural(measured.size(), "seed"));
        }
        measured.values().stream()
                .map(one -> Wording.partial(one.units().size(), one.planned()))
                .filter(part -> !part.isEmpty())
                .findFirst()
                .ifPresent(details::add);
        return Optional.of(Cell.of(panel.quantity().text(mean.getAsDouble()), String.join("; ", details)));
    }

    private Optional<Cell> difference(Panel panel, Row row, Column column) {
        return results.pairing(panel, row, column)
                .map(pairing -> pairing.difference()
                        .map(difference -> Cell.of(
                                panel.quantity().text(difference),
                                verdict(panel, difference) + "; " + Wording.plural(difference.units(), pairing.unit())))
                        .orElse(NOT_PAIRED));
    }

    private Optional<Cell> terminalDifference(Panel panel, Row row, Column column) {
        return results.pairing(panel, row, column)
                .map(pairing -> pairing.difference()
                        .map(difference ->
                                Cell.of(panel.quantity().text(difference) + " " + verdict(panel, difference)))
                        .orElse(NOT_PAIRED));
    }

    private static String verdict(Panel panel, Interval difference) {
        String word = difference.verdict(panel.quantity().higherIsBetter()).word();
        return difference.isOfFewAlike() && difference.mean() != 0 ? word + ", all alike" : word;
    }

    /** What the intervals in a terminal are over: "5 seeds", or "3 documents or 5 seeds" where rows differ in it. */
    private String units(Panel panel) {
        Set<String> units = new LinkedHashSet<>();
        for (Row row : others(panel)) {
            for (Column column : ofLast(panel)) {
                results.pairing(panel, row, column)
                        .ifPresent(pairing -> pairing.difference()
                                .ifPresent(
                                        difference -> units.add(Wording.plural(difference.units(), pairing.unit()))));
            }
        }
        return String.join(" or ", units);
    }

    private LineStyle style(Row row) {
        int place = results.rows().indexOf(row);
        List<Stroke> strokes = List.of(Stroke.SOLID, Stroke.DASHED, Stroke.DOTTED, Stroke.DASH_DOTTED);
        return new LineStyle(place % LineStyle.COLOURS, strokes.get(place / LineStyle.COLOURS % strokes.size()));
    }

    private Optional<Section> curves(Quantity quantity) {
        List<LineChart> charts = new ArrayList<>();
        for (Panel panel : results.panels()) {
            if (panel.quantity() == quantity && panel.lengths().size() > 1) {
                for (String task : panel.tasks()) {
                    charts.add(chart(panel, task));
                }
            }
        }
        return charts.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineCharts(
                        switch (quantity) {
                            case PERPLEXITY -> "Perplexity over length";
                            case BITS -> "Bits a byte over length";
                            case SCORE -> "Scores over length";
                            case LOSS -> "Losses over length";
                        },
                        quantity.higherIsBetter() ? "Higher is better." : "Lower is better.",
                        charts));
    }

    private LineChart chart(Panel panel, String task) {
        List<Series> series = new ArrayList<>();
        for (Row row : panel.rows()) {
            List<Double> xs = new ArrayList<>();
            List<Double> ys = new ArrayList<>();
            for (int length : panel.lengths()) {
                panel.mean(row, new Column(length, task)).ifPresent(mean -> {
                    xs.add((double) length);
                    ys.add(
                            panel.quantity() == Quantity.SCORE
                                    ? mean / 100
                                    : panel.quantity().shown(mean));
                });
            }
            if (!xs.isEmpty()) {
                series.add(new Series(row.label(), style(row), xs, ys, List.of(), List.of()));
            }
        }
        return new LineChart(
                results.title(panel) + (task.isEmpty() ? "" : ", " + task),
                Axis.logarithmic("length, tokens"),
                switch (panel.quantity()) {
                    case PERPLEXITY -> Axis.logarithmic("perplexity");
                    case SCORE -> new Axis("score", 0.0, 1.0, Unit.PERCENT);
                    case BITS, LOSS -> Axis.of(panel.quantity().unit());
                },
                series,
                panel.trainedLength().map(ByLength::boundary).orElse(null),
                null,
                "");
    }

    private Section folders() {
        BiFunction<Source, String, Cell> setting =
                (source, name) -> given(source.report().records().settings().getOrDefault(name, ""));
        return new Table(
                "Folders",
                "What each table is made of, and what ran it.",
                "Folder",
                List.of(new Group(
                        "",
                        List.of(
                                "name",
                                "seed",
                                "model",
                                "SHA-256",
                                "precision",
                                "factor",
                                "results",
                                "made by",
                                "first on"))),
                results.sources().stream()
                        .map(source -> new Table.Row(
                                source.folder().folder().toString(),
                                null,
                                List.of(
                                        given(source.folder().name()),
                                        given(source.folder().seed()),
                                        given(source.model()
                                                .map(MeasuredModel::name)
                                                .orElse("")),
                                        given(source.model()
                                                .map(model -> Wording.abbreviated(model.sha256()))
                                                .orElse("")),
                                        setting.apply(source, "precision"),
                                        setting.apply(source, "factor"),
                                        Cell.of(number(source.report()
                                                .records()
                                                .cells()
                                                .size())),
                                        Cell.of(builds(source)),
                                        given(dates(source)))))
                        .toList());
    }

    private static Cell given(String text) {
        return text.isEmpty() ? Cell.MISSING : Cell.of(text);
    }

    private static String builds(Source source) {
        return source.report().provenances().stream()
                .map(Provenance::buildAndMachine)
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String dates(Source source) {
        Set<String> dates = new LinkedHashSet<>();
        source.report().provenances().forEach(provenance -> dates.add(provenance.date()));
        return dates.stream().min(String::compareTo).orElse("");
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
