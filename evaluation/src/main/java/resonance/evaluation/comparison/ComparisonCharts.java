package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.Summary;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.EncodingStyles;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Levels;
import resonance.report.LineChart.Series;
import resonance.report.LineChart.Unit;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Section;

/** The charts of a comparison. */
final class ComparisonCharts {

    /** Points drawn of a curve over a run; more would not be told apart on a screen. */
    static final int MOST_POINTS = 240;

    /** Trained angles that fit in the part of the turn shown, so that lines and points between them can be told apart. */
    private static final int ANGLES_SHOWN = 10;

    private final Comparison comparison;
    private final ComparisonPlan plan;
    private final EncodingStyles styles;

    ComparisonCharts(Comparison comparison, EncodingStyles styles) {
        this.comparison = comparison;
        this.plan = comparison.plan();
        this.styles = styles;
    }

    /** Accuracy at each generated position, one chart a task; empty if no cell is finished. */
    Optional<Section> accuracyByPosition() {
        List<LineChart> charts = new ArrayList<>();
        for (String task : plan.tasks()) {
            List<Series> series = new ArrayList<>();
            for (String encoding : plan.encodings()) {
                List<Summary> summaries = comparison.accuracyByPosition(task, encoding);
                if (!summaries.isEmpty()) {
                    List<Summary> generated = summaries.subList(plan.seedTokens(), summaries.size());
                    boolean band = generated.get(0).count() > 1;
                    series.add(new Series(
                            DisplayNames.ofEncoding(encoding),
                            styles.of(encoding),
                            positions(plan.seedTokens(), plan.testLength()),
                            generated.stream().map(Summary::mean).toList(),
                            band ? generated.stream().map(Summary::min).toList() : List.of(),
                            band ? generated.stream().map(Summary::max).toList() : List.of()));
                }
            }
            if (!series.isEmpty()) {
                charts.add(new LineChart(
                        DisplayNames.ofTask(task),
                        Axis.of("position"),
                        new Axis("accuracy", 0.0, 1.0, Unit.PERCENT),
                        series,
                        ByLength.boundary(plan.trainedLength()),
                        null,
                        ""));
            }
        }
        return section(
                "Accuracy by position",
                "Next-token accuracy at each generated position of the test sequences: the mean over the seeds, and a band"
                        + " from the lowest to the highest seed. No model was trained on positions right of the line. Solid lines"
                        + " have Resonance, broken ones of the same colour do not.",
                charts);
    }

    /** Training loss over the steps, one chart a task; empty if no cell has any. */
    Optional<Section> training() {
        return overRun(
                "Training loss",
                "Mean cross-entropy of the generated tokens in a training batch, mean over the seeds. Long runs are shown"
                        + " with neighbouring steps averaged.",
                List.of(new Quantity(
                        "",
                        "step",
                        new Axis("loss, nats", 0.0, null, Unit.NUMBER),
                        false,
                        (cell, curve) -> cell.trainingCurve()
                                .forEach(point -> curve.add((double) point.step(), point.loss())))));
    }

    /** Validation loss and OOD accuracy over the epochs, two charts a task; empty if no cell has any. */
    Optional<Section> validation() {
        return overRun(
                "Validation over the epochs",
                "Loss on validation sequences of the test length, as in the paper's figure 3, and accuracy beyond the"
                        + " trained length: the mean over the seeds, and a band from the lowest to the highest seed.",
                List.of(
                        new Quantity(
                                "loss",
                                "epoch",
                                new Axis("loss, nats", 0.0, null, Unit.NUMBER),
                                true,
                                (cell, curve) -> cell.validationCurve()
                                        .forEach(point -> curve.add(point.epoch(), point.loss()))),
                        new Quantity(
                                "OOD accuracy",
                                "epoch",
                                new Axis("OOD accuracy", 0.0, 1.0, Unit.PERCENT),
                                true,
                                (cell, curve) -> cell.validationCurve()
                                        .forEach(point -> curve.add(point.epoch(), point.oodAccuracy())))));
    }

