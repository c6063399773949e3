package resonance.evaluation.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.sidebyside.ExampleStudies.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.evaluation.Contrast;
import resonance.evaluation.Encodings;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.Interval;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.passkey.ExamplePasskey;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.perplexity.ExamplePerplexity;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.evaluation.report.Report;
import resonance.evaluation.sidebyside.ExampleStudies.Perplexity;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.evaluation.task.study.ExampleTasks;
import resonance.evaluation.task.study.TaskReport;
import resonance.evaluation.task.study.TaskResults;
import resonance.report.LineCharts;
import resonance.report.Page;
import resonance.report.Section;
import resonance.report.Table;
import resonance.rope.EncodingName;

class SideBySideTest {
    private static final Column ALL = new Column(ExampleStudies.LENGTH, "");

    private static Source source(String folder, Report report) {
        return new Source(new NamedFolder("", "", Path.of("runs", folder)), report);
    }

    private static SideBySide of(Source... sources) {
        return new SideBySide(List.of(sources), List.of(), "");
    }

    private static Pairing pairing(SideBySide results, int row) {
        return results.pairing(results.panels().get(0), results.rows().get(row), ALL)
                .orElseThrow();
    }

    /** Differences 0.05, 0.03 and 0.07: mean 0.05, standard deviation 0.02, t of two degrees of freedom 4.3027. */
    @Test
    void trainingsThatDifferInTheirSeedAreTheUnits() {
        SideBySide results = of(
                perplexity(3.00, 3.5).named("yarn", "1"),
                perplexity(3.10, 3.6).named("yarn", "2"),
                perplexity(3.20, 3.7).named("yarn", "3"),
                perplexity(3.05, 3.55).named("tuned", "1"),
                perplexity(3.13, 3.63).named("tuned", "2"),
                perplexity(3.27, 3.77).named("tuned", "3"));
        Pairing pairing = pairing(results, 1);
        Interval difference = pairing.difference().orElseThrow();
        double half = 4.302653 * 0.02 / Math.sqrt(3);
        assertThat(pairing.unit()).isEqualTo("seed");
        assertThat(pairing.reasons()).isEmpty();
        assertThat(difference.units()).isEqualTo(3);
        assertThat(difference.mean()).isCloseTo(0.05, within(1e-6));
        assertThat(difference.low()).isCloseTo(0.05 - half, within(1e-6));
        assertThat(difference.high()).isCloseTo(0.05 + half, within(1e-6));
    }

    @Test
    void seedsAreNotPairedWithOtherSeedsAndAreNamed() {
        SideBySide results = of(
                perplexity(3.0).named("yarn", "1"),
                perplexity(3.1).named("yarn", "2"),
                perplexity(9.9).named("yarn", "3"),
                perplexity(3.2).named("tuned", "2"),
                perplexity(3.1).named("tuned", "1"),
                perplexity(0.1).named("tuned", "4"));
        Pairing pairing = pairing(results, 1);
        assertThat(pairing.difference().orElseThrow().mean()).isCloseTo(0.1, within(1e-6));
        assertThat(results.notCompared())
                .containsExactly(
                        "Perplexity: the records don't say which tokens were scored; they are taken for those of one tokenizer.",
                        "Perplexity, tuned at 64: seed 4 is missing in the baseline.",
                        "Perplexity, tuned at 64: seed 3 is missing in the row.");
    }

    /** Against the mean of two seeds, 3.1 and 3.4: differences 0.1 and 0.3, whose half width is 12.706 · 0.1. */
    @Test
    void whereOneSideHasNoSeedsDocumentsAreTheUnitsAndTheOtherCountsByItsMean() {
        SideBySide results = of(
                perplexity(3.0, 3.3).named("yarn", "1"),
                perplexity(3.2, 3.5).named("yarn", "2"),
                perplexity(3.2, 3.7).named("before", ""));
        Pairing pairing = pairing(results, 1);
        Interval difference = pairing.difference().orElseThrow();
        assertThat(pairing.unit()).isEqualTo("document");
        assertThat(difference.mean()).isCloseTo(0.2, within(1e-6));
        assertThat(difference.high()).isCloseTo(0.2 + 12.7062 * 0.1, within(1e-4));
    }

