package resonance.report.html;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import resonance.report.Findings;
import resonance.report.Findings.Finding;
import resonance.report.HeatMaps;
import resonance.report.HeatMaps.HeatMap;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.Section;
import resonance.report.Table;

/** Every kind of section as HTML. */
final class HtmlSections implements Section.Renderer<Html> {

    private static final Html FIRST_OF_GROUP = new Html(" class=\"first\"");

    @Override
    public Html findings(Findings findings) {
        int cards = findings.findings().size();
        // Side by side where there is room, so that the last row is full for the usual numbers of cards.
        int columns = cards % 3 == 0 ? 3 : Math.min(2, Math.max(1, cards));
        return section(
                "findings",
                findings.title(),
                findings.explanation(),
                Html.of("""
                <div class="cards" style="--columns:%s">
                %s</div>
                """, columns, Html.each(findings.findings(), HtmlSections::card)));
    }

    private static Html card(Finding finding) {
        return Html.of(
                """
                <article class="card %s">
                <h3>%s</h3>
                <p class="headline">%s</p>
                <p class="detail">%s</p>
                %s<svg class="pairs c%s" height="46" aria-hidden="true">
                <line class="track" x1="0" x2="100%%" y1="8" y2="8"/><line class="track" x1="0" x2="100%%" y1="38" y2="38"/>
                %s</svg>
                %s</article>
                """,
                lowerCase(finding.direction()),
                finding.subject(),
                finding.headline(),
                finding.detail(),
                side(finding.before()),
                finding.after().style().colour(),
                Html.each(finding.pairs(), HtmlSections::join),
                side(finding.after()));
    }

    private static Html join(Findings.Pair pair) {
        return Html.of("""
                <line class="join" x1="%1$.2f%%" y1="8" x2="%2$.2f%%" y2="38"/>\
                <circle class="before" cx="%1$.2f%%" cy="8" r="4.5"/>\
                <circle class="after" cx="%2$.2f%%" cy="38" r="4.5"/>
                """, 100 * pair.before(), 100 * pair.after());
    }

    private static Html side(Findings.Side side) {
        return Html.of(
                "<p class=\"side\"><span>%s%s</span><b>%s</b></p>\n", swatch(side.style()), side.name(), side.value());
    }

    @Override
    public Html heatMaps(HeatMaps heatMaps) {
        return section(
                "heat-maps",
                heatMaps.title(),
                heatMaps.explanation(),
                Html.of(
                        """
                        <p class="scale" aria-hidden="true"><span>%s</span><span class="ramp"></span><span>%s</span></p>
                        <div class="maps">
                        %s</div>
                        """,
                        heatMaps.scale().palest(),
                        heatMaps.scale().strongest(),
                        Html.each(heatMaps.maps(), HtmlSections::heatMap)));
    }

    private static Html heatMap(HeatMap map) {
        Html head = Html.of(
                "<tr><th scope=\"col\">%s</th>%s</tr>",
                map.corner(),
                Html.indexed(
                        map.columns(),
                        (i, heading) -> Html.of("<th scope=\"col\"%s>%s</th>", boundary(map, i), heading)));
        Html body = Html.each(
                map.rows(),
                row -> Html.of(
                        "<tr><th scope=\"row\">%s</th>%s</tr>\n",
                        row.heading(), Html.indexed(row.cells(), (i, cell) -> heat(boundary(map, i), cell))));
        return Html.of(
                "<figure class=\"heat-map\">\n<figcaption>%s%s</figcaption>\n%s</figure>\n",
                swatch(map.style()), map.title(), scrolling(map.title(), head, body));
    }

    private static Html heat(Html boundary, Table.Cell cell) {
        Double heat = cell.fraction() == null ? null : Math.max(0, Math.min(1, cell.fraction()));
        return Html.of("<td%s%s>%s</td>", boundary, Html.ifAny(heat, " style=\"--heat:%.3f\""), cell.text());
    }

    private static Html boundary(HeatMap map, int column) {
        return column > 0 && column == map.boundary() ? new Html(" class=\"boundary\"") : Html.NOTHING;
    }

