package resonance.evaluation.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.evaluation.extension.ExtensionCell.GivenUp;
import resonance.evaluation.extension.ExtensionSelection.Rung;
import resonance.evaluation.extension.Measure.Kind;
import resonance.rope.EncodingName;

class ExtensionSelectionTest {
    private static final List<Candidate> CANDIDATES = ExampleExtension.candidates("yarn", "ntk");

    /** No scaling breaks; YaRN at 4 is best, and a little better with whole wavelengths; all else is a tenth of a nat behind. */
    private static double loss(ExtensionKey key) {
        return switch (key.encoding() + " " + key.factor()) {
            case "resonance-yarn 4.0" -> 2.98;
            case "yarn 4.0" -> 3.0;
            case "resonance-searched-yarn 4.0" -> 3.0001;
            case "none 1.0" -> key.measure().kind() == Kind.WITHIN ? 2.9 : 5;
            default -> 3.1;
        };
    }

    private static ExtensionSelection finished(ExtensionPlan plan, ToDoubleFunction<ExtensionKey> loss) {
        return new ExtensionSelection(plan, ExampleExtension.run(plan, loss));
    }

    @Test
    void theFirstMeasurementTellsHowFastTheMachineIsAndScalingsFollow() {
        ExtensionPlan plan = ExampleExtension.plan(CANDIDATES, 4, 0);
        assertThat(new ExtensionSelection(plan, List.of()).next())
                .extracting(ExtensionKey::toString)
                .containsExactly(
                        "none / factor 1 / within 1",
                        "yarn / factor 4 / choosing 1",
                        "ntk / factor 4 / choosing 1",
                        "yarn / factor 8 / choosing 1",
                        "ntk / factor 8 / choosing 1",
                        "none / factor 1 / choosing 1");
    }

