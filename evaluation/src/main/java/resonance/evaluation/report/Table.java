package resonance.evaluation.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose columns come in named groups.
 *
 * @param title heading
 * @param explanation how to read it; may be empty
 * @param rowHeading what the rows are
 * @param groups column groups from left to right
 * @param rows each with a cell for every column
 */
public record Table(String title, String explanation, String rowHeading, List<Group> groups, List<Row> rows)
        implements Section {

    /**
     * Columns under one heading.
     *
     * @param heading what they have in common
     * @param columns their own headings
     */
    public record Group(String heading, List<String> columns) {
        public Group {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One row.
     *
     * @param heading what it is about
     * @param style its line in the charts, shown as a key beside the heading; null for none
     * @param cells from left to right
     */
    public record Row(String heading, @Nullable LineStyle style, List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * One value.
     *
     * @param text the value
     * @param detail a remark in small print; may be empty
     * @param bar length of a bar below the value, 0 to 1 of the cell's width; null for none
     */
    public record Cell(String text, String detail, @Nullable Double bar) {

        /** A cell with nothing but text. */
        public static Cell of(String text) {
            return new Cell(text, "", null);
        }
    }

    public Table {
        groups = List.copyOf(groups);
        rows = List.copyOf(rows);
        int columns = groups.stream().mapToInt(group -> group.columns().size()).sum();
        for (Row row : rows) {
            if (row.cells().size() != columns) {
                throw new IllegalArgumentException("row \"" + row.heading() + "\" must have a cell for each of the "
                        + columns + " columns, had " + row.cells().size());
            }
        }
    }

    @Override
    public String html() {
        StringBuilder html = new StringBuilder("<section class=\"table\">\n").append(Html.heading(title, explanation));
        html.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.escape(title))
                .append("\">\n<table>\n<thead>\n<tr><th rowspan=\"2\" scope=\"col\">")
                .append(Html.escape(rowHeading))
                .append("</th>");
        for (Group group : groups) {
            html.append("<th class=\"group\" scope=\"colgroup\" colspan=\"")
                    .append(group.columns().size())
                    .append("\">")
                    .append(Html.escape(group.heading()))
                    .append("</th>");
        }
        html.append("</tr>\n<tr>");
        for (Group group : groups) {
            String first = " class=\"first\"";
            for (String column : group.columns()) {
                html.append("<th scope=\"col\"")
                        .append(first)
                        .append('>')
                        .append(Html.escape(column))
                        .append("</th>");
                first = "";
            }
        }
        html.append("</tr>\n</thead>\n<tbody>\n");
        for (Row row : rows) {
            html.append(
                            row.style() == null
                                    ? "<tr>"
                                    : "<tr class=\"c" + row.style().colour() + "\">")
                    .append("<th scope=\"row\"><span class=\"name\">")
                    .append(row.style() == null ? "" : Html.swatch(row.style()))
                    .append(Html.escape(row.heading()))
                    .append("</span></th>");
            row.cells().forEach(cell -> append(html, cell));
            html.append("</tr>\n");
        }
        return html.append("</tbody>\n</table>\n</div>\n</section>\n").toString();
    }

    private static void append(StringBuilder html, Cell cell) {
        html.append(cell.bar() == null ? "<td>" : "<td class=\"measured\">")
                .append("<span class=\"value\">")
                .append(Html.escape(cell.text()))
                .append("</span>");
        if (cell.bar() != null) {
            html.append("<span class=\"bar\" style=\"--length:")
                    .append(Math.round(1000 * cell.bar()) / 10.0)
                    .append("%\"></span>");
        }
        if (!cell.detail().isEmpty()) {
            html.append("<small>").append(Html.escape(cell.detail())).append("</small>");
        }
        html.append("</td>");
    }
}