    @Test
    void aFolderAloneSaysOfItsEncodingsWhatItsOwnReportDoes() {
        PerplexityResults own = ExamplePerplexity.finished();
        SideBySide results = of(source("p", new PerplexityReport(own)));
        Panel panel = results.panels().get(0);
        for (EncodingName encoding : own.plan().encodings().subList(1, 6)) {
            for (int length : own.plan().lengths()) {
                Row row = new Row("little-prose-3M", encoding);
                Contrast contrast =
                        new Contrast(encoding, own.plan().encodings().get(0));
                Interval difference = results.pairing(panel, row, new Column(length, ""))
                        .flatMap(Pairing::difference)
                        .orElseThrow();
                Interval expected =
                        own.difference(contrast, length).orElseThrow().loss();
                assertThat(difference.mean()).isCloseTo(expected.mean(), within(1e-12));
                assertThat(difference.low()).isCloseTo(expected.low(), within(1e-12));
                assertThat(difference.high()).isCloseTo(expected.high(), within(1e-12));
                assertThat(Math.exp(panel.mean(row, new Column(length, "")).orElseThrow()))
                        .isCloseTo(own.result(encoding, length).orElseThrow().perplexity(), within(1e-9));
            }
        }
    }

    @Test
    void oneDocumentIsComparedByItsWindows() {
        PerplexityResults own = ExamplePerplexity.finished();
        List<Texts> one = List.of(Texts.of("Melville=moby*"));
        SideBySide results = new SideBySide(List.of(source("p", new PerplexityReport(own))), one, "yarn");
        Panel panel = results.panels().get(0);
        EncodingName resonance = Encodings.encoding("resonance-yarn");
        Pairing pairing = results.pairing(panel, new Row("little-prose-3M", resonance), new Column(256, ""))
                .orElseThrow();
        assertThat(results.title(panel)).isEqualTo("Perplexity, Melville");
        assertThat(pairing.unit()).isEqualTo("window");
        assertThat(pairing.difference())
                .contains(own.difference(new Contrast(resonance, Encodings.encoding("yarn")), 256)
                        .orElseThrow()
                        .documents()
                        .get(1)
                        .loss());
    }

    static List<TaskResults> evaluations() {
        return List.of(
                ExampleTasks.finished(),
                ExampleTasks.finished(key -> !key.encoding().toString().equals("yarn")
                        || key.question() < 2
                        || key.task().equals("toefl")));
    }

    @ParameterizedTest
    @MethodSource("evaluations")
    void anEvaluationAloneSaysWhatItsOwnReportDoes(TaskResults own) {
        SideBySide results = of(source("e", new TaskReport(own)));
        for (String task : own.tasksAndAverage()) {
            Contrast contrast = new Contrast(Encodings.encoding("yarn"), Encodings.encoding("none"));
            Row row = new Row("little-prose-3M", contrast.encoding());
            Column column = new Column(1024, task);
            var difference = own.difference(contrast, 1024, task).orElseThrow();
            assertThat(results.pairing(results.panels().get(0), row, column).flatMap(Pairing::difference))
                    .contains(difference.points());
            assertThat(results.pairing(results.panels().get(1), row, column).flatMap(Pairing::difference))
                    .contains(difference.loss());
        }
        assertThat(results.panels().get(0).mean(results.rows().get(1), new Column(1024, "average")))
                .isEqualTo(own.average(Encodings.encoding("yarn"), 1024));
    }

    @Test
    void anAverageIsNotPairedWhereATaskHasNoPair() {
        TaskResults own = ExampleTasks.finished(key ->
                !key.task().equals("coursera") || key.encoding().toString().equals("none") == key.question() < 4);
        SideBySide results = of(source("e", new TaskReport(own)));
        Column average = new Column(1024, "average");
        assertThat(own.difference(
                        new Contrast(Encodings.encoding("yarn"), Encodings.encoding("none")), 1024, "average"))
                .isEmpty();
        Pairing pairing = results.pairing(
                        results.panels().get(0), results.rows().get(1), average)
                .orElseThrow();
        assertThat(pairing.difference()).isEmpty();
        assertThat(pairing.paired()).isZero();
        assertThat(pairing.reasons())
                .containsExactly("8 of 18 questions are not in both", "no question of coursera is paired");
    }

