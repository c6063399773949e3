package resonance.evaluation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.evaluation.search.FactorSearch.Evaluation;
import resonance.evaluation.search.SearchKey.Stage;

class FactorSearchTest {
    private static final ToDoubleFunction<SearchKey> LOSS = ExampleSearch.around(ExampleSearch.ideal(Space.DIVISORS));

    private static FactorSearch searched(SearchPlan plan, ToDoubleFunction<SearchKey> loss) {
        return new FactorSearch(plan, ExampleSearch.run(plan, loss));
    }

    @ParameterizedTest
    @EnumSource(Space.class)
    void findsFactorsThatAreBetterThanThoseMadeByHand(Space space) {
        FactorSearch search = searched(
                ExampleSearch.plan(space, Objective.NEEDLES, 150, 0, 7),
                ExampleSearch.around(ExampleSearch.ideal(space)));
        double least = 1.0035; // of the ideal, with what the needles add
        double byHand = search.bestStart().orElseThrow().objective() - least;
        assertThat(search.best().orElseThrow().objective() - least).isLessThan(byHand / 3);
        assertThat(search.best().orElseThrow().contender().proposed()).isTrue();
    }

    @Test
    void whereNothingIsBetterTheBestIsMadeByHand() {
        FactorSearch search = searched(
                ExampleSearch.plan(60), key -> key.contender().equals(ExampleSearch.NTK) ? 0 : LOSS.applyAsDouble(key));
        assertThat(search.best().orElseThrow().contender()).isEqualTo(ExampleSearch.NTK);
        assertThat(search.finalists()).containsExactly(ExampleSearch.NTK, ExampleSearch.YARN, ExampleSearch.BASELINE);
        assertThat(search.rival()).isEmpty();
    }

    @Test
    void startsComeFirstAndWholeThenAsManyProposalsAsAreWanted() {
        FactorSearch search = searched(ExampleSearch.plan(30), LOSS);
        assertThat(search.evaluations()).hasSize(32);
        assertThat(search.evaluations().subList(0, 2))
                .allMatch(Evaluation::whole)
                .extracting(Evaluation::contender)
                .containsExactly(ExampleSearch.YARN, ExampleSearch.NTK);
        assertThat(search.evaluations().subList(2, 32))
                .extracting(evaluation -> evaluation.contender().proposal())
                .startsWith(1, 2, 3)
                .endsWith(29, 30);
        assertThat(search.finalists())
                .containsExactly(
                        search.best().orElseThrow().contender(),
                        search.bestStart().orElseThrow().contender(),
                        ExampleSearch.NTK,
                        ExampleSearch.BASELINE);
        assertThat(search.next()).isEmpty();
    }

    @Test
    void withoutProposalsOnlyTheStartsAreEvaluated() {
        assertThat(searched(ExampleSearch.plan(0), LOSS).evaluations()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 20, 37})
    void aSearchThatWasStoppedGoesOnToTheSameProposals(int cells) {
        SearchPlan plan = ExampleSearch.plan(40);
        List<SearchCell> whole = ExampleSearch.run(plan, LOSS);
        List<SearchCell> begun = ExampleSearch.run(plan, List.of(), cells, LOSS);
        assertThat(begun).isEqualTo(whole.subList(0, cells));
        assertThat(ExampleSearch.run(plan, begun, Integer.MAX_VALUE, LOSS)).isEqualTo(whole);
    }

    /** Several at a time, in whatever order they end, also where the run was stopped in the middle of some. */
    @ParameterizedTest
    @CsvSource({"NEEDLES, 0", "PERPLEXITY, 0", "NEEDLES, 45"})
    void wavesLeadToTheSameSearchAsOneAfterTheOther(Objective objective, double budget) {
        SearchPlan plan = ExampleSearch.plan(Space.DIVISORS, objective, 60, budget, 7);
        List<SearchCell> serial = ExampleSearch.run(plan, LOSS);
        Map<SearchKey, SearchCell> cells = new LinkedHashMap<>();
        Random random = new Random(14);
        int waves = 0;
        List<SearchKey> wave = new FactorSearch(plan, cells.values()).wave();
        while (!wave.isEmpty()) {
            assertThat(new FactorSearch(plan, cells.values()).next()).contains(wave.get(0));
            List<SearchKey> shuffled = new ArrayList<>(wave);
            Collections.shuffle(shuffled, random);
            boolean stopped = random.nextInt(4) == 0;
            for (SearchKey key : shuffled.subList(0, stopped ? (wave.size() + 1) / 2 : wave.size())) {
                assertThat(cells.put(key, ExampleSearch.cell(plan, key, LOSS.applyAsDouble(key))))
                        .isNull();
            }
            waves++;
            wave = new FactorSearch(plan, cells.values()).wave();
        }
        assertThat(cells.values()).containsAll(serial);
        assertThat(budget == 0 ? List.copyOf(cells.values()) : serial)
                .as("nothing beyond, but under a budget")
                .hasSameSizeAs(serial);
        FactorSearch last = new FactorSearch(plan, cells.values());
        FactorSearch one = new FactorSearch(plan, serial);
        assertThat(last.evaluations()).isEqualTo(one.evaluations());
        assertThat(last.finalists()).isEqualTo(one.finalists());
        assertThat(last.spent()).isEqualTo(one.spent());
        assertThat(waves).isLessThan(serial.size() / 2);
    }

