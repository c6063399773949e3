package resonance.evaluation.report;

import java.util.List;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.DisplayNames;
import resonance.report.LineChart.Series;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table.Cell;
import resonance.report.Table.Row;

/**
 * One name and one look for each encoding, everywhere on a page: colour tells the scaling, a solid line that Resonance is
 * on, a broken one that it is off.
 */
public final class EncodingStyles {

    private final List<String> scalings;

    /** @param encodings of the page, as in its plan */
    public EncodingStyles(List<String> encodings) {
        this.scalings = encodings.stream()
                .map(EncodingStyles::withoutResonance)
                .distinct()
                .toList();
    }

    /** An encoding's look. */
    public LineStyle of(String encoding) {
        int colour = scalings.indexOf(withoutResonance(encoding)) % LineStyle.COLOURS;
        boolean resonance = encoding.startsWith(ComparisonPlan.RESONANCE_PREFIX);
        return new LineStyle(colour, resonance ? Stroke.SOLID : Stroke.DASHED);
    }

    /** An encoding's row of a table. */
    public Row row(String encoding, List<Cell> cells) {
        return new Row(DisplayNames.ofEncoding(encoding), of(encoding), cells);
    }

    /** An encoding's line in a chart, without a band. */
    public Series series(String encoding, List<Double> x, List<Double> y) {
        return new Series(DisplayNames.ofEncoding(encoding), of(encoding), x, y, List.of(), List.of());
    }

    private static String withoutResonance(String encoding) {
        return encoding.startsWith(ComparisonPlan.RESONANCE_PREFIX)
                ? encoding.substring(ComparisonPlan.RESONANCE_PREFIX.length())
                : encoding;
    }
}