    @Test
    void trialsOfAPasskeyArePaired() {
        SideBySide results = of(source("k", new PasskeyReport(ExamplePasskey.finished())));
        Panel panel = results.panels().get(0);
        Pairing pairing = results.pairing(
                        panel, panel.rows().get(1), panel.columns().get(0))
                .orElseThrow();
        assertThat(panel.key().title()).isEqualTo("Passkey retrieval");
        assertThat(pairing.unit()).isEqualTo("trial");
        assertThat(pairing.reasons()).isEmpty();
    }

    @Test
    void posgenIsPairedBySeed() {
        SideBySide results = of(source(
                "posgen",
                new ComparisonReport(ExampleComparison.finished(List.of("cot")), ReferenceTable.none(), List.of())));
        Panel panel = results.panels().get(0);
        Pairing pairing = results.pairing(
                        panel, panel.rows().get(1), panel.columns().get(0))
                .orElseThrow();
        assertThat(results.title(panel)).isEqualTo("PosGen, accuracy beyond the trained length");
        assertThat(pairing.unit()).isEqualTo("seed");
    }

    @Test
    void whatWasMeasuredInAnotherPrecisionIsNotPaired() {
        SideBySide results = of(
                perplexity(3.0).named("a", ""),
                perplexity(3.1).precision("bfloat16").named("b", ""));
        assertThat(pairing(results, 1).difference()).isEmpty();
        assertThat(results.notCompared()).contains("Perplexity, b at 64: other precision (bfloat16, float32).");
    }

    @Test
    void otherProtocolsHaveATableOfTheirOwn() {
        SideBySide results = of(
                perplexity(3.0).named("a", ""),
                perplexity(3.1).protocol("yarn:32").named("b", ""));
        assertThat(results.panels()).extracting(results::title).containsExactly("Perplexity (1)", "Perplexity (2)");
        assertThat(results.notCompared())
                .containsExactly(
                        "Perplexity (2) is apart from Perplexity (1): other protocol (yarn:32, token).",
                        "Perplexity (2): a, the baseline, is not there.");
    }

    /** 256 tokens of 3 nats over 1,000 bytes: 255 are scored, 255 · 3 / ln 2 / 1000 bits a byte. */
    @Test
    void perplexitiesOfSeveralTokenizersAreApartAndBitsAByteAreOffered() {
        SideBySide results = of(
                perplexity(3.0).tokens("11".repeat(32), 1000).named("a", ""),
                perplexity(2.5).tokens("22".repeat(32), 1000).named("b", ""));
        assertThat(results.panels())
                .extracting(results::title)
                .containsExactly("Perplexity (1)", "Bits a byte", "Perplexity (2)");
        assertThat(results.notCompared())
                .contains("Perplexity (2) is apart from Perplexity (1): other tokens (222222222222…, 111111111111…);"
                        + " perplexities of different tokens are not to be compared.");
        Panel bits = results.panels().get(1);
        assertThat(bits.mean(results.rows().get(0), ALL).orElseThrow())
                .isCloseTo(255 * 3.0 / Math.log(2) / 1000, within(1e-9));
        assertThat(results.pairing(bits, results.rows().get(1), ALL)
                        .flatMap(Pairing::difference)
                        .orElseThrow()
                        .mean())
                .isCloseTo(-255 * 0.5 / Math.log(2) / 1000, within(1e-9));
    }

    @Test
    void aResultThatTwoFoldersHoldIsRefused() {
        assertThatThrownBy(() ->
                        of(perplexity(3.0).named("a", "1"), perplexity(3.0).named("a", "1")))
                .hasMessage(
                        "folders must hold each result once, two hold Perplexity of a, seed 1 at 64 tokens; give other"
                                + " models names of their own, NAME=DIR, and trainings that differ in their seed one name and a seed"
                                + " each, NAME:SEED=DIR");
    }

    @Test
    void aGroupOfTextsThatNoDocumentBelongsToIsRefused() {
        assertThatThrownBy(() -> new SideBySide(
                        List.of(perplexity(3.0).named("a", "")), List.of(Texts.of("poems=sonnet*,ode*")), ""))
                .hasMessage("texts must fit a document of some folder, fit none: poems=sonnet*,ode*; patterns are those"
                        + " of file names, for example book*");
    }