    @Override
    public Html keyValues(KeyValues keyValues) {
        Html values = Html.each(
                List.copyOf(keyValues.values().entrySet()),
                entry -> Html.of("<div><dt>%s</dt><dd>%s</dd></div>\n", entry.getKey(), entry.getValue()));
        return section("key-values", keyValues.title(), keyValues.explanation(), Html.of("<dl>\n%s</dl>\n", values));
    }

    @Override
    public Html lineCharts(LineCharts lineCharts) {
        return section(
                "charts",
                lineCharts.title(),
                lineCharts.explanation(),
                Html.of("""
                <div class="legend" role="group" aria-label="Series shown"></div>
                <div class="panels">
                %s</div>
                """, Html.each(lineCharts.charts(), HtmlSections::chart)));
    }

    private static Html chart(LineChart chart) {
        return Html.of(
                """
                <figure class="chart">
                <figcaption>%1$s</figcaption>
                <div class="plot" role="img" aria-label="%1$s: %2$s over %3$s"></div>
                %4$s<details><summary>Numbers</summary></details>
                <script type="application/json">%5$s</script>
                </figure>
                """,
                chart.title(),
                chart.y().label(),
                chart.x().label(),
                Html.ifAny(chart.note(), "<p class=\"note\">%s</p>\n"),
                Html.script(chart.toJson()));
    }

    @Override
    public Html table(Table table) {
        Html groups = Html.each(
                table.groups(),
                group -> Html.of(
                        "<th class=\"group\" scope=\"colgroup\" colspan=\"%s\">%s</th>",
                        group.columns().size(), group.heading()));
        Html columns = Html.each(
                table.groups(),
                group -> Html.indexed(
                        group.columns(),
                        (i, column) -> Html.of(
                                "<th scope=\"col\"%s>%s</th>", i == 0 ? FIRST_OF_GROUP : Html.NOTHING, column)));
        Html head = Html.of(
                "<tr><th rowspan=\"2\" scope=\"col\">%s</th>%s</tr>\n<tr>%s</tr>", table.rowHeading(), groups, columns);
        return section(
                "table",
                table.title(),
                table.explanation(),
                scrolling(table.title(), head, Html.each(table.rows(), HtmlSections::row)));
    }

    private static Html row(Table.Row row) {
        LineStyle style = row.style();
        return Html.of(
                "<tr%s><th scope=\"row\"><span class=\"name\">%s%s</span></th>%s</tr>\n",
                Html.ifAny(style == null ? null : style.colour(), " class=\"c%s\""),
                swatch(style),
                row.heading(),
                Html.each(row.cells(), HtmlSections::cell));
    }

    private static Html cell(Table.Cell cell) {
        Double percent = cell.fraction() == null ? null : Math.round(1000 * cell.fraction()) / 10.0;
        return Html.of(
                "<td%s><span class=\"value\">%s</span>%s%s</td>",
                percent == null ? Html.NOTHING : new Html(" class=\"measured\""),
                cell.text(),
                Html.ifAny(percent, "<span class=\"bar\" style=\"--length:%s%%\"></span>"),
                Html.ifAny(cell.detail(), "<small>%s</small>"));
    }

    /** A section with its heading and, unless empty, an explaining paragraph. */
    private static Html section(String kind, String title, String explanation, Html body) {
        return Html.of(
                "<section class=\"%s\">\n<h2>%s</h2>\n%s%s</section>\n",
                kind, title, Html.ifAny(explanation, "<p class=\"explanation\">%s</p>\n"), body);
    }

    /** A table in a box that scrolls where it is wider than the page. */
    private static Html scrolling(String label, Html head, Html body) {
        return Html.of("""
                <div class="scroll" tabindex="0" role="region" aria-label="%s">
                <table>
                <thead>
                %s
                </thead>
                <tbody>
                %s</tbody>
                </table>
                </div>
                """, label, head, body);
    }

    /** A line sample, the key to the charts. */
    private static Html swatch(@Nullable LineStyle style) {
        return style == null
                ? Html.NOTHING
                : Html.of(
                        "<span class=\"swatch c%s %s\" aria-hidden=\"true\"></span>",
                        style.colour(), lowerCase(style.stroke()));
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
