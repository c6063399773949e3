package resonance.report;

/**
 * How a series looks in every chart, table and legend of a page.
 *
 * @param colour index into the page's colours, which are chosen to stay apart for colour-blind readers, 0 to 7
 * @param stroke how it is drawn
 */
public record LineStyle(int colour, Stroke stroke) {

    /** Colours a page has. */
    public static final int COLOURS = 8;

    /** A line or a cloud of points. */
    public enum Stroke {
        /** A continuous line. */
        SOLID,
        /** A broken line. */
        DASHED,
        /** A line of dots. */
        DOTTED,
        /** A line of dashes and dots in turn. */
        DASH_DOTTED,
        /** Circles, no line. */
        HOLLOW_POINTS,
        /** Discs, no line. */
        FILLED_POINTS
    }

    public LineStyle {
        if (colour < 0 || colour >= COLOURS) {
            throw new IllegalArgumentException("colour must be from 0 to " + (COLOURS - 1) + ", was " + colour);
        }
    }
}
