package resonance.evaluation.perplexity;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import resonance.evaluation.Contrast;
import resonance.evaluation.perplexity.PerplexityRecord.DocumentPerplexity;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.EncodingStyles;
import resonance.evaluation.report.ProvenanceSections;
import resonance.evaluation.report.Report;
import resonance.evaluation.report.Wording;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Series;
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
 * A perplexity measurement as a page: curves over length, the table, what encodings change, loss by position, speed, every
 * document and setting.
 *
 * @param results what to report, finished or not
 */
public record PerplexityReport(PerplexityResults results) implements Report {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "perplexity.json";

    /** Reads what a study's folder holds, finished or not. */
    public static PerplexityReport read(Path folder) throws IOException {
        return new PerplexityReport(
                new PerplexityResults(StudyRecords.read(folder, PerplexityPlan.class, PerplexityCell.class)));
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
        return records().document(PerplexityDocument.of(results));
    }

    @Override
    public Page page() {
        PerplexityPlan plan = results.plan();
        ByLength byLength = byLength();
        EncodingStyles styles = byLength.styles();
        List<Section> sections = new ArrayList<>();
        if (!results.results().isEmpty()) {
            sections.add(curves(byLength));
        }
        sections.add(byLength.table(
                "Perplexity",
                "Lower is better. The standard error below each takes tokens for independent. Encodings read the same text, so"
                        + " the differences between them are surer than it says: see below.",
                "Encoding",
                plan.encodings(),
                this::perplexity));
        if (!plan.contrasts().isEmpty()) {
            sections.add(byLength.table(
                    "Differences on the same text",
                    "Change of the perplexity in %: mean, and its 95 % interval by Student's t over " + units()
                            + ". Below 0 is better; a difference is decided where the interval does not contain 0. Each line"
                            + " stands alone: among twenty without any effect, one is decided by chance.",
                    "Difference",
                    plan.contrasts(),
                    Contrast::label,
                    Contrast::encoding,
                    this::difference));
        }
        lossByPosition(styles).ifPresent(sections::add);
        if (plan.documents().size() > 1) {
            sections.add(byDocument(styles));
            if (!plan.contrasts().isEmpty()) {
                sections.add(differencesByDocument(styles));
            }
        }
        sections.add(byLength.table(
                "Speed", "Tokens read in a second, scored or not.", "Encoding", plan.encodings(), this::speed));
        sections.add(documents());
        sections.add(new KeyValues("Settings", "", records().settings()));
        sections.addAll(ProvenanceSections.of(provenances(), Map.of()));
        return new Page(
                "Does " + plan.model().name() + " hold past its trained length?",
                Wording.lead(lead(), records().cells().size(), plan.cells().size(), "measurements"),
                sections,
                new Page.Data(documentName(), toJson()));
    }

    /**
     * Prints encodings as rows and lengths as columns, then what they change, with 95 % intervals. The best at a length has a
     * star. A cell with some documents finished says how many.
     */
    @Override
    public void print(PrintWriter out) {
        PerplexityPlan plan = results.plan();
        out.printf(
                Locale.ROOT,
                "Perplexity of %s; trained length %,d tokens%n",
                plan.model().name(),
                plan.model().trainedLength());
        out.printf(
                "(protocol %s: %s)%n", plan.protocol().text(), plan.protocol().description());
        out.printf(
                Locale.ROOT,
                "(%s; * best at this length)%n",
                plan.documents().size() == 1
                        ? plan.documents().get(0).name()
                        : plan.documents().size() + " documents");
        TextTable.print(byLength().terminalTable("Encoding", plan.encodings(), this::terminalPerplexity), out);
        if (!plan.contrasts().isEmpty()) {
            out.printf("%nDifferences on the same text, in %% of the perplexity; below 0 is better%n");
            out.printf("(mean and 95 %% interval by Student's t over %s)%n", units());
            out.printf(
                    "(undecided where it contains 0; each stands alone: of twenty without any effect, one is decided)%n");
            TextTable.print(
                    byLength().terminalTable("Difference", plan.contrasts(), Contrast::label, this::terminalDifference),
                    out);
        }
        out.flush();
    }

