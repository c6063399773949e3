package resonance.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One chart of lines or points over a common horizontal axis.
 *
 * @param title what sets it apart from the charts beside it
 * @param x horizontal axis
 * @param y vertical axis
 * @param series at least one, drawn in this order
 * @param boundary a marked place on the horizontal axis; null for none
 * @param levels values of y to rule a faint line at, with their meaning; null for none
 * @param note a remark below the chart; may be empty
 */
public record LineChart(
        String title,
        Axis x,
        Axis y,
        List<Series> series,
        @Nullable Boundary boundary,
        @Nullable Levels levels,
        String note) {

    /** How an axis' numbers are written. */
    public enum Unit {
        /** As they are. */
        NUMBER,
        /** Fractions, written in percent. */
        PERCENT,
        /** Degrees of arc. */
        DEGREES
    }

    /** How an axis' numbers are spaced. */
    public enum Spacing {
        /** Equal differences take equal room. */
        LINEAR,
        /** Equal ratios take equal room; numbers that are not positive are left out. */
        LOGARITHMIC
    }

    /**
     * An axis.
     *
     * @param label quantity and unit
     * @param min lower end; null to fit the data
     * @param max upper end; null to fit the data
     * @param unit how numbers are written
     * @param spacing how numbers are spaced
     */
    public record Axis(
            String label, @Nullable Double min, @Nullable Double max, Unit unit, Spacing spacing) {

        /** A linear axis. */
        public Axis(String label, @Nullable Double min, @Nullable Double max, Unit unit) {
            this(label, min, max, unit, Spacing.LINEAR);
        }

        /** An axis that fits its data. */
        public static Axis of(String label) {
            return new Axis(label, null, null, Unit.NUMBER);
        }

        /** A logarithmic axis that fits its data. */
        public static Axis logarithmic(String label) {
            return new Axis(label, null, null, Unit.NUMBER, Spacing.LOGARITHMIC);
        }
    }

    /**
     * One line or cloud of points. A y that is not finite leaves a gap.
     *
     * @param name as in the legend; series of one name in several charts are switched together
     * @param style how it is drawn
     * @param x ascending
     * @param y as many
     * @param low lower edge of a band, as many; empty for no band
     * @param high upper edge of the band
     */
    public record Series(
            String name, LineStyle style, List<Double> x, List<Double> y, List<Double> low, List<Double> high) {
        public Series {
            x = List.copyOf(x);
            y = List.copyOf(y);
            low = List.copyOf(low);
            high = List.copyOf(high);
            if (y.size() != x.size() || low.size() != high.size() || (!low.isEmpty() && low.size() != x.size())) {
                throw new IllegalArgumentException(
                        "series \"" + name + "\" must have as many y, low and high as x, had " + y.size() + ", "
                                + low.size() + ", " + high.size() + " and " + x.size());
            }
        }
    }

    /**
     * A vertical line; the area to its right is shaded.
     *
     * @param at place on the horizontal axis
     * @param label text beside it
     */
    public record Boundary(double at, String label) {}

    /**
     * Faint horizontal lines.
     *
     * @param label what they are, for the legend
     * @param values where they are
     */
    public record Levels(String label, List<Double> values) {
        public Levels {
            values = List.copyOf(values);
        }
    }

    public LineChart {
        series = List.copyOf(series);
        if (series.isEmpty()) {
            throw new IllegalArgumentException("series of chart \"" + title + "\" must be at least one, was none");
        }
    }

    /** The chart as the page's script reads it, a JSON object: as in {@link Page#toJson}. */
    public String toJson() {
        return PageJson.write(this);
    }
}
