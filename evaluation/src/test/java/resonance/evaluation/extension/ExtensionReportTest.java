package resonance.evaluation.extension;

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
import resonance.evaluation.extension.Measure.Kind;
import resonance.report.Page;
import resonance.report.html.HtmlPage;
import resonance.rope.EncodingName;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;
import resonance.study.Provenance;
import resonance.study.StudyRecords;

class ExtensionReportTest {
    private static final List<Candidate> CANDIDATES = ExampleExtension.candidates("yarn", "ntk");
    private static final Provenance RUN = new Provenance(
            "1.0", "abc", "17", "2.10", "Linux", "a CPU", 2, "2026-01-02T03:04:05Z", "./resonance extend");

    /** Resonance YaRN at 4 is best, YaRN at 4 is two hundredths of a nat behind, all others a tenth or more. */
    private static double loss(ExtensionKey key) {
        if (key.measure().kind() == Kind.NEEDLE) {
            return key.encoding().equals(EncodingName.valueOf("yarn"))
                    ? 1
                    : 2 + 0.1 * (key.measure().number() - 2); // the third of five depths is in the middle
        }
        return switch (key.encoding() + " " + key.factor()) {
            case "resonance-yarn 4.0" -> 2.98;
            case "yarn 4.0" -> 3.0;
            case "none 1.0" -> key.measure().kind() == Kind.WITHIN ? 2.9 : 5;
            default -> 3.1;
        };
    }

    private static ExtensionReport report(ExtensionPlan plan, ToDoubleFunction<ExtensionKey> loss) {
        return report(plan, ExampleExtension.run(plan, loss));
    }

    private static ExtensionReport report(ExtensionPlan plan, List<ExtensionCell> cells) {
        return new ExtensionReport(new StudyRecords<>(
                plan,
                Map.of("length", "1024"),
                RUN,
                cells.stream()
                        .map(cell -> new FinishedCell<>(new CellSpecification("extend", Map.of()), RUN, cell))
                        .toList()));
    }

