package resonance.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;
import static resonance.evaluation.ExampleComparison.cell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.ReferenceTable;
import resonance.report.Findings;
import resonance.report.Findings.Direction;
import resonance.report.Findings.Finding;
import resonance.report.LineChart;
import resonance.report.LineChart.Series;
import resonance.report.LineCharts;
import resonance.report.html.HtmlPage;
import resonance.study.WrittenFiles;

class ComparisonReportTest {

    private static final ComparisonPlan PLAN =
            new ComparisonPlan(List.of("cot"), encodings("rope", "resonance-rope"), List.of(1L, 2L), 64, 256, 4);

    @Test
    void statesTheAnswerWithItsCertainty() {
        Finding helps = finding(List.of(0.5, 0.6), List.of(0.591, 0.689));
        assertThat(helps.subject()).isEqualTo("CoT: Resonance RoPE − RoPE");
        assertThat(helps.headline()).isEqualTo("+9.0 points");
        assertThat(helps.detail()).isEqualTo("better, 95 % interval [+7.7, +10.3]; higher in 2 of 2 seeds");
        assertThat(helps.direction()).isEqualTo(Direction.BETTER);
        assertThat(helps.before().value()).isEqualTo("55.0 %");
        assertThat(helps.after().value()).isEqualTo("64.0 %");
    }

    @Test
    void saysSoWhenResonanceHurtsOrTheSeedsDisagree() {
        Finding hurts = finding(List.of(0.591, 0.689), List.of(0.5, 0.6));
        assertThat(hurts.headline()).isEqualTo("−9.0 points");
        assertThat(hurts.direction()).isEqualTo(Direction.WORSE);
        assertThat(finding(List.of(0.5, 0.6), List.of(0.7, 0.58)).direction()).isEqualTo(Direction.UNDECIDED);
        Finding better = finding(List.of(0.5, 0.6), List.of(0.52, 0.7));
        assertThat(better.detail()).isEqualTo("undecided, 95 % interval [−44.8, +56.8]; higher in 2 of 2 seeds");
        assertThat(better.direction()).isEqualTo(Direction.UNDECIDED);
    }

    @Test
    void oneSeedIsNoEvidence() {
        Finding one = finding(List.of(0.5), List.of(0.6));
        assertThat(one.detail()).isEqualTo("one seed only, so no telling from chance");
        assertThat(one.direction()).isEqualTo(Direction.UNDECIDED);
    }

    @Test
    void showsEverySettingAndTheProvenance(@TempDir Path folder) throws IOException {
        Comparison comparison = ExampleComparison.finished(List.of("cot"));
        Path file = folder.resolve("report.html");
        new ComparisonReport(comparison, ReferenceTable.none(), ExampleComparison.angles(128))
                .write(WrittenFiles.in(folder, "posgen-compare", "1.0"));
        String html = Files.readString(file);
        ExampleComparison.settings()
                .forEach((name, value) -> assertThat(html).contains("<dt>" + name + "</dt><dd>" + value + "</dd>"));
        assertThat(html)
                .contains(
                        "<dt>tasks</dt><dd>cot</dd>",
                        "<dt>encodings</dt><dd>rope, resonance-rope, yarn, resonance-yarn</dd>",
                        "<dt>seeds</dt><dd>5549, 4955, 42</dd>",
                        "<dd>" + ExampleComparison.provenance().gitCommit() + "</dd>",
                        "<dd>Example CPU @ 2.00GHz</dd>",
                        "<dd>./resonance posgen compare --tasks cot,recursive",
                        "Farthest from an angle seen in training: 3.40°.",
                        "Farthest from an angle seen in training: 0°.",
                        "trained length 64")
                .doesNotContain("Not complete", "paper OOD", "runs by build");
    }

