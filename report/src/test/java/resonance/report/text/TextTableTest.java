package resonance.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;

class TextTableTest {

    @Test
    void groupsThatDoNotFitFollowBelowUnderTheSameNames() {
        String wide = "x".repeat(60);
        String text = printed(new Table(
                "",
                "",
                "Name",
                List.of(new Group(wide, List.of("")), new Group(wide, List.of("")), new Group("h", List.of(""))),
                List.of(row("a", "1", "3", "5"), row("b", "2", "4", "6"))));
        assertThat(text.lines().filter(line -> line.startsWith("| a")))
                .map(line -> line.replaceAll(" +", " "))
                .containsExactly("| a | 1 |", "| a | 3 | 5 |");
    }

    @Test
    void aGroupStaysTogetherHoweverWide() {
        String wide = "x".repeat(60);
        String text = printed(
                new Table("", "", "Name", List.of(new Group("g", List.of(wide, wide))), List.of(row("a", "1", "2"))));
        assertThat(text.lines().filter(line -> line.startsWith("| a")))
                .map(line -> line.replaceAll(" +", " "))
                .containsExactly("| a | 1 | 2 |");
    }

    @Test
    void headingsHaveTwoLinesAndDetailsStandInBrackets() {
        assertThat(printed(new Table(
                        "title",
                        "explanation",
                        "Encoding",
                        List.of(new Group("CoT", List.of("OOD", "ID"))),
                        List.of(new Row(
                                "YaRN",
                                new LineStyle(0, Stroke.SOLID),
                                List.of(new Cell("60.0", "1 of 2", 0.6), Cell.of("-")))))))
                .isEqualTo("""
                        +----------+---------------+-----+
                        | Encoding | CoT           | CoT |
                        |          | OOD           | ID  |
                        +----------+---------------+-----+
                        | YaRN     | 60.0 (1 of 2) | -   |
                        +----------+---------------+-----+
                        """);
    }

    private static Row row(String heading, String... cells) {
        return new Row(heading, null, List.of(cells).stream().map(Cell::of).toList());
    }

    private static String printed(Table table) {
        StringWriter text = new StringWriter();
        TextTable.print(table, new PrintWriter(text));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