    private Optional<Cell> terminalPerplexity(EncodingName encoding, int length) {
        int planned = results.plan().documents().size();
        return results.result(encoding, length)
                .map(result -> Cell.of(
                        PerplexityText.of(result.perplexity()) + (results.isBest(result) ? " *" : ""),
                        Wording.partial(result.documents().size(), planned)));
    }

    private Optional<Cell> terminalDifference(Contrast contrast, int length) {
        int planned = results.plan().documents().size();
        return results.difference(contrast, length)
                .map(line -> Cell.of(
                        line.percent().decidingText(2) + " " + line.verdict().word(),
                        Wording.partial(line.documents().size(), planned)));
    }

    /** What differences take for independent, in the words of a sentence. */
    private String units() {
        int documents = results.plan().documents().size();
        return documents > 1
                ? "the " + documents + " documents"
                : "windows of the text, or blocks of it where there are fewer than " + PairedLosses.FEWEST_WINDOWS
                        + " windows";
    }

    private ByLength byLength() {
        PerplexityPlan plan = results.plan();
        return new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
    }

    private String lead() {
        PerplexityPlan plan = results.plan();
        return String.format(
                Locale.ROOT,
                "Perplexity of %s in windows of %s tokens, on %s. The model was trained on %,d tokens at a time. Protocol %s: %s.",
                Wording.plural(plan.encodings().size(), "position encoding"),
                range(plan.lengths()),
                Wording.plural(plan.documents().size(), "document"),
                plan.model().trainedLength(),
                plan.protocol().text(),
                plan.protocol().description());
    }

    private Section curves(ByLength byLength) {
        return new LineCharts(
                "Perplexity over length",
                "A model that holds gets better or stays level as its windows grow; one that breaks shoots up past the line."
                        + " Solid lines have Resonance, broken ones of the same colour do not.",
                List.of(byLength.chart(
                        "All documents",
                        "window length, tokens",
                        Axis.logarithmic("perplexity"),
                        (encoding, length) -> results.result(encoding, length).stream()
                                .mapToDouble(PerplexityRecord::perplexity)
                                .findFirst(),
                        "Both axes are logarithmic.")));
    }

    private Optional<Section> lossByPosition(EncodingStyles styles) {
        List<Series> series = new ArrayList<>();
        for (EncodingName encoding : results.plan().encodings()) {
            results.result(encoding, longest())
                    .ifPresent(result -> series.add(styles.series(
                            encoding,
                            result.lossByPosition().middles(),
                            result.lossByPosition().means())));
        }
        if (series.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LineCharts(
                "Loss by position",
                "Where in a window of the greatest length the loss arises: a model that holds goes down and stays there.",
                List.of(new LineChart(
                        String.format(Locale.ROOT, "Windows of %,d tokens", longest()),
                        Axis.of("position in the window"),
                        Axis.of("mean loss, nats"),
                        series,
                        ByLength.boundary(results.plan().model().trainedLength()),
                        null,
                        ""))));
    }

    private Optional<Cell> perplexity(EncodingName encoding, int length) {
        return results.result(encoding, length).map(this::perplexity);
    }

    private Cell perplexity(PerplexityRecord result) {
        List<String> details = new ArrayList<>();
        if (Double.isFinite(result.standardError())) {
            details.add("± " + PerplexityText.ofError(result.standardError()));
        }
        if (results.isBest(result)) {
            details.add("best");
        }
        int planned = results.plan().documents().size();
        if (result.documents().size() < planned) {
            details.add(Wording.partial(result.documents().size(), planned) + " documents");
        }
        return Cell.of(PerplexityText.of(result.perplexity()), String.join("; ", details));
    }

