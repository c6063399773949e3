package resonance.evaluation.report;

import java.util.List;
import resonance.report.LineChart.Series;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table.Cell;
import resonance.report.Table.Row;
import resonance.rope.EncodingName;
import resonance.rope.Rounding;

/**
 * One name and one look for each encoding, everywhere on a page: colour tells the scaling, a solid line that Resonance is
 * on, a broken one that it is off. Resonance with another bound on its periods is a solid line of a colour of its own, since
 * there may be any number of bounds over one scaling. Past the last colour they begin anew, with a dotted line for Resonance and
 * dashes and dots without.
 */
public final class EncodingStyles {

    /** What has a colour: a scaling, which stands for its whole wavelengths too, or another rounding over it. */
    private final List<EncodingName> coloured;

    /** @param encodings of the page, as in its plan */
    public EncodingStyles(List<EncodingName> encodings) {
        this.coloured =
                encodings.stream().map(EncodingStyles::coloured).distinct().toList();
    }

    private static EncodingName coloured(EncodingName encoding) {
        return encoding.rounding().equals(Rounding.WHOLE) ? encoding.withoutResonance() : encoding;
    }

    /** An encoding's look. */
    public LineStyle of(EncodingName encoding) {
        int place = coloured.indexOf(coloured(encoding));
        boolean again = place >= LineStyle.COLOURS;
        Stroke resonant = again ? Stroke.DOTTED : Stroke.SOLID;
        Stroke plain = again ? Stroke.DASH_DOTTED : Stroke.DASHED;
        return new LineStyle(place % LineStyle.COLOURS, encoding.resonance() ? resonant : plain);
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
