package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final ComparisonPlan PLAN =
            new ComparisonPlan(List.of("cot"), List.of("rope", "resonance-rope", "yarn"), List.of(1L, 2L, 3L), 2, 4, 1);

    @Test
    void theOrderInWhichCellsFinishedLeavesNoTrace() {
        Comparison comparison = ExampleComparison.finished(List.of("cot", "recursive"));
        List<ComparisonCell> shuffled = new ArrayList<>(comparison.cells());
        Collections.shuffle(shuffled, new Random(5));
        assertThat(shuffled).isNotEqualTo(comparison.cells());
        Comparison again =
                new Comparison(comparison.plan(), comparison.settings(), comparison.provenance(), List.of(), shuffled);
        assertThat(again.toJson()).isEqualTo(comparison.toJson());
        assertThat(again.cells().stream().map(ComparisonCell::key))
                .containsExactlyElementsOf(again.plan().cells());
        assertThat(again.complete()).isTrue();
    }

    @Test
    void summarisesFinishedSeedsOnly() {
        Comparison comparison = of(cell("rope", 1, 0.25), cell("rope", 3, 0.75));
        Summary ood = comparison.accuracy("cot", "rope", Accuracy.OOD).orElseThrow();
        assertThat(ood.count()).isEqualTo(2);
        assertThat(ood.mean()).isEqualTo(0.5);
        assertThat(comparison.accuracy("cot", "rope", Accuracy.ID).orElseThrow().mean())
                .isEqualTo(1);
        assertThat(comparison.accuracy("cot", "yarn", Accuracy.OOD)).isEmpty();
        assertThat(comparison.accuracyByPosition("cot", "yarn")).isEmpty();
        assertThat(comparison.accuracyByPosition("cot", "rope").stream().map(Summary::mean))
                .containsExactly(0.0, 1.0, 0.5, 0.5);
        assertThat(comparison.complete()).isFalse();
    }

    @Test
    void theEffectOfResonanceUsesOnlySeedsFinishedForBoth() {
        Comparison comparison = of(
                cell("rope", 1, 0.25),
                cell("rope", 2, 0.90),
                cell("resonance-rope", 3, 0.99),
                cell("resonance-rope", 1, 0.50));
        PairedDifference effect =
                comparison.resonanceEffect("cot", "rope", Accuracy.OOD).orElseThrow();
        assertThat(effect.count()).isEqualTo(1);
        assertThat(effect.differences().mean()).isEqualTo(0.25);
        assertThat(comparison.resonanceEffect("cot", "yarn", Accuracy.OOD)).isEmpty();
    }

    @Test
    void pairsSeedsWithEachOtherWhateverTheirOrder() {
        Comparison comparison = of(
                cell("resonance-rope", 2, 0.4),
                cell("rope", 1, 0.7),
                cell("resonance-rope", 1, 0.8),
                cell("rope", 2, 0.1));
        PairedDifference effect =
                comparison.resonanceEffect("cot", "rope", Accuracy.OOD).orElseThrow();
        assertThat(effect.differences().min()).isCloseTo(0.1, within(1e-15));
        assertThat(effect.differences().max()).isCloseTo(0.3, within(1e-15));
    }

    @Test
    void onlyEncodingsPlannedWithAndWithoutResonanceArePaired() {
        assertThat(PLAN.pairedEncodings()).containsExactly("rope");
        assertThat(ExampleComparison.finished(List.of("cot")).plan().pairedEncodings())
                .containsExactly("rope", "yarn");
    }

    @Test
    void refusesCellsThatDoNotBelong() {
        ComparisonCell cell = cell("rope", 1, 0.5);
        assertThatThrownBy(() -> of(cell, cell))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must not repeat, found cot / rope / seed 1 twice");
        assertThatThrownBy(() -> of(cell("rope", 4, 0.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must be cells of the plan, found cot / rope / seed 4");
        ComparisonPlan longer = new ComparisonPlan(PLAN.tasks(), PLAN.encodings(), PLAN.seeds(), 2, 5, 1);
        assertThatThrownBy(() -> new Comparison(
                        longer, ExampleComparison.settings(), ExampleComparison.provenance(), List.of(), List.of(cell)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accuracyByPosition must have testLength = 5 entries, had 4 (cell cot / rope / seed 1)");
    }

    @Test
    void refusesPlansThatMakeNoSense() {
        assertThatThrownBy(() -> new ComparisonPlan(List.of(), List.of("rope"), List.of(1L), 2, 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tasks must name at least one, was empty");
        assertThatThrownBy(() -> new ComparisonPlan(List.of("cot"), List.of("rope", "rope"), List.of(1L), 2, 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encodings must not repeat, was [rope, rope]");
        assertThatThrownBy(() -> new ComparisonPlan(List.of("cot"), List.of("rope"), List.of(1L), 4, 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lengths must be 0 <= seedTokens < trainedLength < testLength, were 1, 4 and 4");
        assertThatThrownBy(() -> new CellKey("CoT", "rope", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("task must be lower-case words joined by hyphens, was \"CoT\"");
    }

    @Test
    void refusesAccuraciesThatAreNotFractions() {
        assertThatThrownBy(() -> cell("rope", 1, 54.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("oodAccuracy must be a fraction from 0 to 1, was 54.1 (cell cot / rope / seed 1)");
        assertThatThrownBy(() -> cell("rope", 1, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("oodAccuracy must be a fraction from 0 to 1, was NaN (cell cot / rope / seed 1)");
    }

    private static Comparison of(ComparisonCell... cells) {
        return new Comparison(
                PLAN, ExampleComparison.settings(), ExampleComparison.provenance(), List.of(), List.of(cells));
    }

    private static ComparisonCell cell(String encoding, long seed, double ood) {
        return new ComparisonCell(
                "cot", encoding, seed, 1, ood, List.of(0.0, 1.0, ood, ood), 1000, 2, "", "", "", List.of(), List.of());
    }
}