    private Optional<Cell> difference(Contrast contrast, int length) {
        return results.difference(contrast, length).map(line -> {
            String over = line.documents().size() > 1
                    ? "better in " + line.better() + " of " + line.documents().size()
                    : Wording.plural(line.loss().units(), line.unit().word());
            return Cell.of(line.percent().decidingText(2), line.verdict().word() + "; " + over);
        });
    }

    private Optional<Cell> speed(EncodingName encoding, int length) {
        return results.result(encoding, length)
                .map(result -> Cell.of(String.format(Locale.ROOT, "%,.0f", result.tokensPerSecond())));
    }

    private Section byDocument(EncodingStyles styles) {
        PerplexityPlan plan = results.plan();
        List<String> names =
                plan.documents().stream().map(MeasuredDocument::name).toList();
        List<Row> rows = new ArrayList<>();
        for (EncodingName encoding : plan.encodings()) {
            Map<String, Cell> cells = new LinkedHashMap<>();
            names.forEach(name -> cells.put(name, Cell.MISSING));
            results.result(encoding, longest()).ifPresent(result -> {
                for (DocumentPerplexity document : result.documents()) {
                    cells.put(document.name(), Cell.of(PerplexityText.of(document.perplexity())));
                }
            });
            rows.add(styles.row(encoding, List.copyOf(cells.values())));
        }
        return new Table(
                "Perplexity by document",
                String.format(Locale.ROOT, "In windows of %,d tokens.", longest()),
                "Encoding",
                List.of(new Group("Document", names)),
                rows);
    }

    private Section differencesByDocument(EncodingStyles styles) {
        PerplexityPlan plan = results.plan();
        List<Row> rows = new ArrayList<>();
        for (Contrast contrast : plan.contrasts()) {
            Map<String, Cell> cells = new LinkedHashMap<>();
            plan.documents().forEach(document -> cells.put(document.name(), Cell.MISSING));
            results.difference(contrast, longest())
                    .ifPresent(line -> line.documents()
                            .forEach(document -> cells.put(
                                    document.name(),
                                    Cell.of(
                                            document.percent().decidingText(2),
                                            document.loss().verdict(false).word() + "; "
                                                    + Wording.plural(
                                                            document.loss().units(),
                                                            document.unit().word())))));
            rows.add(new Row(contrast.label(), styles.of(contrast.encoding()), List.copyOf(cells.values())));
        }
        return new Table(
                "Differences by document",
                String.format(
                        Locale.ROOT,
                        "In windows of %,d tokens. The interval of a document is over its windows, or blocks of neighbouring"
                                + " tokens where it has fewer than %d, and says how sure the difference is for that text alone.",
                        longest(),
                        PairedLosses.FEWEST_WINDOWS),
                "Difference",
                List.of(new Group(
                        "Document",
                        plan.documents().stream().map(MeasuredDocument::name).toList())),
                rows);
    }

    private Section documents() {
        List<Row> rows = results.plan().documents().stream()
                .map(document -> new Row(
                        document.name(),
                        null,
                        List.of(
                                Cell.of(String.format(Locale.ROOT, "%,d", document.tokens())),
                                Cell.of(Wording.abbreviated(document.sha256())))))
                .toList();
        return new Table(
                "Documents",
                "Hashes are shortened here and whole in the data.",
                "Document",
                List.of(new Group("File", List.of("tokens used", "SHA-256"))),
                rows);
    }

    private int longest() {
        List<Integer> lengths = results.plan().lengths();
        return lengths.get(lengths.size() - 1);
    }

    private static String range(List<Integer> lengths) {
        int first = lengths.get(0);
        int last = lengths.get(lengths.size() - 1);
        return first == last
                ? String.format(Locale.ROOT, "%,d", first)
                : String.format(Locale.ROOT, "%,d to %,d", first, last);
    }
}
