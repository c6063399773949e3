package resonance.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encodings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.ReferenceTable;
import resonance.report.LineChart;
import resonance.report.LineCharts;
import resonance.rope.NearReturn;
import resonance.rope.NoScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.YarnScaling;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.StudyRecords;

class MeasuredFrequenciesTest {
    private static final RopeShape SHAPE = RopeShape.of(64, 10_000, 64).withSequenceLength(256);
    private static final Map<String, String> VALUES = Map.of(
            "head-size",
            "64",
            "base",
            "10000",
            "train-length",
            "64",
            "test-length",
            "256",
            "factor",
            "4",
            "beta-fast",
            "2",
            "beta-slow",
            "1",
            "d-model",
            "128");

    @Test
    void aCellSaysWhichFrequenciesItWasMeasuredWith() {
        RopeScaling bounded = new Resonance(new YarnScaling(4, 2, 1), Rounding.tokens(64));
        assertThat(MeasuredFrequencies.of(cell("encoding", "resonance-p64-yarn")))
                .contains(bounded.frequencies(SHAPE));
        assertThat(MeasuredFrequencies.of(cell("encoding", "rope"))).contains(new NoScaling().frequencies(SHAPE));
    }

    @Test
    void aFlagThatStandsThereIsNotAtItsDefault() {
        Map<String, String> values = new HashMap<>(VALUES);
        values.put("encoding", "yarn");
        values.put("no-truncate", "true");
        values.put("attention-factor", "1.5");
        RopeFrequencies measured =
                MeasuredFrequencies.of(new CellSpecification("k", values)).orElseThrow();
        assertThat(measured.attentionScale()).isEqualTo(1.5);
        assertThat(measured.radiansPerToken())
                .isNotEqualTo(new YarnScaling(4, 2, 1).frequencies(SHAPE).radiansPerToken());
    }

    @ParameterizedTest
    @CsvSource({
        "encoding, a-later-one",
        "encoding, longrope",
        "head-size, 63",
        "base, ten",
        "test-length, ''",
        "beta-fast, 0.5",
    })
    void whatThisBuildDoesNotKnowHasNone(String name, String value) {
        assertThat(MeasuredFrequencies.of(cell(name, value))).isEmpty();
    }

    @Test
    void theAliasesAreShownBelowTheAccuracyByPosition() {
        LineCharts section = accuracies(true);
        assertThat(section.charts()).hasSize(2);
        LineChart accuracy = section.charts().get(0);
        LineChart aliases = section.charts().get(1);
        assertThat(aliases.title()).isEqualTo("Aliases of the fast features");
        assertThat(aliases.series()).extracting(LineChart.Series::name).containsExactly("RoPE", "Resonance RoPE");
        LineChart.Series whole = aliases.series().get(1);
        assertThat(whole.x()).isEqualTo(accuracy.series().get(0).x());
        assertThat(whole.y().subList(0, 60)).containsOnly(Double.NaN);
        NearReturn fast = NearReturn.of(new Resonance(new NoScaling()).frequencies(SHAPE), 64);
        assertThat(whole.y().subList(60, 252))
                .isEqualTo(IntStream.range(64, 256).mapToObj(fast::aliasAt).toList());
        assertThat(whole.y().get(122 - 4)).isEqualTo(fast.similarity(120));
        assertThat(section.explanation()).contains("accuracy is expected to fall where it rises");
    }

    @Test
    void cellsThatDoNotSayTheirFrequenciesHaveNoChartOfAliases() {
        LineCharts section = accuracies(false);
        assertThat(section.charts()).hasSize(1);
        assertThat(section.explanation()).doesNotContain("aliases");
    }

    private static LineCharts accuracies(boolean said) {
        ComparisonPlan plan =
                new ComparisonPlan(List.of("cot"), encodings("rope", "resonance-rope"), List.of(1L), 64, 256, 4);
        List<FinishedCell<ComparisonCell>> cells = new ArrayList<>();
        for (ComparisonCell cell : ExampleComparison.of(plan).cells()) {
            CellSpecification specification =
                    said ? cell("encoding", cell.encoding().toString()) : new CellSpecification("k", Map.of());
            cells.add(new FinishedCell<>(specification, ExampleComparison.provenance(), cell));
        }
        Comparison comparison =
                new Comparison(new StudyRecords<>(plan, Map.of(), ExampleComparison.provenance(), cells));
        return new ComparisonReport(comparison, ReferenceTable.none(), List.of())
                .page().sections().stream()
                        .filter(LineCharts.class::isInstance)
                        .map(LineCharts.class::cast)
                        .filter(section -> section.title().equals("Accuracy by position"))
                        .findFirst()
                        .orElseThrow();
    }

    private static CellSpecification cell(String name, String value) {
        Map<String, String> values = new HashMap<>(VALUES);
        values.put("encoding", "yarn");
        values.put(name, value);
        return new CellSpecification("posgen-compare", values);
    }
}
