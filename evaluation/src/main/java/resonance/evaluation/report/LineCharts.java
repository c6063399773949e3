package resonance.evaluation.report;

import java.util.List;

/**
 * Charts of the same series side by side, under one legend that switches series on and off in all of them. Each chart
 * has its numbers as a table below it, for readers who can't see it and for copying.
 *
 * @param title heading
 * @param explanation how to read the charts; may be empty
 * @param charts at least one
 */
public record LineCharts(String title, String explanation, List<LineChart> charts) implements Section {

    public LineCharts {
        charts = List.copyOf(charts);
        if (charts.isEmpty()) {
            throw new IllegalArgumentException("charts of section \"" + title + "\" must be at least one, was none");
        }
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<section class=\"charts\">\n")
                .append(Html.heading(title, explanation))
                .append(
                        "<div class=\"legend\" role=\"group\" aria-label=\"Series shown\"></div>\n<div class=\"panels\">\n");
        for (LineChart chart : charts) {
            html.append("<figure class=\"chart\">\n<figcaption>")
                    .append(Html.escape(chart.title()))
                    .append("</figcaption>\n<div class=\"plot\" role=\"img\" aria-label=\"")
                    .append(Html.escape(chart.title() + ": " + chart.y().label() + " over "
                            + chart.x().label()))
                    .append("\"></div>\n");
            if (!chart.note().isEmpty()) {
                html.append("<p class=\"note\">")
                        .append(Html.escape(chart.note()))
                        .append("</p>\n");
            }
            html.append("<details><summary>Numbers</summary></details>\n<script type=\"application/json\">")
                    .append(Html.scriptJson(ChartJson.write(chart)))
                    .append("</script>\n</figure>\n");
        }
        return html.append("</div>\n</section>\n").toString();
    }
}
