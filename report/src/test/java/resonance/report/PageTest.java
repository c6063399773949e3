package resonance.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import resonance.report.Findings.Direction;
import resonance.report.Findings.Finding;
import resonance.report.Findings.Pair;
import resonance.report.Findings.Side;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Boundary;
import resonance.report.LineChart.Levels;
import resonance.report.LineChart.Series;
import resonance.report.LineChart.Unit;
import resonance.report.LineStyle.Stroke;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;

class PageTest {

    private static final LineStyle SOLID = new LineStyle(2, Stroke.SOLID);
    private static final LineStyle DASHED = new LineStyle(2, Stroke.DASHED);

    /** The document an explorer reads; a change here is a change of its format. */
    @Test
    void aPageOfEverySectionIsTheGoldenDocument() throws IOException {
        JsonNode json = new JsonMapper().readTree(everySection().toJson());
        try (InputStream golden = Objects.requireNonNull(PageTest.class.getResourceAsStream("/golden/page.json"))) {
            assertThat(json).isEqualTo(new JsonMapper().readTree(golden));
        }
    }

    @Test
    void everyKindOfSectionIsInTheGoldenDocument() {
        assertThat(everySection().sections().stream().map(Object::getClass).map(Class::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Section.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList());
    }

    @Test
    void aChartAloneIsAsInItsPage() throws IOException {
        LineChart chart = chart();
        JsonNode page = new JsonMapper()
                .readTree(new Page("", "", List.of(new LineCharts("", "", List.of(chart))), new Page.Data("d", "{}"))
                        .toJson());
        assertThat(page.at("/sections/0/charts/0")).isEqualTo(new JsonMapper().readTree(chart.toJson()));
    }

    private static Page everySection() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("preset", "quick");
        settings.put("a name", "<&\"'\u2028");
        return new Page(
                "Does it help?",
                "One sentence.",
                List.of(
                        new Findings(
                                "What it adds",
                                "In points.",
                                List.of(new Finding(
                                        "CoT",
                                        "+9.0 points",
                                        "better in 2 of 2 seeds",
                                        Direction.BETTER,
                                        new Side("RoPE", "55.0 %", DASHED),
                                        new Side("Resonance RoPE", "64.0 %", SOLID),
                                        List.of(new Pair(0.5, 0.6))))),
                        new Table(
                                "Accuracy",
                                "In %.",
                                "Encoding",
                                List.of(new Group("CoT", List.of("OOD", "ID"))),
                                List.of(
                                        new Row(
                                                "RoPE",
                                                DASHED,
                                                List.of(new Cell("55.0", "50 to 60", 0.55), Cell.MISSING)),
                                        new Row("All", null, List.of(Cell.of("1"), Cell.of("2", "best"))))),
                        new LineCharts("Over length", "", List.of(chart())),
                        new HeatMaps(
                                "By place",
                                "",
                                new HeatMaps.Scale("0 %", "100 %"),
                                List.of(new HeatMaps.HeatMap(
                                        "RoPE",
                                        DASHED,
                                        "Depth",
                                        List.of("256", "512"),
                                        1,
                                        List.of(new Row(
                                                "0 %", null, List.of(new Cell("33", "", 1.0 / 3), Cell.MISSING)))))),
                        new KeyValues("Settings", "", settings)),
                new Page.Data("comparison.json", "{ \"cells\" : [ 1.23456789, null ] }"));
    }

    private static LineChart chart() {
        return new LineChart(
                "CoT",
                Axis.logarithmic("position"),
                new Axis("accuracy", 0.0, null, Unit.PERCENT),
                List.of(new Series(
                        "RoPE",
                        DASHED,
                        List.of(1.0, 2.0),
                        List.of(1.0 / 3, Double.NaN),
                        List.of(0.25, Double.NaN),
                        List.of(0.5, Double.POSITIVE_INFINITY))),
                new Boundary(64, "trained length 64"),
                new Levels("seen", List.of(0.125)),
                "a note");
    }

    @Test
    void valuesThatAreNotFiniteBecomeGaps() throws IOException {
        LineStyle style = new LineStyle(0, Stroke.SOLID);
        LineChart chart = new LineChart(
                "c",
                Axis.of("x"),
                Axis.of("y"),
                List.of(new Series(
                        "s",
                        style,
                        List.of(1.0, 2.0, 3.0),
                        List.of(Double.NaN, 1.0 / 3, 1e-9 / 3),
                        List.of(),
                        List.of())),
                null,
                null,
                "");
        JsonNode y = new JsonMapper().readTree(chart.toJson()).at("/series/0/y");
        assertThat(y.get(0).isNull()).isTrue();
        assertThat(y.get(1).doubleValue()).isEqualTo(0.333333);
        assertThat(y.get(2).doubleValue()).isEqualTo(3.33333e-10);
    }

    @Test
    void numbersHaveSixDigitsAndWholeOnesNoPoint() {
        List<Double> numbers = List.of(0.0, -3.0, 123456789.0, 1e15, 1.5e20, -2.0 / 3, 1234567.89);
        LineChart chart = new LineChart(
                "c",
                Axis.of("x"),
                Axis.of("y"),
                List.of(new Series("s", SOLID, numbers, numbers, List.of(), List.of())),
                null,
                null,
                "");
        assertThat(chart.toJson()).contains("\"y\":[0,-3,123456789,1.00000E+15,1.50000E+20,-0.666667,1.23457E+6]");
    }

    @Test
    void theRecordBehindThePageIsNotRounded() {
        assertThat(new Page.Data("d", "{ \"loss\": 1.234567890123,\n \"s\": \" \" }").document())
                .isEqualTo("{\"loss\":1.234567890123,\"s\":\" \"}");
    }

    @Test
    void refusesWhatCannotBeShown() {
        assertThatThrownBy(() -> new Page.Data("d", "{"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("document must be a JSON document: Unexpected end-of-input");
        assertThatThrownBy(() -> new Table(
                        "t",
                        "",
                        "r",
                        List.of(new Group("g", List.of("a", "b"))),
                        List.of(new Row("row", null, List.of(Cell.of("1"))))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row \"row\" must have a cell for each of the 2 columns, had 1");
        assertThatThrownBy(() -> new HeatMaps("t", "", new HeatMaps.Scale("", ""), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maps of section \"t\" must be at least one, was none");
        assertThatThrownBy(() -> new HeatMaps.HeatMap(
                        "m", null, "c", List.of("1", "2"), 1, List.of(new Row("row", null, List.of()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row \"row\" must have a cell for each of the 2 columns, had 0");
        assertThatThrownBy(() -> new LineCharts("t", "", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("charts of section \"t\" must be at least one, was none");
        assertThatThrownBy(() -> new LineChart("c", Axis.of("x"), Axis.of("y"), List.of(), null, null, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("series of chart \"c\" must be at least one, was none");
        assertThatThrownBy(() -> new LineStyle(8, Stroke.SOLID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("colour must be from 0 to 7, was 8");
        assertThatThrownBy(() ->
                        new Series("s", new LineStyle(0, Stroke.SOLID), List.of(1.0), List.of(), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("series \"s\" must have as many y, low and high as x, had 0, 0, 0 and 1");
    }
}