    @Test
    void losersAreDroppedByAPairedIntervalAndOnlyWhatIsLeftGetsItsRoundingsAndMoreText() {
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 4, 0), ExtensionSelectionTest::loss);
        assertThat(selection.rungs()).extracting(Rung::pieces).containsExactly(1, 2);
        assertThat(selection.rungs().get(0).left()).extracting(Candidate::label).containsExactly("YaRN, factor 4");
        assertThat(selection.rungs().get(1).left())
                .extracting(Candidate::label)
                .containsExactly("Resonance YaRN, factor 4");
        assertThat(selection.chosen()).contains(ExampleExtension.candidate("resonance-yarn", 4));
        assertThat(selection.dropped(ExampleExtension.candidate("ntk", 8)))
                .contains("rung 1: +10.52 [+10.51, +10.52] % against YaRN, factor 4");
        assertThat(selection.dropped(ExampleExtension.candidate("resonance-ntk", 8)))
                .contains("not measured: its scaling was dropped in rung 1");
        assertThat(selection.dropped(ExampleExtension.candidate("yarn", 4)).orElseThrow())
                .startsWith("rung 2: +2.02 [+2.02, +2.02] % against Resonance YaRN, factor 4");
        assertThat(selection.dropped(ExampleExtension.candidate("resonance-yarn", 4)))
                .isEmpty();
    }

    @Test
    void aScalingThatRoundingMayWinBackIsNotDroppedBeforeIt() {
        ToDoubleFunction<ExtensionKey> twoPercent =
                key -> key.encoding().toString().equals("ntk") ? 3.02 : loss(key);
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 4, 0), twoPercent);
        assertThat(selection.rungs().get(0).left())
                .extracting(Candidate::label)
                .containsExactlyInAnyOrder("YaRN, factor 4", "NTK-aware, factor 4", "NTK-aware, factor 8");
    }

    @Test
    void amongTheUndecidedTheSimplestIsTaken() {
        ToDoubleFunction<ExtensionKey> alike =
                key -> key.encoding().withoutResonance().equals(EncodingName.valueOf("none")) ? 5 : 3;
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 4, 0), alike);
        assertThat(selection.rungs()).extracting(Rung::pieces).containsExactly(1, 2, 4);
        assertThat(selection.undecided()).hasSizeGreaterThan(2);
        Candidate best = selection.undecided().get(0).candidate();
        Candidate simplest = selection.chosen().orElseThrow();
        assertThat(simplest.encoding()).isEqualTo(EncodingName.valueOf("ntk"));
        assertThat(selection.finalists()).startsWith(simplest).contains(best, CANDIDATES.get(0));
    }

    @Test
    void whatCannotBeWrittenIsMeasuredAndNeverTaken() {
        List<Candidate> candidates = CANDIDATES.stream()
                .map(candidate -> candidate.encoding().resonance()
                        ? new Candidate(candidate.encoding(), candidate.factor(), "no engine reads divisors")
                        : candidate)
                .toList();
        ExtensionSelection selection = finished(ExampleExtension.plan(candidates, 4, 0), ExtensionSelectionTest::loss);
        assertThat(selection.rungs().get(1).standings().get(0).candidate().label())
                .isEqualTo("Resonance YaRN, factor 4");
        assertThat(selection.chosen()).contains(ExampleExtension.candidate("yarn", 4));
    }

    @Test
    void whatIsReportedIsMeasuredOnTextThatNothingIsChosenBy() {
        ExtensionPlan plan = ExampleExtension.plan(CANDIDATES, 4, 0);
        List<ExtensionCell> cells = ExampleExtension.run(plan, ExtensionSelectionTest::loss);
        ExtensionSelection selection = new ExtensionSelection(plan, cells);
        assertThat(selection.finalists())
                .extracting(Candidate::label)
                .containsExactly(
                        "Resonance YaRN, factor 4",
                        "YaRN, factor 4",
                        "Resonance YaRN (searched), factor 4",
                        "No scaling");
        for (Candidate candidate : selection.finalists()) {
            assertThat(selection.text(candidate, Kind.REPORTING).pieces()).hasSize(4);
            assertThat(selection.text(candidate, Kind.WITHIN).pieces()).hasSize(1);
            assertThat(selection.needles(candidate).keySet()).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
        }
        assertThat(plan.reporting()).doesNotContainAnyElementsOf(plan.choosing());
    }

    @ParameterizedTest
    @ValueSource(doubles = {60, 100, 150, 200, 300, 500})
    void measuringEndsWithinTheBudget(double budget) {
        ExtensionPlan plan = ExampleExtension.plan(CANDIDATES, 4, budget);
        ExtensionSelection selection = finished(plan, ExtensionSelectionTest::loss);
        assertThat(selection.spent()).isLessThanOrEqualTo(budget).isGreaterThan(budget / 2 - 10);
        assertThat(selection.isOutOfTime()).isEqualTo(budget < 500);
        assertThat(selection.chosen()).isPresent();
    }

    @Test
    void whatThereWasNoTimeForIsToldAndNotGuessed() {
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 4, 60), ExtensionSelectionTest::loss);
        assertThat(selection.rungs()).hasSize(1);
        assertThat(selection.rungs().get(0).late()).isEqualTo(3);
        assertThat(selection.dropped(CANDIDATES.get(0))).contains("no time left in rung 1");
        assertThat(selection.chosen()).contains(ExampleExtension.candidate("yarn", 4));
    }

    @Test
    void nothingIsChosenWhereTheBudgetEndsBeforeTwoCandidatesAreMeasured() {
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 4, 15), ExtensionSelectionTest::loss);
        assertThat(selection.rungs()).isEmpty();
        assertThat(selection.chosen()).isEmpty();
        assertThat(selection.next()).isEmpty();
    }

    @Test
    void aRungThatOneOfThoseLeftDoesNotFinishDoesNotCount() {
        // Both yarns and both ntks are alike, so that all four are left after rung 1 and would need rung 2.
        ToDoubleFunction<ExtensionKey> alike = key -> key.encoding().toString().equals("none") ? 5 : 3;
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 4, 110), alike);
        assertThat(selection.rungs()).extracting(Rung::number).containsExactly(1);
        assertThat(selection.undecided()).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 150})
    void aStoppedRunGoesOnToTheSameResult(double budget) {
        ExtensionPlan plan = ExampleExtension.plan(CANDIDATES, 4, budget);
        List<ExtensionCell> whole = ExampleExtension.run(plan, ExtensionSelectionTest::loss);
        for (int stopped = 0; stopped < whole.size(); stopped += 3) {
            List<ExtensionCell> kept = ExampleExtension.run(plan, List.of(), stopped, ExtensionSelectionTest::loss);
            assertThat(ExampleExtension.run(plan, kept, Integer.MAX_VALUE, ExtensionSelectionTest::loss))
                    .isEqualTo(whole);
        }
    }

    @Test
    void moreTimeGoesOnFromWhatALittleHasMeasured() {
        List<ExtensionCell> little =
                ExampleExtension.run(ExampleExtension.plan(CANDIDATES, 4, 100), ExtensionSelectionTest::loss);
        ExtensionPlan more = ExampleExtension.plan(CANDIDATES, 4, 0);
        List<ExtensionCell> all = ExampleExtension.run(more, little, Integer.MAX_VALUE, ExtensionSelectionTest::loss);
        assertThat(all).containsAll(little).containsAll(ExampleExtension.run(more, ExtensionSelectionTest::loss));
        assertThat(new ExtensionSelection(more, all).chosen())
                .contains(ExampleExtension.candidate("resonance-yarn", 4));
    }

    @Test
    void oneTextPieceIsEnoughToChooseBy() {
        ExtensionSelection selection = finished(ExampleExtension.plan(CANDIDATES, 1, 0), ExtensionSelectionTest::loss);
        assertThat(selection.rungs()).extracting(Rung::pieces).containsExactly(1, 1);
        assertThat(selection.chosen()).contains(ExampleExtension.candidate("resonance-yarn", 4));
        assertThat(selection.needles(CANDIDATES.get(0)))
                .isEqualTo(Map.of(0.0, 5.0, 0.25, 5.25, 0.5, 5.5, 0.75, 5.75, 1.0, 6.0));
    }

    @Test
    void whatWasGivenUpCountsAsTimeAndEndsItUntilThereIsMore() {
        ExtensionPlan plan = ExampleExtension.plan(CANDIDATES, 4, 100);
        List<ExtensionCell> cells =
                new ArrayList<>(ExampleExtension.run(plan, List.of(), 3, ExtensionSelectionTest::loss));
        ExtensionKey slow = new ExtensionSelection(plan, cells).next().get(0);
        cells.add(new ExtensionCell(slow, new GivenUp(76, 100)));
        ExtensionSelection ended = new ExtensionSelection(plan, cells);
        assertThat(ended.spent()).isEqualTo(100);
        assertThat(ended.next()).isEmpty();
        assertThat(ended.rungs().get(0).late()).isEqualTo(3);
        assertThat(ended.chosen()).isPresent();

        ExtensionSelection more = new ExtensionSelection(ExampleExtension.plan(CANDIDATES, 4, 200), cells);
        assertThat(more.next().get(0)).isEqualTo(slow);
        assertThat(more.givenUp(slow)).hasValue(100);
        assertThat(more.secondsLeft()).isEqualTo(176);
    }
}