    @Test
    void moreProposalsLeaveTheFirstOnesAsTheyWere() {
        List<Evaluation> few = searched(ExampleSearch.plan(20), LOSS).evaluations();
        List<Evaluation> more = searched(ExampleSearch.plan(40), LOSS).evaluations();
        assertThat(more.subList(0, few.size())).isEqualTo(few);
    }

    @Test
    void anotherSeedProposesOthers() {
        SearchPlan other = ExampleSearch.plan(Space.DIVISORS, Objective.NEEDLES, 5, 0, 8);
        assertThat(searched(other, LOSS).evaluations().get(3))
                .isNotEqualTo(
                        searched(ExampleSearch.plan(5), LOSS).evaluations().get(3));
    }

    @Test
    void onlyPromisingProposalsAreReadWhole() {
        List<SearchCell> cells = ExampleSearch.run(ExampleSearch.plan(60), LOSS);
        FactorSearch search = new FactorSearch(ExampleSearch.plan(60), cells);
        long whole = search.evaluations().stream().filter(Evaluation::whole).count();
        assertThat(whole).isBetween(6L, 40L);
        assertThat(cells.stream().filter(cell -> cell.key().stage() == Stage.COMPLETING))
                .hasSize((int) whole);
        assertThat(search.best().orElseThrow().whole()).isTrue();
    }

    @Test
    void aProposalThatIsNotPromisingCountsByWhatTheRestAddsToTheBestStart() {
        // The rest is a nat harder than the first half, for all alike.
        FactorSearch search = searched(
                ExampleSearch.plan(30), key -> LOSS.applyAsDouble(key) + (key.stage() == Stage.COMPLETING ? 2 : 0));
        Evaluation reference = search.bestStart().orElseThrow();
        assertThat(search.evaluations())
                .filteredOn(evaluation -> !evaluation.whole())
                .isNotEmpty()
                .allSatisfy(evaluation -> assertThat(evaluation.objective())
                        .isEqualTo(evaluation.screening() + reference.objective() - reference.screening()));
    }

    @Test
    void perplexityAsObjectiveReadsText() {
        SearchPlan plan = ExampleSearch.plan(Space.DIVISORS, Objective.PERPLEXITY, 10, 0, 7);
        List<SearchCell> cells = ExampleSearch.run(plan, LOSS);
        assertThat(cells)
                .filteredOn(cell -> cell.key().stage() == Stage.SCREENING)
                .hasSize(12)
                .allMatch(cell -> cell.measured() instanceof SearchCell.OfTexts);
        assertThat(new FactorSearch(plan, cells).best()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 10, 40})
    void theBudgetEndsTheSearchAndLeavesTimeForTheReport(double budget) {
        SearchPlan plan = ExampleSearch.plan(Space.DIVISORS, Objective.NEEDLES, 200, budget, 7);
        FactorSearch search = searched(plan, LOSS);
        assertThat(search.isOutOfTime()).isTrue();
        assertThat(search.next()).isEmpty();
        assertThat(search.spent()).isLessThanOrEqualTo(budget).isPositive();
        assertThat(search.finalists().isEmpty()).isEqualTo(budget == 1);
    }

    @Test
    void theWorkThatIsLeftFallsToNothing() {
        SearchPlan plan = ExampleSearch.plan(10);
        List<SearchCell> cells = ExampleSearch.run(plan, LOSS);
        double first = new FactorSearch(plan, List.of()).workAfterNext();
        double middle = new FactorSearch(plan, cells.subList(0, 12)).workAfterNext();
        double last = new FactorSearch(plan, cells.subList(0, cells.size() - 1)).workAfterNext();
        // 2 starts and 10 proposals of at least 2 needles of work 5, then 4 times 2 pieces of 10, 4 within and 6
        // needles.
        assertThat(first).isEqualTo(2 * 20 + 10 * 10 + 4 * (20 + 4 + 30) - 10);
        assertThat(middle).isBetween(4 * 54.0, first - 60);
        assertThat(last).isZero();
        assertThat(new FactorSearch(plan, cells).workAfterNext()).isZero();
    }

    @Test
    void whatCanNotBeSearchedIsRefused() {
        assertThatThrownBy(() -> ExampleSearch.plan(-1)).hasMessage("evaluations must be at least 0, was -1");
    }
}
