package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Boundary;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.rope.EncodingName;

class ByLengthTest {

    private static final ByLength BY_LENGTH =
            new ByLength(encodings("none", "resonance-yarn"), List.of(512, 1024, 2048), 1024);

    @Test
    void aPagesTableGroupsTheLengthsAtTheTrainedOne() {
        Table table = table(BY_LENGTH);
        assertThat(table.groups())
                .containsExactly(
                        new Group("Within the trained length", List.of("512", "1,024")),
                        new Group("Beyond it", List.of("2,048")));
        assertThat(table.rows()).hasSize(1);
        assertThat(table.rows().get(0).heading()).isEqualTo("Resonance YaRN");
        assertThat(table.rows().get(0).cells()).containsExactly(Cell.MISSING, Cell.of("1024"), Cell.of("2048"));
    }

    @Test
    void aGroupWithoutLengthsIsLeftOut() {
        assertThat(table(new ByLength(BY_LENGTH.encodings(), List.of(512), 512)).groups())
                .containsExactly(new Group("Within the trained length", List.of("512")));
        assertThat(table(new ByLength(BY_LENGTH.encodings(), List.of(512), 511)).groups())
                .containsExactly(new Group("Beyond it", List.of("512")));
    }

    @Test
    void aTerminalsTableHasAGroupForEachLength() {
        Table table = BY_LENGTH.terminalTable("Encoding", encodings("none"), ByLengthTest::cell);
        assertThat(table.groups())
                .containsExactly(
                        new Group("512", List.of("within")),
                        new Group("1,024", List.of("within")),
                        new Group("2,048", List.of("beyond")));
        assertThat(table.rows().get(0).style()).isNull();
        assertThat(table.rows().get(0).cells()).containsExactly(Cell.of("-"), Cell.of("1024"), Cell.of("2048"));
    }

    @Test
    void aChartHasALineForEachEncodingWithAValue() {
        LineChart chart = BY_LENGTH.chart(
                "title",
                "length",
                Axis.of("y"),
                (encoding, length) -> encoding.equals(encoding("none")) && length > 512
                        ? OptionalDouble.of(2.0 * length)
                        : OptionalDouble.empty(),
                "");
        assertThat(chart.boundary()).isEqualTo(new Boundary(1024, "trained length 1,024"));
        assertThat(chart.series()).hasSize(1);
        assertThat(chart.series().get(0).name()).isEqualTo("No scaling");
        assertThat(chart.series().get(0).x()).containsExactly(1024.0, 2048.0);
        assertThat(chart.series().get(0).y()).containsExactly(2048.0, 4096.0);
    }

    private static Table table(ByLength byLength) {
        return byLength.table("title", "", "Encoding", encodings("resonance-yarn"), ByLengthTest::cell);
    }

    private static Optional<Cell> cell(EncodingName encoding, int length) {
        return length == 512 ? Optional.empty() : Optional.of(Cell.of(Integer.toString(length)));
    }
}