    @Test
    void documentsOfNoGroupOfTextsAreNamed() {
        SideBySide results = new SideBySide(
                List.of(perplexity(3.0, 3.1, 3.2).tokens("11".repeat(32), 1000).named("a", "")),
                List.of(Texts.of("first=a*"), Texts.of("ends=[ab]*")),
                "");
        assertThat(results.notCompared()).containsExactly("Perplexity of c.txt: it is in no group of texts.");
    }

    @Test
    void aBaselineThatIsNoRowIsRefused() {
        assertThatThrownBy(() -> new SideBySide(
                        List.of(perplexity(3.0).named("a", ""), perplexity(3.0).named("b", "")), List.of(), "before"))
                .hasMessage("baseline 'before' is unknown; known: a, b");
    }

    @Test
    void aBaselineMayBeNamedByAnEncodingThatOneRowHas() {
        Perplexity two = new Perplexity().losses("none", 3.0).losses("yarn", 2.0);
        SideBySide results =
                new SideBySide(List.of(perplexity(1.0).named("a", ""), two.named("b", "")), List.of(), "yarn");
        assertThat(results.baseline().id()).isEqualTo("b/yarn");
    }

    @Test
    void modelsOfOneNameAreCalledByTheirFolders() {
        List<Source> sources = new ArrayList<>();
        sources.add(perplexity(3.0).in("first"));
        sources.add(perplexity(3.0).in("second"));
        sources.add(perplexity(3.0).model("other").in("third"));
        assertThat(new SideBySide(sources, List.of(), "").rows())
                .extracting(Row::id)
                .containsExactly("first", "second", "other");
    }

    @Test
    void aModelThatBrokeIsNotCompared() {
        SideBySide results =
                of(perplexity(3.0).named("a", ""), perplexity(Double.NaN).named("b", ""));
        assertThat(pairing(results, 1).reasons()).containsExactly("a loss is not finite");
    }

    @Test
    void aTerminalShowsTablesDifferencesAndWhatIsNotCompared() {
        SideBySide results = of(
                perplexity(3.00, 3.5).tokens("11".repeat(32), 1000).named("yarn", "1"),
                perplexity(3.10, 3.6).tokens("11".repeat(32), 1000).named("yarn", "2"),
                perplexity(3.05, 3.56).tokens("11".repeat(32), 1000).named("tuned", "1"),
                perplexity(3.15, 3.67).tokens("11".repeat(32), 1000).named("tuned", "2"),
                perplexity(3.05, 3.55)
                        .tokens("11".repeat(32), 1000)
                        .precision("bfloat16")
                        .named("before", ""));
        StringWriter text = new StringWriter();
        new SideBySideReport(results).print(new PrintWriter(text));
        assertThat(text.toString().replace(System.lineSeparator(), "\n")).isEqualTo("""
                        Side by side: 3 rows
                        (Models and encodings from the records of 5 folders. Baseline: yarn.)

                        Perplexity; lower is better
                        +-----------------+-----------+
                        | Model           | 64 tokens |
                        |                 |           |
                        +-----------------+-----------+
                        | yarn (2 seeds)  | 27.11     |
                        | tuned (2 seeds) | 28.72     |
                        | before          | 27.11     |
                        +-----------------+-----------+

                        Against yarn, % of the perplexity; below 0 is better
                        (mean and 95 % interval by Student's t over 2 seeds; undecided where it contains 0)
                        +-----------------+----------------------------+
                        | Model           | 64 tokens                  |
                        |                 |                            |
                        +-----------------+----------------------------+
                        | tuned (2 seeds) | +5.92 [+2.61, +9.34] worse |
                        | before          | not paired                 |
                        +-----------------+----------------------------+

                        Not compared
                        - Perplexity, before at 64: other precision (bfloat16, float32).
                        """);
    }

