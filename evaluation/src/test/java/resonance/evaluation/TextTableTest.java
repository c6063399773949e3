package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.evaluation.TextTable.Column;

class TextTableTest {

    private static final Column NAMES = new Column("Name", List.of("a", "b"));

    @Test
    void groupsThatDoNotFitFollowBelowUnderTheSameNames() {
        String wide = "x".repeat(60);
        StringWriter text = new StringWriter();
        new TextTable(
                        NAMES,
                        List.of(
                                List.of(new Column(wide, List.of("1", "2"))),
                                List.of(new Column(wide, List.of("3", "4"))),
                                List.of(new Column("h", List.of("5", "6")))))
                .print(new PrintWriter(text));
        assertThat(text.toString().lines().filter(line -> line.startsWith("| a")))
                .map(line -> line.replaceAll(" +", " "))
                .containsExactly("| a | 1 |", "| a | 3 | 5 |");
    }

    @Test
    void refusesAColumnOfAnotherHeight() {
        assertThatThrownBy(() -> new TextTable(NAMES, List.of(List.of(new Column("h", List.of("1"))))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("column \"h\" must have 2 cells, had 1");
    }
}
