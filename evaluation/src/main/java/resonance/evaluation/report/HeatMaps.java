package resonance.evaluation.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tables side by side whose cells are coloured by a number and show it: read by eye at a glance, by a screen reader or
 * without colour as the tables they are.
 *
 * @param title heading
 * @param explanation how to read them; may be empty
 * @param scale what the palest and the strongest colour mean
 * @param maps at least one
 */
public record HeatMaps(String title, String explanation, Scale scale, List<HeatMap> maps) implements Section {

    /**
     * The ends of the colour scale.
     *
     * @param palest meaning of heat 0
     * @param strongest meaning of heat 1
     */
    public record Scale(String palest, String strongest) {}

    /**
     * One table.
     *
     * @param title what sets it apart from the others
     * @param style its line in the charts, shown as a key beside the title; null for none
     * @param corner what rows and columns are
     * @param columns headings from left to right
     * @param boundary columns left of a thick line; 0 or all for none
     * @param rows from top to bottom
     */
    public record HeatMap(
            String title,
            @Nullable LineStyle style,
            String corner,
            List<String> columns,
            int boundary,
            List<Row> rows) {
        public HeatMap {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
            for (Row row : rows) {
                if (row.cells().size() != columns.size()) {
                    throw new IllegalArgumentException("row \"" + row.heading() + "\" must have a cell for each of the "
                            + columns.size() + " columns, had " + row.cells().size());
                }
            }
        }
    }

    /**
     * One row.
     *
     * @param heading what it is about
     * @param cells from left to right
     */
    public record Row(String heading, List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * One value.
     *
     * @param text the value
     * @param heat its colour, 0 to 1; NaN for none
     */
    public record Cell(String text, double heat) {

        /** A cell without a value. */
        public static final Cell MISSING = new Cell("–", Double.NaN);
    }

    public HeatMaps {
        maps = List.copyOf(maps);
        if (maps.isEmpty()) {
            throw new IllegalArgumentException("maps of section \"" + title + "\" must be at least one, was none");
        }
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<section class=\"heat-maps\">\n")
                .append(Html.heading(title, explanation))
                .append("<p class=\"scale\" aria-hidden=\"true\"><span>")
                .append(Html.escape(scale.palest()))
                .append("</span><span class=\"ramp\"></span><span>")
                .append(Html.escape(scale.strongest()))
                .append("</span></p>\n<div class=\"maps\">\n");
        maps.forEach(map -> append(html, map));
        return html.append("</div>\n</section>\n").toString();
    }

    private static void append(StringBuilder html, HeatMap map) {
        String title = Html.escape(map.title());
        html.append("<figure class=\"heat-map\">\n<figcaption>")
                .append(map.style() == null ? "" : Html.swatch(map.style()))
                .append(title)
                .append("</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(title)
                .append("\">\n<table>\n<thead>\n<tr><th scope=\"col\">")
                .append(Html.escape(map.corner()))
                .append("</th>");
        for (int column = 0; column < map.columns().size(); column++) {
            html.append("<th scope=\"col\"")
                    .append(boundary(map, column))
                    .append('>')
                    .append(Html.escape(map.columns().get(column)))
                    .append("</th>");
        }
        html.append("</tr>\n</thead>\n<tbody>\n");
        for (Row row : map.rows()) {
            html.append("<tr><th scope=\"row\">")
                    .append(Html.escape(row.heading()))
                    .append("</th>");
            for (int column = 0; column < map.columns().size(); column++) {
                Cell cell = row.cells().get(column);
                html.append("<td").append(boundary(map, column));
                if (!Double.isNaN(cell.heat())) {
                    html.append(String.format(
                            Locale.ROOT, " style=\"--heat:%.3f\"", Math.max(0, Math.min(1, cell.heat()))));
                }
                html.append('>').append(Html.escape(cell.text())).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table>\n</div>\n</figure>\n");
    }

    private static String boundary(HeatMap map, int column) {
        return column > 0 && column == map.boundary() ? " class=\"boundary\"" : "";
    }
}