    @Test
    void theVerdictSaysWhichIsTakenAndWhyAndWhatHeldOutTextSays() {
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 0), ExtensionReportTest::loss)
                        .verdict())
                .isEqualTo(
                        "Resonance YaRN, factor 4 is taken: its perplexity at 1,024 tokens is surely the lowest of those"
                                + " that can be written, YaRN, factor 4 is at +2.02 [+2.02, +2.02] %. On text that it was not chosen by"
                                + " its perplexity is 19.68, −1.98 [−1.98, −1.98] % against YaRN, factor 4: better. YaRN, factor 4"
                                + " finds a hidden number better: −1.00 [−1.20, −0.80] nats over 5 depths.");
    }

    @Test
    void hiddenNumbersThatDifferAlikeAtFiveDepthsAreNotSaidToBeFoundBetter() {
        ToDoubleFunction<ExtensionKey> alike = key -> key.measure().kind() == Kind.NEEDLE
                ? Math.rint(ExtensionReportTest.loss(key))
                : ExtensionReportTest.loss(key);
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 0), alike).verdict())
                .doesNotContain("hidden number");
    }

    @Test
    void amongTheUndecidedTheVerdictSaysWhatTheSimplestIsBehind() {
        ToDoubleFunction<ExtensionKey> alike = key -> key.encoding().toString().equals("none") ? 5 : 3;
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 0), alike).verdict())
                .matches(
                        "NTK-aware, factor [48] is taken: (undecided against the best, .* \\(.* % at 1,024 tokens\\), it is"
                                + " the simplest of the \\d+ that are undecided|its perplexity at 1,024 tokens is the lowest, and it is"
                                + " the simplest of the \\d+ that are undecided; .* is at .* %)\\. On text that it was not chosen by"
                                + " its perplexity is 20\\.0\\d, .* % against .*: .*");
    }

    @Test
    void whereHeldOutTextContradictsTheVerdictSaysSo() {
        ToDoubleFunction<ExtensionKey> contrary = key -> {
            boolean taken = key.encoding().equals(EncodingName.valueOf("resonance-yarn"));
            return loss(key) + (taken && key.measure().kind() == Kind.REPORTING ? 0.1 : 0);
        };
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 0), contrary).verdict())
                .contains("% against YaRN, factor 4: worse; there the choice is not the best one.");
    }

    @Test
    void anEndedBudgetIsPartOfTheVerdict() {
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 60), ExtensionReportTest::loss)
                        .verdict())
                .startsWith(
                        "YaRN, factor 4 is taken: its perplexity at 1,024 tokens is surely the lowest of those measured in"
                                + " time that can be written, NTK-aware, factor 4 is at ")
                .endsWith("The budget ended before all was measured: what is missing is shown as a dash.");
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 15), ExtensionReportTest::loss)
                        .verdict())
                .isEqualTo(
                        "Nothing is chosen: the budget of 15 s ended before two candidates were measured; one takes about 10"
                                + " s at this length.");
    }

    @Test
    void aBudgetOfLessThanASecondIsToldAsItIsAndNoneIsNotBlamed() {
        assertThat(report(ExampleExtension.plan(CANDIDATES, 4, 0.25), ExtensionReportTest::loss)
                        .verdict())
                .startsWith("Nothing is chosen: the budget of 0.25 s ended before two candidates were measured;");
        assertThat(ExampleExtension.plan(CANDIDATES, 4, 1200).budgetText()).isEqualTo("1,200 s");
        assertThat(ExampleExtension.plan(CANDIDATES, 4, 0).budgetText()).isEqualTo("none");
        assertThat(report(ExampleExtension.plan(CANDIDATES.subList(0, 1), 4, 0), ExtensionReportTest::loss)
                        .verdict())
                .isEqualTo("Nothing is chosen: there are no two candidates to choose from.");
    }

    @Test
    void anUnfinishedStudyIsShownAndChoosesNothing() {
        ExtensionPlan plan = ExampleExtension.plan(CANDIDATES, 4, 0);
        ExtensionReport unfinished = report(plan, ExampleExtension.run(plan, List.of(), 8, ExtensionReportTest::loss));
        assertThat(unfinished.verdict())
                .isEqualTo("Not complete: 3 measurements that are known to be needed are missing.");
        assertThat(unfinished.chosen()).isEmpty();
        assertThat(HtmlPage.of(unfinished.page())).contains("Not complete");
        assertThat(HtmlPage.of(report(plan, List.of()).page())).contains("Not complete");
    }

    @Test
    void thePageHasEveryCandidateWithWhatBecameOfIt() {
        Page page = report(ExampleExtension.plan(CANDIDATES, 4, 0), ExtensionReportTest::loss)
                .page();
        assertThat(page.title()).isEqualTo("Which encoding takes A model to 1,024 tokens?");
        assertThat(HtmlPage.of(page))
                .contains("Perplexity by position", "Loss of a hidden number by depth", "Rung 2: ")
                .contains("not measured: its scaling was dropped in rung 1");
    }

    @Test
    void theTerminalShowsRungsAndWhatHeldOutTextSays() {
        StringWriter out = new StringWriter();
        report(ExampleExtension.plan(CANDIDATES, 4, 0), ExtensionReportTest::loss)
                .print(new PrintWriter(out));
        assertThat(out.toString().lines())
                .contains(
                        "A model to 1,024 tokens; trained length 256",
                        "Rung 1: 1,023 tokens of text, 1 of 5 left",
                        "Rung 2: 2,046 tokens of text, 1 of 3 left",
                        "On text that nothing was chosen by",
                        "6 of 13 candidates were not measured; the page says why.");
    }

    @Test
    void jsonHasWhatIsTakenAndALineForEveryCandidate() throws IOException {
        JsonNode document = new ObjectMapper()
                .readTree(report(ExampleExtension.plan(CANDIDATES, 4, 0), ExtensionReportTest::loss)
                        .toJson());
        assertThat(document.get("chosen").toString()).isEqualTo("{\"encoding\":\"resonance-yarn\",\"factor\":4.0}");
        assertThat(document.get("length").intValue()).isEqualTo(1024);
        assertThat(document.get("candidates")).hasSize(CANDIDATES.size());
        JsonNode none = document.get("candidates").get(0);
        assertThat(none.get("dropped").textValue()).startsWith("rung 1: +");
        assertThat(none.get("withinTrained").doubleValue()).isBetween(18.0, 19.0);
        assertThat(none.get("needleLoss").doubleValue()).isEqualTo(2.5);
        assertThat(none.get("tokensScored").intValue()).isEqualTo(5 * 1023);
        JsonNode unmeasured = document.get("candidates").get(8);
        assertThat(unmeasured.get("perplexity").isNull()).isTrue();
        assertThat(unmeasured.get("needleLoss").isNull()).isTrue();
    }
}
