package resonance.report.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;
import resonance.report.VisibleText;

/**
 * A table in a terminal, without its title and explanation: each column is headed by its group's heading and, below, its
 * own; a cell's detail stands in brackets, and bars are left out. Groups that do not fit beside each other follow below,
 * under the same row headings.
 */
public final class TextTable {

    /** Widest a table gets, in characters, unless a single group needs more. */
    public static final int MAX_WIDTH = 100;

    private TextTable() {}

    /** Prints as many groups side by side as fit, then the next ones below. */
    public static void print(Table table, PrintWriter out) {
        ColumnData<Row> names = column(VisibleText.within(table.rowHeading()), Row::heading);
        List<ColumnData<Row>> block = new ArrayList<>(List.of(names));
        int cell = 0;
        for (Group group : table.groups()) {
            List<ColumnData<Row>> columns = new ArrayList<>();
            for (String heading : group.columns()) {
                int index = cell++;
                columns.add(column(
                        VisibleText.within(group.heading()) + "\n" + VisibleText.within(heading),
                        row -> text(row.cells().get(index))));
            }
            List<ColumnData<Row>> wider = new ArrayList<>(block);
            wider.addAll(columns);
            if (block.size() > 1 && width(render(table.rows(), wider)) > MAX_WIDTH) {
                print(render(table.rows(), block), out);
                block = new ArrayList<>(List.of(names));
                block.addAll(columns);
            } else {
                block = wider;
            }
        }
        print(render(table.rows(), block), out);
    }

    /** Its line ends are those of rows; what a cell holds has none. */
    private static void print(String rendered, PrintWriter out) {
        out.print(rendered);
        out.println();
    }

    private static String text(Cell cell) {
        return cell.detail().isEmpty() ? cell.text() : cell.text() + " (" + cell.detail() + ")";
    }

    private static int width(String text) {
        return text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
    }

    private static String render(List<Row> rows, List<ColumnData<Row>> columns) {
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, columns)
                .replace("\r\n", "\n");
    }

    private static ColumnData<Row> column(String heading, Function<Row, String> cell) {
        return new Column()
                .header(heading)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> VisibleText.within(cell.apply(row)));
    }
}
