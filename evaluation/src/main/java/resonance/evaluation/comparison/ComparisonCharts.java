package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonCell.ValidationPoint;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.ScoredTokens;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.EncodingStyles;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Boundary;
import resonance.report.LineChart.Levels;
import resonance.report.LineChart.Series;
import resonance.report.LineChart.Unit;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Section;
import resonance.rope.EncodingName;
import resonance.rope.NearReturn;

/** The charts of a comparison. */
final class ComparisonCharts {

    /** Points drawn of a curve over a run; more would not be told apart on a screen. */
    static final int MOST_POINTS = 240;

    /** Trained angles that fit in the part of the turn shown, so that lines and points between them can be told apart. */
    private static final int ANGLES_SHOWN = 10;

    private static final LineStyle HOLLOW = new LineStyle(0, Stroke.HOLLOW_POINTS);
    private static final LineStyle FILLED = new LineStyle(1, Stroke.FILLED_POINTS);
    private static final Axis LOSS = new Axis("loss, nats", 0.0, null, Unit.NUMBER);

    private final Comparison comparison;
    private final ComparisonPlan plan;
    private final EncodingStyles styles;

    ComparisonCharts(Comparison comparison, EncodingStyles styles) {
        this.comparison = comparison;
        this.plan = comparison.plan();
        this.styles = styles;
    }

    /** Accuracy at each generated position, one chart a task, then the aliases; empty if no cell is finished. */
    Optional<Section> accuracyByPosition() {
        Optional<LineChart> aliases = aliases();
        return charts(
                "Accuracy by position",
                "Next-token accuracy at each generated position of the test sequences: the mean over the seeds, and a band"
                        + " from the lowest to the highest seed. No model was trained on positions right of the line. Solid lines"
                        + " have Resonance, broken ones of the same colour do not."
                        + (aliases.isEmpty()
                                ? ""
                                : " The chart of aliases shows where the fast features are nearly back where they were"
                                        + " one to four tokens ago, so that the token at that distance looks like a near one:"
                                        + " accuracy is expected to fall where it rises."),
                aliases.stream().toList(),
                new Quantity(
                        "",
                        "position",
                        new Axis("accuracy", 0.0, 1.0, Unit.PERCENT),
                        ByLength.boundary(plan.trainedLength()),
                        true,
                        plan.testLength(),
                        (cell, curve) -> IntStream.range(firstScored(cell.task()), plan.testLength())
                                .filter(l ->
                                        !Double.isNaN(cell.accuracyByPosition().get(l)))
                                .forEach(l ->
                                        curve.add(l, cell.accuracyByPosition().get(l)))));
    }

    /** Where the tokens that count are not all after the seeds, accuracies say themselves where they are. */
    private int firstScored(String task) {
        return ScoredTokens.of(task).isPresent() ? 0 : plan.seedTokens();
    }

