package resonance.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyRecord;
import resonance.evaluation.passkey.PasskeyResults;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.report.HeatMaps.Cell;
import resonance.evaluation.report.HeatMaps.HeatMap;
import resonance.evaluation.report.HeatMaps.Row;
import resonance.evaluation.report.HeatMaps.Scale;
import resonance.evaluation.report.LineChart.Axis;
import resonance.evaluation.report.LineChart.Boundary;
import resonance.evaluation.report.LineChart.Series;
import resonance.evaluation.report.LineChart.Spacing;
import resonance.evaluation.report.LineChart.Unit;

/**
 * A passkey measurement as a page: accuracy over length, then heat maps over length and depth, of the answers and of the
 * key's own loss.
 *
 * <p>It can be written at any time; what is not finished yet is shown as "–" and the page says how much is missing.
 *
 * @param results what to report, finished or not
 */
public record PasskeyReport(PasskeyResults results) {

    /** The page. */
    public ReportPage page() {
        PasskeyPlan plan = results.plan();
        EncodingStyles styles = new EncodingStyles(plan.encodings());
        List<Section> sections = new ArrayList<>();
        boolean lossMeasured = results.results().stream().anyMatch(result -> !Double.isNaN(result.keyLoss()));
        if (!results.results().isEmpty()) {
            sections.add(curves(styles, lossMeasured));
        }
        sections.add(new HeatMaps(
                "Correct answers by place",
                "In %. Depth 0 % is the start of the text, 100 % its end. Left of the thick line lie lengths the model was"
                        + " trained on.",
                new Scale("0 %", "100 %"),
                maps(styles, PasskeyReport::accuracy)));
        if (lossMeasured) {
            sections.add(new HeatMaps(
                    "Loss of the key's tokens by place",
                    "Mean loss of the key's own tokens after the question, in nats; lower is better. It shows whether the key"
                            + " was found even where a model cannot write the answer down. The colour is the probability"
                            + " that goes with it.",
                    new Scale("probability 0", "1"),
                    maps(styles, PasskeyReport::keyLoss)));
        }
        sections.add(new KeyValues("Settings", "", results.settings()));
        sections.add(KeyValues.of(results.provenance()));
        return new ReportPage(
                "Does " + plan.model().name() + " find what it read?",
                lead(),
                sections,
                "passkey.json",
                results.toJson());
    }

    /** Writes the page as one HTML file; a reader sees the old file or the whole new one, never a part. */
    public void writeHtml(Path file) throws IOException {
        page().write(file);
    }

    private String lead() {
        PasskeyPlan plan = results.plan();
        String lead = String.format(
                Locale.ROOT,
                "A number is hidden in filler text and asked for at its end: %s, %s with %s at each. An answer is correct if"
                        + " its first number is the hidden one. The model was trained on %,d tokens at a time.",
                plural(plan.lengths().size(), "length"),
                plural(plan.depths(), "depth"),
                plural(plan.trials(), "trial"),
                plan.model().trainedLength());
        return results.complete()
                ? lead
                : lead + " Not complete: " + results.finishedTrials() + " of " + plan.size() + " trials are finished.";
    }

    private Section curves(EncodingStyles styles, boolean lossMeasured) {
        List<LineChart> charts = new ArrayList<>();
        charts.add(chart(
                "Correct answers",
                new Axis("correct", 0.0, 1.0, Unit.PERCENT),
                styles,
                trial -> trial.correct() ? 1 : 0));
        if (lossMeasured) {
            charts.add(chart(
                    "Loss of the key's tokens",
                    new Axis("mean loss, nats", 0.0, null, Unit.NUMBER),
                    styles,
                    PasskeyTrial::keyLoss));
        }
        return new LineCharts(
                "Retrieval over length",
                "All depths together. Solid lines have Resonance, broken ones of the same colour do not.",
                charts);
    }

    private LineChart chart(String title, Axis y, EncodingStyles styles, ToDoubleFunction<PasskeyTrial> value) {
        List<Series> series = new ArrayList<>();
        for (String encoding : results.plan().encodings()) {
            List<Double> xs = new ArrayList<>();
            List<Double> ys = new ArrayList<>();
            for (int length : results.plan().lengths()) {
                results.trials(encoding, length).stream()
                        .mapToDouble(value)
                        .average()
                        .ifPresent(mean -> {
                            xs.add((double) length);
                            ys.add(mean);
                        });
            }
            if (!xs.isEmpty()) {
                series.add(new Series(
                        DisplayNames.ofEncoding(encoding), styles.of(encoding), xs, ys, List.of(), List.of()));
            }
        }
        int trained = results.plan().model().trainedLength();
        return new LineChart(
                title,
                new Axis("prompt length, tokens", null, null, Unit.NUMBER, Spacing.LOGARITHMIC),
                y,
                series,
                new Boundary(trained, String.format(Locale.ROOT, "trained length %,d", trained)),
                null,
                "");
    }

    private List<HeatMap> maps(EncodingStyles styles, Function<PasskeyRecord, Cell> cell) {
        PasskeyPlan plan = results.plan();
        int trained = plan.model().trainedLength();
        List<HeatMap> maps = new ArrayList<>();
        for (String encoding : plan.encodings()) {
            List<Row> rows = new ArrayList<>();
            for (double depth : plan.places()) {
                rows.add(new Row(
                        String.format(Locale.ROOT, "%.0f %%", 100 * depth),
                        plan.lengths().stream()
                                .map(length -> results.result(encoding, length, depth)
                                        .map(cell)
                                        .orElse(Cell.MISSING))
                                .toList()));
            }
            maps.add(new HeatMap(
                    DisplayNames.ofEncoding(encoding),
                    styles.of(encoding),
                    "Depth",
                    plan.lengths().stream()
                            .map(length -> String.format(Locale.ROOT, "%,d", length))
                            .toList(),
                    (int) plan.lengths().stream()
                            .filter(length -> length <= trained)
                            .count(),
                    rows));
        }
        return maps;
    }

    private static Cell accuracy(PasskeyRecord result) {
        return new Cell(String.format(Locale.ROOT, "%.0f", 100 * result.accuracy()), result.accuracy());
    }

    private static Cell keyLoss(PasskeyRecord result) {
        return Double.isNaN(result.keyLoss())
                ? Cell.MISSING
                : new Cell(String.format(Locale.ROOT, "%.2f", result.keyLoss()), Math.exp(-result.keyLoss()));
    }

    private static String plural(int count, String noun) {
        return count == 1 ? "one " + noun : count + " " + noun + "s";
    }
}
