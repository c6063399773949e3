package resonance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import resonance.evaluation.report.LineChart.Axis;
import resonance.evaluation.report.LineChart.Series;
import resonance.evaluation.report.LineStyle.Stroke;
import resonance.evaluation.report.Table.Cell;
import resonance.evaluation.report.Table.Group;
import resonance.evaluation.report.Table.Row;

class ReportPageTest {

    private static final String HOSTILE = "</script><script>alert(1)</script><img src=x onerror='a\"b'>&{{data}}\\1$1";

    @Test
    void hostileTextStaysTextWhereverItIsPut() {
        LineStyle style = new LineStyle(0, Stroke.SOLID);
        Series series = new Series(HOSTILE, style, List.of(1.0), List.of(2.0), List.of(), List.of());
        ReportPage page = new ReportPage(
                HOSTILE,
                HOSTILE,
                List.of(
                        new Table(
                                HOSTILE,
                                HOSTILE,
                                HOSTILE,
                                List.of(new Group(HOSTILE, List.of(HOSTILE))),
                                List.of(new Row(HOSTILE, style, List.of(new Cell(HOSTILE, HOSTILE, 0.5))))),
                        new KeyValues(HOSTILE, HOSTILE, Map.of(HOSTILE, HOSTILE)),
                        new HeatMaps(
                                HOSTILE,
                                HOSTILE,
                                new HeatMaps.Scale(HOSTILE, HOSTILE),
                                List.of(new HeatMaps.HeatMap(
                                        HOSTILE,
                                        style,
                                        HOSTILE,
                                        List.of(HOSTILE),
                                        1,
                                        List.of(new HeatMaps.Row(HOSTILE, List.of(new HeatMaps.Cell(HOSTILE, 0.5))))))),
                        new LineCharts(
                                HOSTILE,
                                HOSTILE,
                                List.of(new LineChart(
                                        HOSTILE,
                                        Axis.of(HOSTILE),
                                        Axis.of(HOSTILE),
                                        List.of(series),
                                        null,
                                        null,
                                        HOSTILE)))),
                HOSTILE,
                new JsonMapper().createObjectNode().put("k", HOSTILE).toString());

        String html = page.html();

        assertThat(html).doesNotContain("alert(1)</script>", "<img");
        // One script element each for the chart, the data, uPlot and ours: none was ended early or slipped in.
        assertThat(count(html, "<script")).isEqualTo(4);
        assertThat(count(html, "</script>")).isEqualTo(4);
        assertThat(scriptJson(html, "id=\"data\"").get("k").textValue()).isEqualTo(HOSTILE);
        assertThat(scriptJson(html, "type=\"application/json\"").get("title").textValue())
                .isEqualTo(HOSTILE);
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String html = new ReportPage("t", "l", List.of(), "data.json", "{}").html();
        assertThat(html).contains("default-src 'none'");
        Matcher links =
                Pattern.compile("(?:src|href)=\"([^\"]*)\"|@import|url\\(").matcher(html);
        while (links.find()) {
            assertThat(links.group(1)).as(links.group()).isEqualTo("data:,");
        }
        assertThat(html).doesNotContain("{{").contains("Copyright (c) 2022 Leon Sorokin");
    }

    @Test
    void theSameContentGivesTheSameBytes() {
        ReportPage page =
                new ReportPage("t", "l", List.of(new KeyValues("s", "", Map.of("a", "b"))), "data.json", "{\"a\": 1}");
        assertThat(page.html()).isEqualTo(page.html()).contains("{\"a\":1}");
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
        JsonNode y = new JsonMapper().readTree(ChartJson.write(chart)).at("/series/0/y");
        assertThat(y.get(0).isNull()).isTrue();
        assertThat(y.get(1).doubleValue()).isEqualTo(0.333333);
        assertThat(y.get(2).doubleValue()).isEqualTo(3.33333e-10);
    }

    @Test
    void refusesWhatCannotBeShown() {
        assertThatThrownBy(() -> new ReportPage("t", "l", List.of(), "d", "{").html())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("dataJson must be a JSON document: Unexpected end-of-input");
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
                        "m", null, "c", List.of("1", "2"), 1, List.of(new HeatMaps.Row("row", List.of()))))
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

    /** The files taken from uPlot are the ones NOTICE.md speaks of, to the byte. */
    @Test
    void thirdPartyFilesAreThoseOfTheNotice() throws IOException, NoSuchAlgorithmException {
        Matcher rows = Pattern.compile("\\| (uPlot\\S+) \\| ([0-9a-f]{64}) \\|").matcher(Html.resource("NOTICE.md"));
        int files = 0;
        while (rows.find()) {
            try (InputStream file = Objects.requireNonNull(Html.class.getResourceAsStream(rows.group(1)))) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
                assertThat(HexFormat.of().formatHex(digest)).as(rows.group(1)).isEqualTo(rows.group(2));
            }
            files++;
        }
        assertThat(files).isEqualTo(3);
        assertThat(Html.resource("uPlot.iife.min.js").getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(60_000);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static JsonNode scriptJson(String html, String marker) {
        int start = html.indexOf('>', html.indexOf(marker)) + 1;
        try {
            return new JsonMapper().readTree(html.substring(start, html.indexOf("</script>", start)));
        } catch (IOException e) {
            throw new AssertionError("the script element with " + marker + " must hold JSON", e);
        }
    }
}
