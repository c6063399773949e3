package resonance.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.perplexity.LossByPosition;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityPlan;
import resonance.evaluation.perplexity.PerplexityRecord;
import resonance.evaluation.perplexity.PerplexityRecord.DocumentPerplexity;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.evaluation.perplexity.PerplexityText;
import resonance.evaluation.perplexity.ResonanceChange;
import resonance.evaluation.report.LineChart.Axis;
import resonance.evaluation.report.LineChart.Boundary;
import resonance.evaluation.report.LineChart.Series;
import resonance.evaluation.report.Table.Cell;
import resonance.evaluation.report.Table.Group;
import resonance.evaluation.report.Table.Row;

/**
 * A perplexity measurement as a page: curves over length, the table, what Resonance changes, loss by position, speed, every
 * document and setting.
 *
 * <p>It can be written at any time; what is not finished yet is shown as "–" and the page says how much is missing.
 *
 * @param results what to report, finished or not
 */
public record PerplexityReport(PerplexityResults results) {

    private static final String MISSING = "–";

    /** The page. */
    public ReportPage page() {
        PerplexityPlan plan = results.plan();
        EncodingStyles styles = new EncodingStyles(plan.encodings());
        List<Section> sections = new ArrayList<>();
        if (!results.results().isEmpty()) {
            sections.add(curves(styles));
        }
        sections.add(table(
                "Perplexity",
                "Lower is better. The standard error below each takes tokens for independent. Encodings read the same text, so"
                        + " the differences between them are surer than it says.",
                "Encoding",
                plan.encodings(),
                styles,
                this::perplexity));
        if (!plan.pairedEncodings().isEmpty()) {
            sections.add(table(
                    "What Resonance changes",
                    "Perplexity with Resonance against without, on the same documents; negative is better.",
                    "Resonance over",
                    plan.pairedEncodings(),
                    styles,
                    this::change));
        }
        sections.addAll(lossByPosition(styles));
        if (plan.documents().size() > 1) {
            sections.add(byDocument(styles));
        }
        sections.add(table(
                "Speed", "Tokens read in a second, scored or not.", "Encoding", plan.encodings(), styles, this::speed));
        sections.add(documents());
        sections.add(new KeyValues("Settings", "", results.settings()));
        sections.add(KeyValues.of(results.provenance()));
        return new ReportPage(
                "Does " + plan.model().name() + " hold past its trained length?",
                lead(),
                sections,
                "perplexity.json",
                results.toJson());
    }

    /** Writes the page as one HTML file; a reader sees the old file or the whole new one, never a part. */
    public void writeHtml(Path file) throws IOException {
        page().write(file);
    }

    private String lead() {
        PerplexityPlan plan = results.plan();
        String lead = String.format(
                Locale.ROOT,
                "Perplexity of %s in windows of %s tokens, on %s. The model was trained on %,d tokens at a time. Protocol %s: %s.",
                plan.encodings().size() == 1
                        ? "one position encoding"
                        : plan.encodings().size() + " position encodings",
                range(plan.lengths()),
                plan.documents().size() == 1 ? "one document" : plan.documents().size() + " documents",
                plan.model().trainedLength(),
                plan.protocol().text(),
                plan.protocol().description());
        return results.complete()
                ? lead
                : lead + " Not complete: " + results.finishedCells() + " of "
                        + plan.cells().size() + " measurements are finished.";
    }

