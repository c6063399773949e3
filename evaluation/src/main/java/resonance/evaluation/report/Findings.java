package resonance.evaluation.report;

import java.util.List;
import java.util.Locale;

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
        /** Better in every pair. */
        BETTER,
        /** Worse in every pair. */
        WORSE,
        /** Neither. */
        MIXED
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
    public String html() {
        StringBuilder html = new StringBuilder("<section class=\"findings\">\n")
                .append(Html.heading(title, explanation))
                .append("<div class=\"cards\" style=\"--columns:" + columns() + "\">\n");
        findings.forEach(finding -> append(html, finding));
        return html.append("</div>\n</section>\n").toString();
    }

    /** Cards side by side where there is room, so that the last row is full for the usual numbers of cards. */
    private int columns() {
        return findings.size() % 3 == 0 ? 3 : Math.min(2, Math.max(1, findings.size()));
    }

    private static void append(StringBuilder html, Finding finding) {
        html.append("<article class=\"card ")
                .append(finding.direction().name().toLowerCase(Locale.ROOT))
                .append("\">\n<h3>")
                .append(Html.escape(finding.subject()))
                .append("</h3>\n<p class=\"headline\">")
                .append(Html.escape(finding.headline()))
                .append("</p>\n<p class=\"detail\">")
                .append(Html.escape(finding.detail()))
                .append("</p>\n");
        append(html, finding.before());
        html.append("<svg class=\"pairs c")
                .append(finding.after().style().colour())
                .append("\" height=\"46\" aria-hidden=\"true\">\n");
        html.append("<line class=\"track\" x1=\"0\" x2=\"100%\" y1=\"8\" y2=\"8\"/>")
                .append("<line class=\"track\" x1=\"0\" x2=\"100%\" y1=\"38\" y2=\"38\"/>\n");
        for (Pair pair : finding.pairs()) {
            html.append(String.format(
                    Locale.ROOT,
                    "<line class=\"join\" x1=\"%1$.2f%%\" y1=\"8\" x2=\"%2$.2f%%\" y2=\"38\"/>"
                            + "<circle class=\"before\" cx=\"%1$.2f%%\" cy=\"8\" r=\"4.5\"/>"
                            + "<circle class=\"after\" cx=\"%2$.2f%%\" cy=\"38\" r=\"4.5\"/>%n",
                    100 * pair.before(),
                    100 * pair.after()));
        }
        html.append("</svg>\n");
        append(html, finding.after());
        html.append("</article>\n");
    }

    private static void append(StringBuilder html, Side side) {
        html.append("<p class=\"side\"><span>")
                .append(Html.swatch(side.style()))
                .append(Html.escape(side.name()))
                .append("</span><b>")
                .append(Html.escape(side.value()))
                .append("</b></p>\n");
    }
}
