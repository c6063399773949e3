package resonance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Spacing;
import resonance.report.LineChart.Unit;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;

class TableTest {

    @Test
    void aTableKeepsWhatItWasMadeOf() {
        List<Cell> cells = new ArrayList<>(List.of(Cell.of("1")));
        List<Row> rows = new ArrayList<>(List.of(new Row("row", null, cells)));
        List<String> columns = new ArrayList<>(List.of("a"));
        List<Group> groups = new ArrayList<>(List.of(new Group("g", columns)));
        Table table = new Table("t", "", "r", groups, rows);
        cells.clear();
        rows.clear();
        columns.clear();
        groups.clear();
        assertThat(table)
                .isEqualTo(new Table(
                        "t",
                        "",
                        "r",
                        List.of(new Group("g", List.of("a"))),
                        List.of(new Row("row", null, List.of(Cell.of("1"))))));
    }

    @Test
    void cellsAreShortenedToWhatTheyHave() {
        assertThat(Cell.of("1")).isEqualTo(new Cell("1", "", null));
        assertThat(Cell.of("1", "best")).isEqualTo(new Cell("1", "best", null));
        assertThat(Cell.MISSING).isEqualTo(new Cell("–", "", null));
    }

    @Test
    void axesFitTheirDataUnlessTold() {
        assertThat(Axis.of("x")).isEqualTo(new Axis("x", null, null, Unit.NUMBER, Spacing.LINEAR));
        assertThat(Axis.logarithmic("x")).isEqualTo(new Axis("x", null, null, Unit.NUMBER, Spacing.LOGARITHMIC));
        assertThat(new Axis("y", 0.0, 1.0, Unit.PERCENT).spacing()).isEqualTo(Spacing.LINEAR);
    }
}
