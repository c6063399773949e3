package resonance.evaluation;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table in a terminal: a column of names, then groups of columns. Groups that do not fit beside each other follow
 * below, under the same names.
 *
 * @param names the first column
 * @param groups columns that stay together
 */
public record TextTable(Column names, List<List<Column>> groups) {

    /** Widest a table gets, in characters, unless a single group needs more. */
    public static final int MAX_WIDTH = 100;

    /**
     * One column.
     *
     * @param heading one or more lines
     * @param cells as many as there are names
     */
    public record Column(String heading, List<String> cells) {
        public Column {
            cells = List.copyOf(cells);
        }
    }

    public TextTable {
        groups = groups.stream().map(List::copyOf).toList();
        for (List<Column> group : groups) {
            for (Column column : group) {
                if (column.cells().size() != names.cells().size()) {
                    throw new IllegalArgumentException("column \"" + column.heading() + "\" must have "
                            + names.cells().size() + " cells, had "
                            + column.cells().size());
                }
            }
        }
    }

    /** Prints as many groups side by side as fit, then the next ones below. */
    public void print(PrintWriter out) {
        List<Column> block = new ArrayList<>(List.of(names));
        for (List<Column> group : groups) {
            List<Column> wider = new ArrayList<>(block);
            wider.addAll(group);
            if (block.size() > 1 && width(render(wider)) > MAX_WIDTH) {
                out.println(render(block));
                block = new ArrayList<>(List.of(names));
                block.addAll(group);
            } else {
                block = wider;
            }
        }
        out.println(render(block));
    }

    private static int width(String table) {
        return table.indexOf('\n') < 0 ? table.length() : table.indexOf('\n');
    }

    private static String render(List<Column> columns) {
        List<Integer> rows =
                IntStream.range(0, columns.get(0).cells().size()).boxed().toList();
        List<ColumnData<Integer>> data =
                columns.stream().map(TextTable::leftAligned).toList();
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, data)
                .replace("\r\n", "\n");
    }

    private static ColumnData<Integer> leftAligned(Column column) {
        return new com.github.freva.asciitable.Column()
                .header(column.heading())
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> column.cells().get(row));
    }
}
