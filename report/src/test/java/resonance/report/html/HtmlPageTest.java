package resonance.report.html;

import static org.assertj.core.api.Assertions.assertThat;

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
import resonance.report.Findings;
import resonance.report.Findings.Direction;
import resonance.report.Findings.Finding;
import resonance.report.Findings.Pair;
import resonance.report.Findings.Side;
import resonance.report.HeatMaps;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Series;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Page;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;

class HtmlPageTest {

    private static final String HOSTILE = "</script><script>alert(1)</script><img src=x onerror='a\"b'>&{{data}}\\1$1";

    @Test
    void hostileTextStaysTextWhereverItIsPut() {
        LineStyle style = new LineStyle(0, Stroke.SOLID);
        Series series = new Series(HOSTILE, style, List.of(1.0), List.of(2.0), List.of(), List.of());
        Page page = new Page(
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
                        new Findings(
                                HOSTILE,
                                HOSTILE,
                                List.of(new Finding(
                                        HOSTILE,
                                        HOSTILE,
                                        HOSTILE,
                                        Direction.UNDECIDED,
                                        new Side(HOSTILE, HOSTILE, style),
                                        new Side(HOSTILE, HOSTILE, style),
                                        List.of(new Pair(0.1, 0.2))))),
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
                                        List.of(new Row(HOSTILE, null, List.of(new Cell(HOSTILE, HOSTILE, 0.5))))))),
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
                new Page.Data(
                        HOSTILE,
                        new JsonMapper().createObjectNode().put("k", HOSTILE).toString()));

        String html = HtmlPage.of(page);

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
        String html = HtmlPage.of(new Page("t", "l", List.of(), new Page.Data("data.json", "{}")));
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
        Page page = new Page(
                "t", "l", List.of(new KeyValues("s", "", Map.of("a", "b"))), new Page.Data("data.json", "{\"a\": 1}"));
        assertThat(HtmlPage.of(page)).isEqualTo(HtmlPage.of(page)).contains("{\"a\":1}");
    }

    /** The files taken from uPlot are the ones NOTICE.md speaks of, to the byte. */
    @Test
    void thirdPartyFilesAreThoseOfTheNotice() throws IOException, NoSuchAlgorithmException {
        Matcher rows =
                Pattern.compile("\\| (uPlot\\S+) \\| ([0-9a-f]{64}) \\|").matcher(HtmlPage.resource("NOTICE.md"));
        int files = 0;
        while (rows.find()) {
            try (InputStream file = Objects.requireNonNull(HtmlPage.class.getResourceAsStream(rows.group(1)))) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
                assertThat(HexFormat.of().formatHex(digest)).as(rows.group(1)).isEqualTo(rows.group(2));
            }
            files++;
        }
        assertThat(files).isEqualTo(3);
        assertThat(HtmlPage.resource("uPlot.iife.min.js").getBytes(StandardCharsets.UTF_8))
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
