package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.rope.EncodingName;

class ComparisonTest {

    private static final Contrast RESONANCE = new Contrast(encoding("resonance-rope"), encoding("rope"));

    private static final ComparisonPlan PLAN = new ComparisonPlan(
            List.of("cot"), encodings("rope", "resonance-rope", "yarn"), List.of(1L, 2L, 3L), 2, 4, 1);

    @Test
    void theOrderInWhichCellsFinishedLeavesNoTrace() {
        Comparison comparison = ExampleComparison.finished(List.of("cot", "recursive"));
        List<ComparisonCell> shuffled = new ArrayList<>(comparison.cells());
        Collections.shuffle(shuffled, new Random(5));
        assertThat(shuffled).isNotEqualTo(comparison.cells());
        Comparison again = ExampleComparison.of(comparison.plan(), shuffled);
        assertThat(again).isEqualTo(comparison);
        assertThat(again.cells().stream().map(ComparisonCell::key))
                .containsExactlyElementsOf(again.plan().cells());
    }

    @Test
    void summarisesFinishedSeedsOnly() {
        Comparison comparison = of(cell(encoding("rope"), 1, 0.25), cell(encoding("rope"), 3, 0.75));
        Summary ood = comparison.accuracy("cot", encoding("rope"), Accuracy.OOD).orElseThrow();
        assertThat(ood.count()).isEqualTo(2);
        assertThat(ood.mean()).isEqualTo(0.5);
        assertThat(comparison
                        .accuracy("cot", encoding("rope"), Accuracy.ID)
                        .orElseThrow()
                        .mean())
                .isEqualTo(1);
        assertThat(comparison.accuracy("cot", encoding("yarn"), Accuracy.OOD)).isEmpty();
    }

    @Test
    void theEffectOfResonanceUsesOnlySeedsFinishedForBoth() {
        Comparison comparison = of(
                cell(encoding("rope"), 1, 0.25),
                cell(encoding("rope"), 2, 0.90),
                cell(encoding("resonance-rope"), 3, 0.99),
                cell(encoding("resonance-rope"), 1, 0.50));
        PairedDifference effect = comparison
                .difference("cot", RESONANCE, Accuracy.OOD)
                .orElseThrow()
                .values();
        assertThat(effect.count()).isEqualTo(1);
        assertThat(effect.differences().mean()).isEqualTo(0.25);
        assertThat(comparison.difference("cot", new Contrast(encoding("yarn"), encoding("rope")), Accuracy.OOD))
                .isEmpty();
    }

    @Test
    void pairsSeedsWithEachOtherWhateverTheirOrder() {
        Comparison comparison = of(
                cell(encoding("resonance-rope"), 2, 0.4),
                cell(encoding("rope"), 1, 0.7),
                cell(encoding("resonance-rope"), 1, 0.8),
                cell(encoding("rope"), 2, 0.1));
        PairedDifference effect = comparison
                .difference("cot", RESONANCE, Accuracy.OOD)
                .orElseThrow()
                .values();
        assertThat(effect.differences().min()).isCloseTo(0.1, within(1e-15));
        assertThat(effect.differences().max()).isCloseTo(0.3, within(1e-15));
    }

    @Test
    void differencesAreThoseOfEveryContrastWithAFinishedPair() {
        Comparison comparison = of(
                cell(encoding("rope"), 1, 0.25),
                cell(encoding("resonance-rope"), 1, 0.50),
                cell(encoding("yarn"), 2, 0.90));
        assertThat(PLAN.contrasts()).containsExactly(RESONANCE, new Contrast(encoding("yarn"), encoding("rope")));
        assertThat(comparison.differences())
                .extracting(Comparison.Difference::contrast, Comparison.Difference::accuracy)
                .containsExactly(tuple(RESONANCE, Accuracy.OOD), tuple(RESONANCE, Accuracy.ID));
    }

    /** Sixty positions: 59/60 less half a point is 97.83 %. */
    @Test
    void aModelHasLearntItsTaskAtTheCeilingOfAllPositionsButOne() {
        ComparisonPlan plan =
                new ComparisonPlan(List.of("cot"), encodings("rope", "resonance-rope"), List.of(1L, 2L, 3L), 64, 66, 4);
        assertThat(plan.learntFrom("cot")).isCloseTo(59 / 60.0 - 0.005, within(1e-15));
        assertThat(plan.learntFrom("mqar")).isEqualTo(0.99);
        Comparison comparison = ExampleComparison.of(
                plan,
                List.of(
                        ExampleComparison.learner(66, "rope", 1, 59 / 60.0),
                        ExampleComparison.learner(66, "rope", 2, 0.9783),
                        ExampleComparison.learner(66, "rope", 3, 0.9784),
                        ExampleComparison.learner(66, "resonance-rope", 1, 0.95),
                        ExampleComparison.learner(66, "resonance-rope", 2, 1),
                        ExampleComparison.learner(66, "resonance-rope", 3, 1)));
        assertThat(comparison.learnt("cot", encoding("rope"))).isEqualTo(2);
        assertThat(comparison.learnt("cot", encoding("resonance-rope"))).isEqualTo(2);
        assertThat(comparison
                        .difference("cot", RESONANCE, Accuracy.OOD)
                        .orElseThrow()
                        .learnt())
                .isEqualTo(1);
    }

    @Test
    void refusesCellsThatDoNotBelong() {
        ComparisonCell cell = cell(encoding("rope"), 1, 0.5);
        assertThatThrownBy(() -> of(cell, cell))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must not repeat, found cot / rope / seed 1 twice");
        assertThatThrownBy(() -> of(cell(encoding("rope"), 4, 0.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cells must be cells of the plan, found cot / rope / seed 4");
        ComparisonPlan longer = new ComparisonPlan(PLAN.tasks(), PLAN.encodings(), PLAN.seeds(), 2, 5, 1);
        assertThatThrownBy(() -> ExampleComparison.of(longer, List.of(cell)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accuracyByPosition must have testLength = 5 entries, had 4 (cell cot / rope / seed 1)");
    }

    @Test
    void refusesPlansThatMakeNoSense() {
        assertThatThrownBy(() -> new ComparisonPlan(List.of(), encodings("rope"), List.of(1L), 2, 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tasks must be at least one, was none");
        assertThatThrownBy(() -> new ComparisonPlan(List.of("cot"), encodings("rope", "rope"), List.of(1L), 2, 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encodings must not repeat, were [rope, rope]");
        assertThatThrownBy(() -> new ComparisonPlan(List.of("cot"), encodings("rope"), List.of(1L), 4, 4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lengths must be 0 <= seedTokens < trainedLength < testLength, were 1, 4 and 4");
        assertThatThrownBy(() -> new CellKey("CoT", encoding("rope"), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("task must be lower-case words joined by hyphens, was \"CoT\"");
    }

    @Test
    void refusesAccuraciesThatAreNotFractions() {
        assertThatThrownBy(() -> cell(encoding("rope"), 1, 54.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("oodAccuracy must be a fraction from 0 to 1, was 54.1 (cell cot / rope / seed 1)");
        assertThatThrownBy(() -> cell(encoding("rope"), 1, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("oodAccuracy must be a fraction from 0 to 1, was NaN (cell cot / rope / seed 1)");
    }

    private static Comparison of(ComparisonCell... cells) {
        return ExampleComparison.of(PLAN, List.of(cells));
    }

    private static ComparisonCell cell(EncodingName encoding, long seed, double ood) {
        return new ComparisonCell(
                "cot", encoding, seed, 1, ood, List.of(0.0, 1.0, ood, ood), 1000, 2, "", "", "", List.of(), List.of());
    }
}