    @Test
    void aPageHasTablesDifferencesCurvesAndFolders() {
        SideBySide results = new SideBySide(
                List.of(
                        source("p", new PerplexityReport(ExamplePerplexity.finished())),
                        source("e", new TaskReport(ExampleTasks.finished()))),
                List.of(),
                "yarn");
        Page page = new SideBySideReport(results).page();
        assertThat(page.title()).isEqualTo("Side by side: 6 rows");
        assertThat(page.lead())
                .isEqualTo("Models and encodings from the records of 2 folders. Baseline: little-prose-3M · YaRN.");
        assertThat(page.sections())
                .extracting(SideBySideTest::title)
                .containsExactly(
                        "Perplexity",
                        "Perplexity: against little-prose-3M · YaRN",
                        "L-Eval",
                        "L-Eval: against little-prose-3M · YaRN",
                        "L-Eval, loss of right answers",
                        "L-Eval, loss of right answers: against little-prose-3M · YaRN",
                        "Perplexity over length",
                        "Scores over length",
                        "Losses over length",
                        "Folders");
        Table scores = (Table) page.sections().get(2);
        assertThat(scores.groups())
                .extracting(Table.Group::heading, Table.Group::columns)
                .containsExactly(
                        tuple("512 tokens", List.of("coursera", "toefl", "sfiction", "average")),
                        tuple("1,024 tokens", List.of("coursera", "toefl", "sfiction", "average")));
        assertThat(scores.rows())
                .extracting(Table.Row::heading)
                .containsExactly(
                        "little-prose-3M · No scaling", "little-prose-3M · YaRN", "little-prose-3M · Resonance YaRN");
    }

    private static String title(Section section) {
        if (section instanceof Table table) {
            return table.title();
        }
        return section instanceof LineCharts charts ? charts.title() : "";
    }

    @Test
    void theDocumentHasNoVerdictWhereNothingIsPaired() throws IOException {
        SideBySide results = of(
                perplexity(3.0).named("a", ""),
                perplexity(3.1).precision("bfloat16").named("b", ""));
        JsonNode difference = new JsonMapper()
                .readTree(new SideBySideReport(results).toJson())
                .at("/tables/0/differences/0");
        assertThat(difference.get("notPaired").get(0).textValue()).isEqualTo("other precision (bfloat16, float32)");
        for (String nothing : List.of("difference", "low", "high", "verdict")) {
            assertThat(difference.get(nothing).isNull()).as(nothing).isTrue();
        }
    }

    @Test
    void aRowThatAPageDidNotMeasureHasADash() {
        Perplexity two = new Perplexity().losses("none", 3.0);
        SideBySide results = new SideBySide(
                List.of(
                        source(
                                "e",
                                new TaskReport(ExampleTasks.finished(key -> key.length() == 512
                                        || !key.encoding().toString().equals("yarn")))),
                        two.named("b", "")),
                List.of(),
                "");
        Table scores = (Table) new SideBySideReport(results).page().sections().get(0);
        assertThat(scores.rows().get(1).cells().get(4)).isEqualTo(Table.Cell.MISSING);
    }

    @Test
    void theDocumentHasThePromisedNames() throws IOException {
        SideBySide results = of(
                perplexity(3.00).tokens("11".repeat(32), 1000).named("yarn", ""),
                perplexity(3.10).tokens("11".repeat(32), 1000).named("tuned", ""));
        JsonNode document = new JsonMapper().readTree(new SideBySideReport(results).toJson());
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly("baseline", "rows", "folders", "tables", "notCompared");
        JsonNode table = document.get("tables").get(0);
        assertThat(table.fieldNames())
                .toIterable()
                .containsExactly(
                        "title",
                        "unit",
                        "differenceUnit",
                        "higherIsBetter",
                        "same",
                        "values",
                        "differences",
                        "comparisons",
                        "tests");
        JsonNode value = table.get("values").get(0);
        assertThat(value.fieldNames())
                .toIterable()
                .containsExactly("row", "length", "task", "value", "bySeed", "units", "planned");
        assertThat(value.get("value").doubleValue()).isCloseTo(Math.exp(3), within(1e-6));
        JsonNode difference = table.get("differences").get(0);
        assertThat(difference.fieldNames())
                .toIterable()
                .containsExactly(
                        "row",
                        "baseline",
                        "length",
                        "task",
                        "difference",
                        "low",
                        "high",
                        "unit",
                        "pairs",
                        "verdict",
                        "notPaired");
        assertThat(difference.get("difference").doubleValue()).isCloseTo(100 * Math.expm1(0.1), within(1e-4));
        assertThat(difference.get("unit").textValue()).isEqualTo("block");
        // Every token has the same loss, so the few blocks are alike.
        assertThat(difference.get("verdict").textValue()).isEqualTo("undecided");
    }
}