    @Test
    void anUnfinishedComparisonSaysHowFarItIs() {
        Comparison whole = ExampleComparison.finished(List.of("cot", "recursive"));
        Comparison part = ExampleComparison.of(whole.plan(), whole.cells().subList(0, 8));
        String html = HtmlPage.of(new ComparisonReport(part, ReferenceTable.paperTable1(), List.of()).page());
        assertThat(html)
                .contains(
                        "Not complete: 8 of 24 runs are finished.", "; 2 of 3 seeds", "<span class=\"value\">–</span>")
                .contains("paper OOD", "<span class=\"value\">69.56</span><small>± 0.33</small>");
        Comparison nothing = ExampleComparison.of(whole.plan(), List.of());
        assertThat(HtmlPage.of(new ComparisonReport(nothing, ReferenceTable.none(), List.of()).page()))
                .contains("Not complete: 0 of 24 runs are finished.", "No pair of runs is finished yet.");
    }

    @Test
    void accuracyByPositionIsTheMeanOfTheFinishedSeeds() {
        Comparison part = ExampleComparison.of(
                PLAN, List.of(cell("cot", encoding("rope"), 1, 0.25), cell("cot", encoding("rope"), 2, 0.75)));
        LineChart chart = new ComparisonReport(part, ReferenceTable.none(), List.of())
                .page().sections().stream()
                        .filter(LineCharts.class::isInstance)
                        .map(LineCharts.class::cast)
                        .filter(section -> section.title().equals("Accuracy by position"))
                        .findFirst()
                        .orElseThrow()
                        .charts()
                        .get(0);
        assertThat(chart.series()).hasSize(1);
        Series rope = chart.series().get(0);
        assertThat(rope.name()).isEqualTo("RoPE");
        assertThat(rope.x()).hasSize(252).startsWith(4.0, 5.0).endsWith(255.0);
        assertThat(rope.y()).hasSize(252).containsOnly(0.5);
        assertThat(rope.low()).hasSize(252).containsOnly(0.25);
        assertThat(rope.high()).hasSize(252).containsOnly(0.75);
    }

    @Test
    void namesTheBuildsOfRunsThatSeveralMade() {
        Comparison two = comparison(List.of(0.5, 0.6), List.of(0.6, 0.7));
        assertThat(HtmlPage.of(new ComparisonReport(two, ReferenceTable.none(), List.of()).page()))
                .contains("<dt>runs by build</dt><dd>0.1 (commit 1): 2, 0.1 (commit 2): 2</dd>");
    }

    @Test
    void thePageAsJsonHasEverySectionAndTheComparisonItself() throws IOException {
        Comparison comparison = ExampleComparison.finished(List.of("cot"));
        ComparisonReport report =
                new ComparisonReport(comparison, ReferenceTable.none(), ExampleComparison.angles(128));
        JsonNode json = new JsonMapper().readTree(report.page().toJson());
        assertThat(json.get("sections").findValuesAsText("kind"))
                .containsExactly(
                        "Findings",
                        "Table",
                        "LineCharts",
                        "Table",
                        "LineCharts",
                        "LineCharts",
                        "LineCharts",
                        "KeyValues",
                        "KeyValues",
                        "Table");
        assertThat(json.at("/data/name").textValue()).isEqualTo("comparison.json");
        assertThat(json.at("/data/document")).isEqualTo(new JsonMapper().readTree(report.toJson()));
    }

    private static Finding finding(List<Double> rope, List<Double> resonance) {
        return new ComparisonReport(comparison(rope, resonance), ReferenceTable.none(), List.of())
                .page().sections().stream()
                        .filter(Findings.class::isInstance)
                        .map(Findings.class::cast)
                        .findFirst()
                        .orElseThrow()
                        .findings()
                        .get(0);
    }

    private static Comparison comparison(List<Double> rope, List<Double> resonance) {
        List<ComparisonCell> cells = new ArrayList<>();
        for (int i = 0; i < rope.size(); i++) {
            cells.add(cell("cot", encoding("rope"), i + 1, rope.get(i)));
            cells.add(cell("cot", encoding("resonance-rope"), i + 1, resonance.get(i)));
        }
        return ExampleComparison.of(PLAN, cells);
    }
}
