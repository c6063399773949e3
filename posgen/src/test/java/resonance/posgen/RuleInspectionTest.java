package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleInspectionTest {
    private static RuleInspection inspect(PosgenTask task, int modulus, int far, int near, StandardFunction function) {
        return RuleInspection.of(new PosgenSpec(task, modulus, far, near, function), 40, 4, near + 2);
    }

    @Test
    void thePapersChainOfThoughtFollowsFromTwoNearTokens() {
        RuleInspection paper =
                RuleInspection.of(PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT), 64, 2, PosgenSpec.PAPER_NEAR + 1);
        assertThat(paper.determiningSets())
                .hasToString("[[x(l-4), x(l-1)], [far 0, x(l-4), x(l-3), x(l-2)], [far 0, x(l-3), x(l-2), x(l-1)]]");
        assertThat(paper.shortcuts()).hasToString("[[x(l-4), x(l-1)]]");
        assertThat(paper.windows())
                .extracting(RuleInspection.NearWindow::accuracy)
                .containsExactly(1 / 17.0, 1 / 17.0, 1 / 17.0, 1 / 17.0, 1.0);
        assertThat(paper.nearAccuracy()).isEqualTo(1);
    }

    @Test
    void recursiveAdditionFollowsFromTheFirstAndTheLastOfOneMoreThanItsWindow() {
        RuleInspection recursive = inspect(PosgenTask.RECURSIVE, 5, 1, 3, StandardFunction.MODULAR_ADDITION);
        assertThat(recursive.shortcuts()).hasToString("[[x(l-5), x(l-1)]]");
        assertThat(recursive.determiningSets()).contains(recursive.shortcuts().get(0));
    }

    @Test
    void semiRecursiveAdditionHasNoShortcutThatHoldsAtEveryPosition() {
        // Of every two tokens the second has the far token of the first, and then the shortcut of chain-of-thought; the
        // first has not, and last four tokens mean another far one at each position.
        PosgenSpec spec = new PosgenSpec(PosgenTask.SEMI_RECURSIVE, 5, 1, 3, StandardFunction.MODULAR_ADDITION);
        RuleInspection semi = RuleInspection.of(spec, 40, 64, 4);
        assertThat(semi.shortcuts()).isEmpty();
        assertThat(semi.nearAccuracy()).isBetween(0.5, 0.7);
    }

    @ParameterizedTest
    @EnumSource(PosgenTask.class)
    void theRulesOwnTokensAlwaysDetermineTheNext(PosgenTask task) {
        for (StandardFunction function : StandardFunction.values()) {
            RuleInspection inspection = inspect(task, 5, 2, 2, function);
            assertThat(inspection.determiningSets())
                    .as("%s", function)
                    .anySatisfy(set -> assertThat(set).allMatch(source -> source.far() || source.index() <= 2));
        }
    }

    @ParameterizedTest
    @CsvSource({"far-product, 1, 3", "far-selection, 3, 2"})
    void withOurFunctionsNoNearTokensDetermineTheNext(StandardFunctionName function, int far, int near) {
        RuleInspection inspection = inspect(PosgenTask.CHAIN_OF_THOUGHT, 7, far, near, function.function());
        assertThat(inspection.shortcuts()).isEmpty();
        assertThat(inspection.nearAccuracy()).isLessThan(1);
    }

    /** Reads a function's command-line name. */
    record StandardFunctionName(StandardFunction function) {
        StandardFunctionName(String name) {
            this(StandardFunction.named(name));
        }
    }

    @Test
    void selectionOfThreeTellsLittleOfTheOneThatIsWanted() {
        RuleInspection selection = inspect(PosgenTask.CHAIN_OF_THOUGHT, 7, 3, 2, StandardFunction.FAR_SELECTION);
        assertThat(selection.windows().get(0).accuracy()).isCloseTo(1 / 7.0, within(0.01));
        assertThat(selection.windows().get(2).accuracy()).isCloseTo(1 / 7.0, within(0.01));
        assertThat(selection.windows().get(4).accuracy()).isLessThan(0.65);
    }

    @Test
    void moreNearTokensNeverSayLess() {
        for (StandardFunction function : StandardFunction.values()) {
            double before = 0;
            for (RuleInspection.NearWindow window :
                    inspect(PosgenTask.SEMI_RECURSIVE, 5, 1, 2, function).windows()) {
                assertThat(window.accuracy()).as("%s, %s", function, window).isGreaterThanOrEqualTo(before);
                before = window.accuracy();
            }
        }
    }

    @Test
    void aTokenThatNeverChangesNeedsNoOther() {
        RuleInspection one = inspect(PosgenTask.RECURSIVE, 1, 1, 1, StandardFunction.MODULAR_ADDITION);
        assertThat(one.determiningSets()).hasToString("[[]]");
        assertThat(one.windows().get(0).accuracy()).isEqualTo(1);
    }

    @Test
    void refusesWhatCannotBeTried() {
        PosgenSpec paper = PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT);
        assertThatThrownBy(() -> RuleInspection.of(paper, 7, 1, 4))
                .hasMessage(
                        "firstPosition must be at least far + near + window (8), and with positions at most 65536, was 7"
                                + " with 1");
        assertThatThrownBy(() -> RuleInspection.of(paper, 64, 0, 4)).hasMessage("positions must be at least 1, was 0");
        assertThatThrownBy(() -> RuleInspection.of(paper, 64, 1, 2))
                .hasMessage("window must be from near (3) to 16 less far (15), was 2");
        assertThatThrownBy(() -> RuleInspection.of(paper, 64, 1000, 4))
                .hasMessage("positions must be at most 200 for 83521 sequences, was 1000");
        PosgenSpec large = new PosgenSpec(PosgenTask.RECURSIVE, 1000, 1, 3, StandardFunction.MODULAR_ADDITION);
        assertThatThrownBy(() -> RuleInspection.of(large, 64, 1, 4))
                .hasMessage(
                        "modulus^(far + near) must be at most 1048576 for an inspection, which tries all, was 1000^4;"
                                + " take a smaller modulus");
    }
}
