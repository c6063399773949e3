package resonance.report;

import java.util.List;

/**
 * The answers of a report, one card each: a number, what it compares, and every pair of measurements behind it.
 *
 * @param title heading
 * @param explanation how to read the cards; may be empty
 * @param findings in the order to show them
 */
public record Findings(String title, String explanation, List<Finding> findings) implements Section {

    /** Which way a finding points, told by the measurements. */
    public enum Direction {
        /** Better, as surely as the report asks for. */
        BETTER,
        /** Worse, as surely. */
        WORSE,
        /** Neither. */
        UNDECIDED
    }

    /**
     * One answer.
     *
     * @param subject what it is about
     * @param headline the number, with its sign and unit
     * @param detail how sure it is
     * @param direction which way it points
     * @param before name and mean of the baseline, drawn above
     * @param after name and mean of the treatment, drawn below
     * @param pairs fractions from 0 to 1, each pair joined by a line
     */
    public record Finding(
            String subject,
            String headline,
            String detail,
            Direction direction,
            Side before,
            Side after,
            List<Pair> pairs) {
        public Finding {
            pairs = List.copyOf(pairs);
        }
    }

    /**
     * One side of the comparison.
     *
     * @param name what was measured
     * @param value its mean, as text
     * @param style its line in the charts
     */
    public record Side(String name, String value, LineStyle style) {}

    /**
     * Two measurements that belong together.
     *
     * @param before baseline, a fraction
     * @param after treatment, a fraction
     */
    public record Pair(double before, double after) {}

    public Findings {
        findings = List.copyOf(findings);
    }

    @Override
    public <T> T render(Renderer<T> renderer) {
        return renderer.findings(this);
    }
}