    /**
     * How strong an alias a token meets at each position beyond the trained length, a line an encoding; empty where the cells
     * don't say what was measured.
     */
    private Optional<LineChart> aliases() {
        List<Series> series = new ArrayList<>();
        for (EncodingName encoding : plan.encodings()) {
            comparison.records().cells().stream()
                    .filter(cell -> cell.result().encoding().equals(encoding))
                    .findFirst()
                    .flatMap(cell -> MeasuredFrequencies.of(cell.specification()))
                    .map(measured -> NearReturn.of(measured, plan.trainedLength()))
                    .filter(fast -> !fast.pairs().isEmpty())
                    .ifPresent(fast -> series.add(styles.series(
                            encoding,
                            positions(),
                            positions().stream()
                                    .map(position -> position < plan.trainedLength()
                                            ? Double.NaN
                                            : fast.aliasAt(position.longValue()))
                                    .toList())));
        }
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineChart(
                        "Aliases of the fast features",
                        Axis.of("position"),
                        new Axis("similarity", null, 1.0, Unit.NUMBER),
                        series,
                        ByLength.boundary(plan.trainedLength()),
                        null,
                        ""));
    }

    /** The positions of {@link #accuracyByPosition}, so that its charts have one axis. */
    private List<Double> positions() {
        return IntStream.range(plan.seedTokens(), plan.testLength())
                .mapToObj(position -> (double) position)
                .toList();
    }

    /** Training loss over the steps, one chart a task; empty if no cell has any. */
    Optional<Section> training() {
        return charts(
                "Training loss",
                "Mean cross-entropy of the generated tokens in a training batch, mean over the seeds. Long runs are shown"
                        + " with neighbouring steps averaged.",
                List.of(),
                new Quantity(
                        "",
                        "step",
                        LOSS,
                        null,
                        false,
                        MOST_POINTS,
                        (cell, curve) ->
                                cell.trainingCurve().forEach(point -> curve.add((double) point.step(), point.loss()))));
    }

    /** Validation loss and OOD accuracy over the epochs, two charts a task; empty if no cell has any. */
    Optional<Section> validation() {
        return charts(
                "Validation over the epochs",
                "Loss on validation sequences of the test length, as in the paper's figure 3, and accuracy beyond the"
                        + " trained length: the mean over the seeds, and a band from the lowest to the highest seed.",
                List.of(),
                overEpochs(": loss", LOSS, ValidationPoint::loss),
                overEpochs(
                        ": OOD accuracy",
                        new Axis("OOD accuracy", 0.0, 1.0, Unit.PERCENT),
                        ValidationPoint::oodAccuracy));
    }

    private static Quantity overEpochs(String name, Axis y, ToDoubleFunction<ValidationPoint> value) {
        return new Quantity(
                name,
                "epoch",
                y,
                null,
                true,
                MOST_POINTS,
                (cell, curve) -> cell.validationCurve().stream()
                        // A small validation set may have no token that counts beyond the trained length.
                        .filter(point -> !Double.isNaN(value.applyAsDouble(point)))
                        .forEach(point -> curve.add(point.epoch(), value.applyAsDouble(point))));
    }

    /** Rotation angles of one feature over the positions, one chart an encoding. */
    Section angles(List<RotationAngles> angles) {
        int trained = plan.trainedLength();
        List<LineChart> charts = new ArrayList<>();
        for (RotationAngles one : angles) {
            List<Double> degrees = one.radians().stream().map(Math::toDegrees).toList();
            double top = Math.min(360, ANGLES_SHOWN * 360 / one.wavelength());
            charts.add(new LineChart(
                    one.encoding().label(),
                    Axis.of("position"),
                    new Axis("rotation angle", 0.0, top, Unit.DEGREES),
                    List.of(
                            points("within the trained length", HOLLOW, degrees, 0, trained, top),
                            points("beyond it", FILLED, degrees, trained, degrees.size(), top)),
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

    /** What a chart shows of each cell; its name follows the task's. */
    private record Quantity(
            String name,
            String xLabel,
            Axis y,
            @Nullable Boundary boundary,
            boolean banded,
            int mostPoints,
            BiConsumer<ComparisonCell, SeedCurve> points) {}

    /** A chart of each task and quantity that a finished cell has, and more charts after them; empty if no cell has any. */
    private Optional<Section> charts(String title, String explanation, List<LineChart> more, Quantity... quantities) {
        List<LineChart> charts = new ArrayList<>();
        for (String task : plan.tasks()) {
            for (Quantity quantity : quantities) {
                List<Series> series = new ArrayList<>();
                for (EncodingName encoding : plan.encodings()) {
                    SeedCurve curve = new SeedCurve();
                    comparison
                            .cells(task, encoding)
                            .forEach(cell -> quantity.points().accept(cell, curve));
                    if (!curve.isEmpty()) {
                        series.add(curve.series(
                                encoding.label(), styles.of(encoding), quantity.banded(), quantity.mostPoints()));
                    }
                }
                if (!series.isEmpty()) {
                    String name = DisplayNames.ofTask(task) + quantity.name();
                    charts.add(new LineChart(
                            name, Axis.of(quantity.xLabel()), quantity.y(), series, quantity.boundary(), null, ""));
                }
            }
        }
        if (charts.isEmpty()) {
            return Optional.empty();
        }
        charts.addAll(more);
        return Optional.of(new LineCharts(title, explanation, charts));
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

    private static String decimal(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
