package resonance.evaluation.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.report.html.HtmlPage;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.Provenance;
import resonance.study.StudyRecords;

class SearchReportTest {
    private static final Provenance RUN = new Provenance(
            "1.0", "abc", "17", "2.10", "Linux", "a CPU", 2, "2026-01-02T03:04:05Z", "./resonance search");

    /** Proposal 3 is best where factors are chosen; {@code heldOut} is what it is worse by where they are not. */
    private static ToDoubleFunction<SearchKey> losses(double heldOut) {
        return key -> {
            boolean chosen = key.stage() == Stage.SCREENING || key.stage() == Stage.COMPLETING;
            double own = key.contender().equals(ExampleSearch.NTK) ? 3 : 4;
            if (key.contender().proposal() == 3) {
                own = chosen ? 2 : 3 + heldOut + (key.stage() == Stage.NEEDLE ? 0.01 * (key.number() % 2) : 0);
            }
            return own;
        };
    }

    private static SearchReport report(SearchPlan plan, List<SearchCell> cells) {
        return new SearchReport(new StudyRecords<>(
                plan,
                Map.of("length", "1024"),
                RUN,
                cells.stream()
                        .map(cell -> new FinishedCell<>(new CellSpecification("search", Map.of()), RUN, cell))
                        .toList()));
    }

    private static SearchReport report(double heldOut) {
        SearchPlan plan = ExampleSearch.plan(5);
        return report(plan, ExampleSearch.run(plan, losses(heldOut)));
    }

    @Test
    void theVerdictSaysWhetherWhatWasFoundIsBetterThanTheBestMadeByHand() {
        assertThat(report(-0.5).verdict())
                .isEqualTo(
                        "On what nothing was chosen by Proposal 3 is better than NTK-aware, factor 4, the best there of 2 scalings"
                                + " made by hand: a hidden number's loss changes by −0.495 [−0.501, −0.489] nats (better), perplexity at 1,024 tokens by"
                                + " −39.35 [−39.35, −39.34] % (better), within 256 tokens by −39.35 [−39.35, −39.34] % (better).");
    }

    @Test
    void whatIsNotSurelyBetterAndWhatIsWorseAreSaidToBe() {
        assertThat(report(-0.005).verdict())
                .startsWith(
                        "On what nothing was chosen by Proposal 3 is not surely better than NTK-aware, factor 4, the best")
                .contains(" nats (undecided), ");
        assertThat(report(0.5).verdict())
                .startsWith(
                        "On what nothing was chosen by Proposal 3 is worse than NTK-aware, factor 4, the best there of 2")
                .endsWith(" % (worse). Take NTK-aware, factor 4 instead.");
    }

    @Test
    void whatIsBestByHandWhereFactorsAreChosenMayNotBeTheHardestToBeatElsewhere() {
        SearchPlan plan = ExampleSearch.plan(5);
        SearchReport report = report(plan, ExampleSearch.run(plan, key -> {
            boolean chosen = key.stage() == Stage.SCREENING || key.stage() == Stage.COMPLETING;
            boolean elsewhere = !chosen && key.contender().equals(ExampleSearch.YARN);
            return elsewhere ? 1 : losses(-0.5).applyAsDouble(key);
        }));
        assertThat(report.verdict())
                .startsWith(
                        "On what nothing was chosen by Proposal 3 is worse than YaRN, factor 4, the best there of 2")
                .endsWith(" Take YaRN, factor 4 instead.");
    }

    @Test
    void whereNoProposalIsBetterThanAStartTheStartIsTaken() {
        SearchPlan plan = ExampleSearch.plan(5);
        SearchReport report =
                report(plan, ExampleSearch.run(plan, key -> key.contender().equals(ExampleSearch.YARN) ? 1 : 2));
        assertThat(report.verdict())
                .isEqualTo("None of 5 proposals is better than YaRN, factor 4 where they were chosen: it is taken.");
        assertThat(report.best()).contains(ExampleSearch.YARN);
    }

