package resonance.evaluation.passkey;

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
import java.util.function.ToDoubleFunction;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.ProvenanceSections;
import resonance.evaluation.report.Report;
import resonance.evaluation.report.Wording;
import resonance.report.HeatMaps;
import resonance.report.HeatMaps.HeatMap;
import resonance.report.HeatMaps.Scale;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Unit;
import resonance.report.LineCharts;
import resonance.report.Page;
import resonance.report.Section;
import resonance.report.Table.Cell;
import resonance.report.Table.Row;
import resonance.report.text.TextTable;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/**
 * A passkey measurement as a page: accuracy over length, then heat maps over length and depth, of the answers and of the
 * key's own loss.
 *
 * @param results what to report, finished or not
 */
public record PasskeyReport(PasskeyResults results) implements Report {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "passkey.json";

    /** Reads what a study's folder holds, finished or not. */
    public static PasskeyReport read(Path folder) throws IOException {
        return new PasskeyReport(new PasskeyResults(StudyRecords.read(folder, PasskeyPlan.class, PasskeyTrial.class)));
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
        return records().document("results", results.results());
    }

    @Override
    public Page page() {
        PasskeyPlan plan = results.plan();
        List<Section> sections = new ArrayList<>();
        if (!results.results().isEmpty()) {
            sections.add(curves());
        }
        sections.add(new HeatMaps(
                "Correct answers by place",
                "In %. Depth 0 % is the start of the text, 100 % its end. Left of the thick line lie lengths the model was"
                        + " trained on.",
                new Scale("0 %", "100 %"),
                maps(PasskeyReport::accuracy)));
        if (lossMeasured()) {
            sections.add(new HeatMaps(
                    "Loss of the key's tokens by place",
                    "Mean loss of the key's own tokens after the question, in nats; lower is better. It shows whether the key"
                            + " was found even where a model cannot write the answer down. The colour is the probability"
                            + " that goes with it.",
                    new Scale("probability 0", "1"),
                    maps(PasskeyReport::keyLoss)));
        }
        sections.add(new KeyValues("Settings", "", records().settings()));
        sections.addAll(ProvenanceSections.of(provenances(), Map.of()));
        return new Page(
                "Does " + plan.model().name() + " find what it read?",
                Wording.lead(lead(), records().cells().size(), plan.cells().size(), "trials"),
                sections,
                new Page.Data(documentName(), toJson()));
    }

    /** Prints encodings as rows and lengths as columns, all depths together. A cell with some trials finished says how many. */
    @Override
    public void print(PrintWriter out) {
        PasskeyPlan plan = results.plan();
        out.printf(
                Locale.ROOT,
                "Passkey retrieval of %s; trained length %,d tokens%n",
                plan.model().name(),
                plan.model().trainedLength());
        out.printf(
                "(correct answers in %%; %s, %s at each)%n",
                Wording.plural(plan.depths(), "depth"), Wording.plural(plan.trials(), "trial"));
        print(out, (encoding, length) -> cell(encoding, length, trial -> trial.correct() ? 100 : 0, "%.0f"));
        if (lossMeasured()) {
            out.printf("%nLoss of the key's own tokens after the question, nats a token; lower is better%n");
            print(out, (encoding, length) -> cell(encoding, length, PasskeyTrial::keyLoss, "%.2f"));
        }
        out.flush();
    }

    private void print(PrintWriter out, BiFunction<EncodingName, Integer, Optional<Cell>> cell) {
        TextTable.print(byLength().terminalTable("Encoding", results.plan().encodings(), cell), out);
    }

    private Optional<Cell> cell(
            EncodingName encoding, int length, ToDoubleFunction<PasskeyTrial> value, String format) {
        List<PasskeyTrial> trials = results.trials(encoding, length);
        int planned = results.plan().depths() * results.plan().trials();
        OptionalDouble mean = trials.stream().mapToDouble(value).average();
        return mean.isEmpty()
                ? Optional.empty()
                : Optional.of(Cell.of(
                        String.format(Locale.ROOT, format, mean.getAsDouble()),
                        Wording.partial(trials.size(), planned)));
    }

    private ByLength byLength() {
        PasskeyPlan plan = results.plan();
        return new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
    }

    private boolean lossMeasured() {
        return results.results().stream().anyMatch(result -> !Double.isNaN(result.keyLoss()));
    }

    private String lead() {
        PasskeyPlan plan = results.plan();
        return String.format(
                Locale.ROOT,
                "A number is hidden in filler text and asked for at its end: %s, %s with %s at each. An answer is correct if"
                        + " its first number is the hidden one. The model was trained on %,d tokens at a time.",
                Wording.plural(plan.lengths().size(), "length"),
                Wording.plural(plan.depths(), "depth"),
                Wording.plural(plan.trials(), "trial"),
                plan.model().trainedLength());
    }

    private Section curves() {
        List<LineChart> charts = new ArrayList<>();
        charts.add(chart(
                "Correct answers", new Axis("correct", 0.0, 1.0, Unit.PERCENT), trial -> trial.correct() ? 1 : 0));
        if (lossMeasured()) {
            charts.add(chart(
                    "Loss of the key's tokens",
                    new Axis("mean loss, nats", 0.0, null, Unit.NUMBER),
                    PasskeyTrial::keyLoss));
        }
        return new LineCharts(
                "Retrieval over length",
                "All depths together. Solid lines have Resonance, broken ones of the same colour do not.",
                charts);
    }

    private LineChart chart(String title, Axis y, ToDoubleFunction<PasskeyTrial> value) {
        return byLength()
                .chart(
                        title,
                        "prompt length, tokens",
                        y,
                        (encoding, length) -> results.trials(encoding, length).stream()
                                .mapToDouble(value)
                                .average(),
                        "");
    }

    private List<HeatMap> maps(Function<PasskeyRecord, Cell> cell) {
        ByLength byLength = byLength();
        return byLength.encodings().stream()
                .map(encoding -> new HeatMap(
                        encoding.label(),
                        byLength.styles().of(encoding),
                        "Depth",
                        byLength.headings(),
                        byLength.within(),
                        results.plan().places().stream()
                                .map(depth -> row(encoding, depth, cell))
                                .toList()))
                .toList();
    }

    private Row row(EncodingName encoding, double depth, Function<PasskeyRecord, Cell> cell) {
        return new Row(
                String.format(Locale.ROOT, "%.0f %%", 100 * depth),
                null,
                results.plan().lengths().stream()
                        .map(length -> results.result(encoding, length, depth)
                                .map(cell)
                                .orElse(Cell.MISSING))
                        .toList());
    }

    private static Cell accuracy(PasskeyRecord result) {
        return new Cell(String.format(Locale.ROOT, "%.0f", 100 * result.accuracy()), "", result.accuracy());
    }

    private static Cell keyLoss(PasskeyRecord result) {
        return Double.isNaN(result.keyLoss())
                ? Cell.MISSING
                : new Cell(String.format(Locale.ROOT, "%.2f", result.keyLoss()), "", Math.exp(-result.keyLoss()));
    }
}
