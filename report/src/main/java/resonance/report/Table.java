package resonance.report;

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
     * @param fraction the value as a fraction, 0 to 1: in a table the length of a bar below it, in a heat map its
     *     colour; null for none
     */
    public record Cell(String text, String detail, @Nullable Double fraction) {

        /** A cell without a value. */
        public static final Cell MISSING = of("–");

        /** A cell with nothing but text. */
        public static Cell of(String text) {
            return of(text, "");
        }

        /** A cell without a fraction. */
        public static Cell of(String text, String detail) {
            return new Cell(text, detail, null);
        }
    }

    public Table {
        groups = List.copyOf(groups);
        rows = List.copyOf(rows);
        requireCells(
                rows, groups.stream().mapToInt(group -> group.columns().size()).sum());
    }

    static void requireCells(List<Row> rows, int columns) {
        for (Row row : rows) {
            if (row.cells().size() != columns) {
                throw new IllegalArgumentException("row \"" + row.heading() + "\" must have a cell for each of the "
                        + columns + " columns, had " + row.cells().size());
            }
        }
    }

    @Override
    public <T> T render(Renderer<T> renderer) {
        return renderer.table(this);
    }
}
