package resonance.evaluation.report;

import java.util.List;
import resonance.report.LineChart.Series;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table.Cell;
import resonance.report.Table.Row;
import resonance.rope.EncodingName;

/**
 * One name and one look for each encoding, everywhere on a page: colour tells the scaling, a solid line that Resonance is
 * on, a broken one that it is off.
 */
public final class EncodingStyles {

    private final List<EncodingName> scalings;

    /** @param encodings of the page, as in its plan */
    public EncodingStyles(List<EncodingName> encodings) {
        this.scalings = encodings.stream()
                .map(EncodingName::withoutResonance)
                .distinct()
                .toList();
    }

    /** An encoding's look. */
    public LineStyle of(EncodingName encoding) {
        int colour = scalings.indexOf(encoding.withoutResonance()) % LineStyle.COLOURS;
        return new LineStyle(colour, encoding.resonance() ? Stroke.SOLID : Stroke.DASHED);
    }

    /** An encoding's row of a table. */
    public Row row(EncodingName encoding, List<Cell> cells) {
        return new Row(encoding.label(), of(encoding), cells);
    }

    /** An encoding's line in a chart, without a band. */
    public Series series(EncodingName encoding, List<Double> x, List<Double> y) {
        return new Series(encoding.label(), of(encoding), x, y, List.of(), List.of());
    }
}
