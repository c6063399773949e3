package resonance.evaluation.passkey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import resonance.evaluation.DisplayNames;
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

/**
 * A passkey measurement as a page: accuracy over length, then heat maps over length and depth, of the answers and of the
 * key's own loss.
 *
 * @param results what to report, finished or not
 */
public record PasskeyReport(PasskeyResults results) implements Report {

    @Override
    public Page page() {
        PasskeyPlan plan = results.plan();
        ByLength byLength =
                new ByLength(plan.encodings(), plan.lengths(), plan.model().trainedLength());
        List<Section> sections = new ArrayList<>();
        boolean lossMeasured = results.results().stream().anyMatch(result -> !Double.isNaN(result.keyLoss()));
        if (!results.results().isEmpty()) {
            sections.add(curves(byLength, lossMeasured));
        }
        sections.add(new HeatMaps(
                "Correct answers by place",
                "In %. Depth 0 % is the start of the text, 100 % its end. Left of the thick line lie lengths the model was"
                        + " trained on.",
                new Scale("0 %", "100 %"),
                maps(byLength, PasskeyReport::accuracy)));
        if (lossMeasured) {
            sections.add(new HeatMaps(
                    "Loss of the key's tokens by place",
                    "Mean loss of the key's own tokens after the question, in nats; lower is better. It shows whether the key"
                            + " was found even where a model cannot write the answer down. The colour is the probability"
                            + " that goes with it.",
                    new Scale("probability 0", "1"),
                    maps(byLength, PasskeyReport::keyLoss)));
        }
        sections.add(new KeyValues("Settings", "", results.settings()));
        sections.addAll(ProvenanceSections.of(List.of(results.provenance()), Map.of()));
        return new Page(
                "Does " + plan.model().name() + " find what it read?",
                Wording.lead(lead(), results.finishedTrials(), plan.size(), "trials"),
                sections,
                new Page.Data("passkey.json", results.toJson()));
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

    private Section curves(ByLength byLength, boolean lossMeasured) {
        List<LineChart> charts = new ArrayList<>();
        charts.add(chart(
                byLength,
                "Correct answers",
                new Axis("correct", 0.0, 1.0, Unit.PERCENT),
                trial -> trial.correct() ? 1 : 0));
        if (lossMeasured) {
            charts.add(chart(
                    byLength,
                    "Loss of the key's tokens",
                    new Axis("mean loss, nats", 0.0, null, Unit.NUMBER),
                    PasskeyTrial::keyLoss));
        }
        return new LineCharts(
                "Retrieval over length",
                "All depths together. Solid lines have Resonance, broken ones of the same colour do not.",
                charts);
    }

    private LineChart chart(ByLength byLength, String title, Axis y, ToDoubleFunction<PasskeyTrial> value) {
        return byLength.chart(
                title,
                "prompt length, tokens",
                y,
                (encoding, length) -> results.trials(encoding, length).stream()
                        .mapToDouble(value)
                        .average(),
                "");
    }

    private List<HeatMap> maps(ByLength byLength, Function<PasskeyRecord, Cell> cell) {
        return byLength.encodings().stream()
                .map(encoding -> new HeatMap(
                        DisplayNames.ofEncoding(encoding),
                        byLength.styles().of(encoding),
                        "Depth",
                        byLength.headings(),
                        byLength.within(),
                        results.plan().places().stream()
                                .map(depth -> row(encoding, depth, cell))
                                .toList()))
                .toList();
    }

    private Row row(String encoding, double depth, Function<PasskeyRecord, Cell> cell) {
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
