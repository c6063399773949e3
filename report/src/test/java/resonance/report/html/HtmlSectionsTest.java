package resonance.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resonance.report.Findings;
import resonance.report.Findings.Direction;
import resonance.report.Findings.Finding;
import resonance.report.Findings.Pair;
import resonance.report.Findings.Side;
import resonance.report.HeatMaps;
import resonance.report.HeatMaps.HeatMap;
import resonance.report.HeatMaps.Scale;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Boundary;
import resonance.report.LineChart.Series;
import resonance.report.LineChart.Unit;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Section;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;

/** The exact HTML of every kind of section: style sheet and script rely on its classes and nesting. */
class HtmlSectionsTest {

    private static final LineStyle DASHED = new LineStyle(3, Stroke.DASHED);
    private static final LineStyle SOLID = new LineStyle(3, Stroke.SOLID);

    @Test
    void keyValuesAreADescriptionListInTheirOrder() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("preset", "quick");
        values.put("model <width>", "128 & more");
        assertThat(html(new KeyValues("Settings", "", values))).isEqualTo("""
                <section class="key-values">
                <h2>Settings</h2>
                <dl>
                <div><dt>preset</dt><dd>quick</dd></div>
                <div><dt>model &lt;width&gt;</dt><dd>128 &amp; more</dd></div>
                </dl>
                </section>
                """);
    }

    @Test
    void anExplanationFollowsItsHeading() {
        assertThat(html(new KeyValues("Provenance", "Made in \"two\" runs.", Map.of())))
                .isEqualTo("""
                <section class="key-values">
                <h2>Provenance</h2>
                <p class="explanation">Made in &quot;two&quot; runs.</p>
                <dl>
                </dl>
                </section>
                """);
    }

    @Test
    void aTableHasItsGroupsAboveItsColumns() {
        Table table = new Table(
                "Accuracy",
                "In %.",
                "Encoding",
                List.of(new Group("CoT", List.of("OOD", "ID")), new Group("Speed", List.of("tokens/s"))),
                List.of(
                        new Row(
                                "RoPE",
                                DASHED,
                                List.of(new Cell("53.9", "52 to 56", 0.5386), Cell.of("98"), Cell.MISSING)),
                        new Row("All", null, List.of(new Cell("0", "", 0.0), Cell.of("1", "best"), Cell.of("2")))));
        assertThat(html(table)).isEqualTo("""
                <section class="table">
                <h2>Accuracy</h2>
                <p class="explanation">In %.</p>
                <div class="scroll" tabindex="0" role="region" aria-label="Accuracy">
                <table>
                <thead>
                <tr><th rowspan="2" scope="col">Encoding</th>\
                <th class="group" scope="colgroup" colspan="2">CoT</th>\
                <th class="group" scope="colgroup" colspan="1">Speed</th></tr>
                <tr><th scope="col" class="first">OOD</th><th scope="col">ID</th><th scope="col" class="first">tokens/s</th></tr>
                </thead>
                <tbody>
                <tr class="c3"><th scope="row"><span class="name">\
                <span class="swatch c3 dashed" aria-hidden="true"></span>RoPE</span></th>\
                <td class="measured"><span class="value">53.9</span>\
                <span class="bar" style="--length:53.9%"></span><small>52 to 56</small></td>\
                <td><span class="value">98</span></td>\
                <td><span class="value">–</span></td></tr>
                <tr><th scope="row"><span class="name">All</span></th>\
                <td class="measured"><span class="value">0</span><span class="bar" style="--length:0.0%"></span></td>\
                <td><span class="value">1</span><small>best</small></td>\
                <td><span class="value">2</span></td></tr>
                </tbody>
                </table>
                </div>
                </section>
                """);
    }

    @Test
    void aHeatMapColoursItsCellsAndMarksItsBoundary() {
        HeatMaps maps = new HeatMaps(
                "By place",
                "",
                new Scale("0 %", "100 %"),
                List.of(new HeatMap(
                        "RoPE & co",
                        SOLID,
                        "Depth",
                        List.of("256", "512"),
                        1,
                        List.of(
                                new Row("0 %", null, List.of(new Cell("33", "", 1.0 / 3), Cell.MISSING)),
                                new Row(
                                        "100 %",
                                        null, List.of(new Cell("120", "", 1.2), new Cell("-5", "", -0.05)))))));
        assertThat(html(maps)).isEqualTo("""
                <section class="heat-maps">
                <h2>By place</h2>
                <p class="scale" aria-hidden="true"><span>0 %</span><span class="ramp"></span><span>100 %</span></p>
                <div class="maps">
                <figure class="heat-map">
                <figcaption><span class="swatch c3 solid" aria-hidden="true"></span>RoPE &amp; co</figcaption>
                <div class="scroll" tabindex="0" role="region" aria-label="RoPE &amp; co">
                <table>
                <thead>
                <tr><th scope="col">Depth</th><th scope="col">256</th><th scope="col" class="boundary">512</th></tr>
                </thead>
                <tbody>
                <tr><th scope="row">0 %</th><td style="--heat:0.333">33</td><td class="boundary">–</td></tr>
                <tr><th scope="row">100 %</th><td style="--heat:1.000">120</td>\
                <td class="boundary" style="--heat:0.000">-5</td></tr>
                </tbody>
                </table>
                </div>
                </figure>
                </div>
                </section>
                """);
    }

    @Test
    void aBoundaryBeforeTheFirstOrBehindTheLastColumnIsNoLine() {
        for (int boundary : new int[] {0, 2}) {
            HeatMap map = new HeatMap("m", null, "c", List.of("1", "2"), boundary, List.of());
            assertThat(html(new HeatMaps("t", "", new Scale("", ""), List.of(map))))
                    .contains("<figcaption>m</figcaption>")
                    .doesNotContain("boundary");
        }
    }

    @Test
    void aChartIsAnEmptyFigureWithItsNumbersAsJson() {
        LineChart chart = new LineChart(
                "CoT",
                Axis.of("position"),
                new Axis("accuracy", 0.0, 1.0, Unit.PERCENT),
                List.of(new Series("a<b", DASHED, List.of(1.0), List.of(0.5), List.of(), List.of())),
                new Boundary(64, "trained length 64"),
                null,
                "Both axes are linear.");
        assertThat(html(new LineCharts("By position", "", List.of(chart)))).isEqualTo("""
                <section class="charts">
                <h2>By position</h2>
                <div class="legend" role="group" aria-label="Series shown"></div>
                <div class="panels">
                <figure class="chart">
                <figcaption>CoT</figcaption>
                <div class="plot" role="img" aria-label="CoT: accuracy over position"></div>
                <p class="note">Both axes are linear.</p>
                <details><summary>Numbers</summary></details>
                <script type="application/json">{"title":"CoT",\
                "x":{"label":"position","min":null,"max":null,"unit":"NUMBER","spacing":"LINEAR"},\
                "y":{"label":"accuracy","min":0,"max":1,"unit":"PERCENT","spacing":"LINEAR"},\
                "series":[{"name":"a\\u003cb","style":{"colour":3,"stroke":"DASHED"},"x":[1],"y":[0.5],"low":[],"high":[]}],\
                "boundary":{"at":64.0,"label":"trained length 64"},"levels":null,"note":"Both axes are linear."}</script>
                </figure>
                </div>
                </section>
                """);
    }

    @Test
    void aFindingIsACardWithEveryPair() {
        assertThat(html(new Findings("What it adds", "In points.", List.of(finding(Direction.BETTER)))))
                .isEqualTo("""
                <section class="findings">
                <h2>What it adds</h2>
                <p class="explanation">In points.</p>
                <div class="cards" style="--columns:1">
                <article class="card better">
                <h3>CoT</h3>
                <p class="headline">+9.0 points</p>
                <p class="detail">better in 2 of 2 seeds</p>
                <p class="side"><span><span class="swatch c3 dashed" aria-hidden="true"></span>RoPE</span><b>55.0 %</b></p>
                <svg class="pairs c3" height="46" aria-hidden="true">
                <line class="track" x1="0" x2="100%" y1="8" y2="8"/><line class="track" x1="0" x2="100%" y1="38" y2="38"/>
                <line class="join" x1="50.00%" y1="8" x2="60.00%" y2="38"/>\
                <circle class="before" cx="50.00%" cy="8" r="4.5"/><circle class="after" cx="60.00%" cy="38" r="4.5"/>
                <line class="join" x1="33.33%" y1="8" x2="100.00%" y2="38"/>\
                <circle class="before" cx="33.33%" cy="8" r="4.5"/><circle class="after" cx="100.00%" cy="38" r="4.5"/>
                </svg>
                <p class="side"><span><span class="swatch c3 solid" aria-hidden="true"></span>Resonance</span><b>64.0 %</b></p>
                </article>
                </div>
                </section>
                """);
    }

    @Test
    void theLastRowOfCardsIsFullForTheUsualNumbers() {
        List<Integer> columns = new ArrayList<>();
        for (int cards : new int[] {1, 2, 3, 4, 6}) {
            String html = html(new Findings("t", "", Collections.nCopies(cards, finding(Direction.UNDECIDED))));
            int start = html.indexOf("--columns:") + "--columns:".length();
            columns.add(Integer.parseInt(html.substring(start, html.indexOf('"', start))));
        }
        assertThat(columns).containsExactly(1, 2, 3, 2, 3);
    }

    @Test
    void everyDirectionAndStrokeHasAClassOfItsOwn() {
        assertThat(html(new Findings("t", "", List.of(finding(Direction.WORSE), finding(Direction.UNDECIDED)))))
                .contains("<article class=\"card worse\">", "<article class=\"card undecided\">");
        for (Stroke stroke : Stroke.values()) {
            String name = stroke.name().toLowerCase(Locale.ROOT).replace('_', '-');
            assertThat(html(new Table(
                            "t", "", "r", List.of(), List.of(new Row("a", new LineStyle(7, stroke), List.of())))))
                    .contains("<tr class=\"c7\">", "<span class=\"swatch c7 " + name + "\"");
            // A solid line is what the style sheet draws unless told otherwise.
            assertThat(HtmlPage.resource("page.css").contains(".swatch." + name) || stroke == Stroke.SOLID)
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void theLocaleDoesNotChangeTheNumbers() {
        Section findings = new Findings("t", "", List.of(finding(Direction.UNDECIDED)));
        String html = html(findings);
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(html(findings)).isEqualTo(html);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Finding finding(Direction direction) {
        return new Finding(
                "CoT",
                "+9.0 points",
                "better in 2 of 2 seeds",
                direction,
                new Side("RoPE", "55.0 %", DASHED),
                new Side("Resonance", "64.0 %", SOLID),
                List.of(new Pair(0.5, 0.6), new Pair(1.0 / 3, 1)));
    }

    private static String html(Section section) {
        return section.render(new HtmlSections()).markup();
    }
}