    @Test
    void anUnfinishedSearchTellsOfTheBestSoFar() {
        SearchPlan plan = ExampleSearch.plan(5);
        List<SearchCell> cells = ExampleSearch.run(plan, losses(0));
        assertThat(report(plan, List.of()).verdict()).isEqualTo("Not complete: nothing is evaluated yet.");
        SearchReport begun = report(plan, cells.subList(0, 4));
        assertThat(begun.verdict())
                .isEqualTo(
                        "Not complete: 2 of at most 7 evaluations are made. The best so far is NTK-aware, factor 4, a hidden"
                                + " number's loss 3.004.");
        assertThat(begun.isComplete()).isFalse();
        assertThat(begun.best()).contains(ExampleSearch.NTK);
        assertThat(HtmlPage.of(begun.page())).contains("Not complete", "Divisors by pair", "Objective by evaluation");
        assertThat(HtmlPage.of(report(plan, List.of()).page())).contains("nothing is evaluated yet");
    }

    @Test
    void anEndedBudgetIsPartOfTheVerdict() {
        SearchPlan hasty = ExampleSearch.plan(Space.DIVISORS, Objective.NEEDLES, 5, 1, 7);
        assertThat(report(hasty, ExampleSearch.run(hasty, losses(0))).verdict())
                .isEqualTo("Nothing is found: the budget of 1 s ended before a scaling was evaluated.");
        SearchPlan plan = ExampleSearch.plan(Space.DIVISORS, Objective.NEEDLES, 500, 40, 7);
        assertThat(report(plan, ExampleSearch.run(plan, losses(0))).verdict())
                .endsWith("The budget ended before all was measured.");
    }

    @Test
    void thePageHasWhatWasFoundBesideWhatIsMadeByHand() {
        SearchReport report = report(-0.5);
        assertThat(report.page().title()).isEqualTo("Which factors take A model to 1,024 tokens?");
        assertThat(HtmlPage.of(report.page()))
                .contains("On what nothing was chosen by", "Proposal 3 against the others", "Divisors by pair")
                .contains("Objective by evaluation", "Loss of a hidden number by depth", "Perplexity by position");
        StringWriter printed = new StringWriter();
        report.print(new PrintWriter(printed));
        assertThat(printed.toString())
                .contains("A model to 1,024 tokens; trained length 256")
                .contains("On what nothing was chosen by")
                .contains("Proposal 3, against");
    }

    @Test
    void scriptsReadTheBestAllEvaluationsAndTheComparisons() throws IOException {
        JsonNode document = new ObjectMapper().readTree(report(-0.5).toJson());
        assertThat(document.get("best").get("proposal").intValue()).isEqualTo(3);
        assertThat(document.get("best").get("encoding").textValue()).isEqualTo("longrope");
        assertThat(document.get("best").get("divisors")).hasSize(8);
        assertThat(document.get("best").get("attentionFactor").doubleValue()).isGreaterThanOrEqualTo(1);
        assertThat(document.get("bestByHand").get("encoding").textValue()).isEqualTo("ntk");
        assertThat(document.get("evaluations")).hasSize(7);
        assertThat(document.get("evaluations").get(0).get("objective").doubleValue())
                .isBetween(4.0, 4.01);
        assertThat(document.get("rival").textValue()).isEqualTo("NTK-aware, factor 4");
        assertThat(document.get("heldOut")).hasSize(9);
        JsonNode first = document.get("heldOut").get(0);
        assertThat(first.get("measure").textValue()).isEqualTo("needleLoss");
        assertThat(first.get("against").textValue()).isEqualTo("NTK-aware, factor 4");
        assertThat(first.get("verdict").textValue()).isEqualTo("better");
        assertThat(document.get("finalists").get(0).get("needleLossByDepth")).hasSize(3);
    }
}