    /** Rotation angles of one feature over the positions, one chart an encoding. */
    Section angles(List<RotationAngles> angles) {
        int trained = plan.trainedLength();
        List<LineChart> charts = new ArrayList<>();
        for (RotationAngles one : angles) {
            List<Double> degrees = one.radians().stream().map(Math::toDegrees).toList();
            double top = Math.min(360, ANGLES_SHOWN * 360 / one.wavelength());
            charts.add(new LineChart(
                    DisplayNames.ofEncoding(one.encoding()),
                    Axis.of("position"),
                    new Axis("rotation angle", 0.0, top, Unit.DEGREES),
                    List.of(
                            points(
                                    "within the trained length",
                                    new LineStyle(0, Stroke.HOLLOW_POINTS),
                                    degrees,
                                    0,
                                    trained,
                                    top),
                            points(
                                    "beyond it",
                                    new LineStyle(1, Stroke.FILLED_POINTS),
                                    degrees,
                                    trained,
                                    degrees.size(),
                                    top)),
                    ByLength.boundary(trained),
                    new Levels(
                            "angles seen in training",
                            degrees.subList(0, trained).stream()
                                    .filter(angle -> angle <= top)
                                    .distinct()
                                    .toList()),
                    String.format(
                            Locale.ROOT,
                            "Feature %d, wavelength %s tokens. Farthest from an angle seen in training: %s°.",
                            one.feature(),
                            decimal(one.wavelength()),
                            decimal(Math.toDegrees(one.largestGap(trained))))));
        }
        return new LineCharts(
                "Why: rotation angles of one feature",
                "As in the paper's figure 1, for a part of the turn. A model knows the angles it met within the trained length"
                        + " (faint lines). Beyond it, an ordinary feature falls between them; one with a whole number of"
                        + " tokens in a turn only ever meets them again.",
                charts);
    }

    /** What a chart over a run shows of each cell. */
    private record Quantity(
            String name, String xLabel, Axis y, boolean banded, BiConsumer<ComparisonCell, SeedCurve> points) {}

    private Optional<Section> overRun(String title, String explanation, List<Quantity> quantities) {
        List<LineChart> charts = new ArrayList<>();
        for (String task : plan.tasks()) {
            for (Quantity quantity : quantities) {
                List<Series> series = new ArrayList<>();
                for (String encoding : plan.encodings()) {
                    SeedCurve curve = new SeedCurve();
                    comparison
                            .cells(task, encoding)
                            .forEach(cell -> quantity.points().accept(cell, curve));
                    if (!curve.isEmpty()) {
                        series.add(curve.series(
                                DisplayNames.ofEncoding(encoding),
                                styles.of(encoding),
                                quantity.banded(),
                                MOST_POINTS));
                    }
                }
                if (!series.isEmpty()) {
                    String name = DisplayNames.ofTask(task) + (quantity.name().isEmpty() ? "" : ": " + quantity.name());
                    charts.add(new LineChart(name, Axis.of(quantity.xLabel()), quantity.y(), series, null, null, ""));
                }
            }
        }
        return section(title, explanation, charts);
    }

    private static Optional<Section> section(String title, String explanation, List<LineChart> charts) {
        return charts.isEmpty() ? Optional.empty() : Optional.of(new LineCharts(title, explanation, charts));
    }

    private static Series points(String name, LineStyle style, List<Double> degrees, int from, int to, double top) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int position = from; position < to; position++) {
            if (degrees.get(position) <= top) {
                x.add((double) position);
                y.add(degrees.get(position));
            }
        }
        return new Series(name, style, x, y, List.of(), List.of());
    }

    private static List<Double> positions(int from, int to) {
        return IntStream.range(from, to).mapToObj(position -> (double) position).toList();
    }

    private static String decimal(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