    private Section curves(EncodingStyles styles) {
        List<Series> series = new ArrayList<>();
        for (String encoding : results.plan().encodings()) {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int length : results.plan().lengths()) {
                results.result(encoding, length).ifPresent(result -> {
                    x.add((double) length);
                    y.add(result.perplexity());
                });
            }
            if (!x.isEmpty()) {
                series.add(
                        new Series(DisplayNames.ofEncoding(encoding), styles.of(encoding), x, y, List.of(), List.of()));
            }
        }
        return new LineCharts(
                "Perplexity over length",
                "A model that holds gets better or stays level as its windows grow; one that breaks shoots up past the line."
                        + " Solid lines have Resonance, broken ones of the same colour do not.",
                List.of(new LineChart(
                        "All documents",
                        Axis.logarithmic("window length, tokens"),
                        Axis.logarithmic("perplexity"),
                        series,
                        trainedLength(),
                        null,
                        "Both axes are logarithmic.")));
    }

    private List<Section> lossByPosition(EncodingStyles styles) {
        List<Integer> lengths = results.plan().lengths();
        int longest = lengths.get(lengths.size() - 1);
        List<Series> series = new ArrayList<>();
        for (String encoding : results.plan().encodings()) {
            results.result(encoding, longest)
                    .ifPresent(result -> series.add(byPosition(
                            DisplayNames.ofEncoding(encoding), styles.of(encoding), result.lossByPosition())));
        }
        if (series.isEmpty()) {
            return List.of();
        }
        return List.of(new LineCharts(
                "Loss by position",
                "Where in a window of the greatest length the loss arises: a model that holds goes down and stays there.",
                List.of(new LineChart(
                        String.format(Locale.ROOT, "Windows of %,d tokens", longest),
                        Axis.of("position in the window"),
                        Axis.of("mean loss, nats"),
                        series,
                        trainedLength(),
                        null,
                        ""))));
    }

    private static Series byPosition(String name, LineStyle style, LossByPosition losses) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int bucket = 0; bucket < losses.buckets(); bucket++) {
            x.add((losses.from(bucket) + losses.to(bucket) - 1) / 2.0);
            y.add(losses.mean(bucket));
        }
        return new Series(name, style, x, y, List.of(), List.of());
    }

    private Boundary trainedLength() {
        int trained = results.plan().model().trainedLength();
        return new Boundary(trained, String.format(Locale.ROOT, "trained length %,d", trained));
    }

    private Table table(
            String title,
            String explanation,
            String rowHeading,
            List<String> encodings,
            EncodingStyles styles,
            BiFunction<String, Integer, Cell> cell) {
        PerplexityPlan plan = results.plan();
        int trained = plan.model().trainedLength();
        List<String> within = new ArrayList<>();
        List<String> beyond = new ArrayList<>();
        for (int length : plan.lengths()) {
            (length <= trained ? within : beyond).add(String.format(Locale.ROOT, "%,d", length));
        }
        List<Group> groups = new ArrayList<>();
        if (!within.isEmpty()) {
            groups.add(new Group("Within the trained length", within));
        }
        if (!beyond.isEmpty()) {
            groups.add(new Group("Beyond it", beyond));
        }
        List<Row> rows = new ArrayList<>();
        for (String encoding : encodings) {
            rows.add(new Row(
                    DisplayNames.ofEncoding(encoding),
                    styles.of(encoding),
                    plan.lengths().stream()
                            .map(length -> cell.apply(encoding, length))
                            .toList()));
        }
        return new Table(title, explanation, rowHeading, groups, rows);
    }

    private Cell perplexity(String encoding, int length) {
        return results.result(encoding, length).map(this::perplexity).orElse(Cell.of(MISSING));
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
            details.add(result.documents().size() + " of " + planned + " documents");
        }
        return new Cell(PerplexityText.of(result.perplexity()), String.join("; ", details), null);
    }

    private Cell change(String encoding, int length) {
        return results.resonanceChange(encoding, length)
                .map(PerplexityReport::change)
                .orElse(Cell.of(MISSING));
    }

    private static Cell change(ResonanceChange change) {
        if (!Double.isFinite(change.percent())) {
            return Cell.of(MISSING);
        }
        return new Cell(
                change.inPercent().replace('-', '−') + " %",
                change.documents() == 1 ? "" : "better in " + change.better() + " of " + change.documents(),
                null);
    }

    private Cell speed(String encoding, int length) {
        return results.result(encoding, length)
                .map(result -> Cell.of(String.format(Locale.ROOT, "%,.0f", result.tokensPerSecond())))
                .orElse(Cell.of(MISSING));
    }

    private Section byDocument(EncodingStyles styles) {
        PerplexityPlan plan = results.plan();
        int longest = plan.lengths().get(plan.lengths().size() - 1);
        List<String> names =
                plan.documents().stream().map(MeasuredDocument::name).toList();
        List<Row> rows = new ArrayList<>();
        for (String encoding : plan.encodings()) {
            Map<String, Cell> cells = new LinkedHashMap<>();
            names.forEach(name -> cells.put(name, Cell.of(MISSING)));
            results.result(encoding, longest).ifPresent(result -> {
                for (DocumentPerplexity document : result.documents()) {
                    cells.put(document.name(), Cell.of(PerplexityText.of(document.perplexity())));
                }
            });
            rows.add(new Row(DisplayNames.ofEncoding(encoding), styles.of(encoding), List.copyOf(cells.values())));
        }
        return new Table(
                "Perplexity by document",
                String.format(Locale.ROOT, "In windows of %,d tokens.", longest),
                "Encoding",
                List.of(new Group("Document", names)),
                rows);
    }

    private Section documents() {
        List<Row> rows = results.plan().documents().stream()
                .map(document -> new Row(
                        document.name(),
                        null,
                        List.of(
                                Cell.of(String.format(Locale.ROOT, "%,d", document.tokens())),
                                Cell.of(Hashes.abbreviated(document.sha256())))))
                .toList();
        return new Table(
                "Documents",
                "Hashes are shortened here and whole in the data.",
                "Document",
                List.of(new Group("File", List.of("tokens used", "SHA-256"))),
                rows);
    }

    private static String range(List<Integer> lengths) {
        int first = lengths.get(0);
        int last = lengths.get(lengths.size() - 1);
        return first == last
                ? String.format(Locale.ROOT, "%,d", first)
                : String.format(Locale.ROOT, "%,d to %,d", first, last);
    }
}
