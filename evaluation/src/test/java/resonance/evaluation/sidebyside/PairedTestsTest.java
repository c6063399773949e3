package resonance.evaluation.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static resonance.evaluation.Encodings.encodings;
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
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.passkey.ExamplePasskey;
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.report.Table;

class PairedTestsTest {
    /** Three models of as many seeds: the second 0.05 nats above the first, the third as the first but for its spread. */
    private static SideBySide threeModels(int seeds) {
        List<Source> sources = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            double loss = 3 + 0.1 * seed;
            double wobble = 0.01 * (seed % 3 - 1);
            sources.add(perplexity(loss).named("plain", String.valueOf(seed)));
            sources.add(perplexity(loss + 0.05 + wobble).named("worse", String.valueOf(seed)));
            sources.add(perplexity(loss + wobble * (seed + 1)).named("same", String.valueOf(seed)));
        }
        return new SideBySide(sources, List.of(), "");
    }

    private static PairedTests tests(SideBySide results, TestedRows rows) {
        return new PairedTests(results, results.panels().get(0), rows);
    }

    private static Table table(SideBySide results, TestedRows rows) {
        return tests(results, rows).table("", "", results.panels().get(0).columns(), Table.Cell.MISSING);
    }

    private static String verdict(Table.Row row) {
        Table.Cell cell = row.cells().get(6);
        return cell.text() + "; " + cell.detail();
    }

    @Test
    void everyRowIsHeldAgainstEveryOneBeforeIt() {
        Table table = table(threeModels(5), TestedRows.ALL_PAIRS);
        assertThat(table.rows())
                .extracting(Table.Row::heading)
                .containsExactly("worse − plain, 64", "same − plain, 64", "same − worse, 64");
        assertThat(table.rows())
                .allSatisfy(row -> assertThat(row.cells().get(0).text()).isEqualTo("5 seeds"));
    }

    @Test
    void againstTheBaselineThereAreFewerComparisonsToCorrectFor() {
        SideBySide results = threeModels(5);
        assertThat(tests(results, TestedRows.ALL_PAIRS).comparisons()).isEqualTo(3);
        assertThat(tests(results, TestedRows.AGAINST_BASELINE).comparisons()).isEqualTo(2);
        assertThat(tests(results, TestedRows.NONE).isEmpty()).isTrue();
        assertThat(table(results, TestedRows.AGAINST_BASELINE).rows())
                .extracting(Table.Row::heading)
                .containsExactly("worse − plain, 64", "same − plain, 64");
    }

    @Test
    void whatFiveSeedsDecideRestsOnTAloneAndIsSaidSo() {
        SideBySide five = threeModels(5);
        assertThat(table(five, TestedRows.ALL_PAIRS).rows())
                .extracting(PairedTestsTest::verdict)
                .containsExactly("worse; by t alone", "undecided; ", "better; by t alone");
        assertThat(tests(five, TestedRows.ALL_PAIRS).explanation())
                .contains(
                        "Corrected for 3 comparisons in this table: Bonferroni's intervals, which hold all together, and"
                                + " Holm's p.",
                        "For 3 comparisons that takes 7 units: what t decides of fewer rests on normal differences"
                                + " alone.");
        SideBySide nine = threeModels(9);
        assertThat(table(nine, TestedRows.AGAINST_BASELINE).rows())
                .extracting(PairedTestsTest::verdict)
                .containsExactly("worse; ", "undecided; ");
        assertThat(tests(nine, TestedRows.AGAINST_BASELINE).explanation()).noneMatch(line -> line.contains("takes"));
    }

    @Test
    void oneTrialIsSaidToDecideNothing() {
        PasskeyPlan plan = new PasskeyPlan(
                new MeasuredModel("m", "5be1".repeat(16), 512), encodings("none", "yarn"), List.of(256), 1, 1, 7);
        SideBySide results = new SideBySide(
                List.of(new Source(
                        new NamedFolder("", "", Path.of("p")), new PasskeyReport(ExamplePasskey.of(plan, 2)))),
                List.of(),
                "");
        Table.Row row = table(results, TestedRows.ALL_PAIRS).rows().get(0);
        assertThat(row.heading()).isEqualTo("YaRN − No scaling, 256");
        assertThat(row.cells().get(0).text()).isEqualTo("one trial");
        assertThat(row.cells().subList(2, 6)).containsOnly(Table.Cell.MISSING);
        assertThat(verdict(row)).isEqualTo("undecided; one has no interval");
        assertThat(tests(results, TestedRows.ALL_PAIRS).comparisons()).isZero();
    }

    @Test
    void differencesThatAreAlikeHaveNoIntervalTogether() {
        SideBySide results = new SideBySide(
                List.of(
                        perplexity(3.0).named("plain", "1"),
                        perplexity(3.0).named("plain", "2"),
                        perplexity(3.5).named("other", "1"),
                        perplexity(3.5).named("other", "2")),
                List.of(),
                "");
        Table.Row row = table(results, TestedRows.ALL_PAIRS).rows().get(0);
        assertThat(row.cells().get(3)).isEqualTo(Table.Cell.MISSING);
        assertThat(verdict(row)).isEqualTo("undecided; all differences are alike");
        StringWriter text = new StringWriter();
        new SideBySideReport(results).print(new PrintWriter(text));
        assertThat(text.toString()).contains("| +64.87 [+64.87, +64.87] undecided, all alike |");
    }

    @Test
    void theDocumentHasEveryTestWithItsNumbers() throws IOException {
        JsonNode table = new JsonMapper()
                .readTree(new SideBySideReport(threeModels(5), TestedRows.ALL_PAIRS).toJson())
                .at("/tables/0");
        assertThat(table.get("comparisons").intValue()).isEqualTo(3);
        JsonNode test = table.at("/tests/0");
        assertThat(test.fieldNames())
                .toIterable()
                .containsExactly(
                        "row",
                        "other",
                        "length",
                        "task",
                        "n",
                        "unit",
                        "difference",
                        "low",
                        "high",
                        "p",
                        "signFlipP",
                        "adjustedLow",
                        "adjustedHigh",
                        "adjustedP",
                        "adjustedSignFlipP",
                        "verdict",
                        "signFlips",
                        "notPaired");
        assertThat(test.get("n").intValue()).isEqualTo(5);
        assertThat(test.get("signFlipP").doubleValue()).isEqualTo(0.0625);
        assertThat(test.get("adjustedSignFlipP").doubleValue()).isEqualTo(3 * 0.0625);
        assertThat(test.get("signFlips").textValue()).isEqualTo("too few");
        assertThat(test.get("difference").doubleValue()).isCloseTo(100 * Math.expm1(0.048), within(1e-4));
        assertThat(test.get("adjustedLow").doubleValue())
                .isLessThan(test.get("low").doubleValue());
    }

    @Test
    void pageAndTerminalShowThem() {
        SideBySideReport report = new SideBySideReport(threeModels(5), TestedRows.ALL_PAIRS);
        assertThat(report.page().sections())
                .filteredOn(section ->
                        section instanceof Table table && table.title().endsWith(": paired tests"))
                .hasSize(1);
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));
        assertThat(text.toString())
                .contains("Paired tests" + System.lineSeparator() + "Row minus row, in % of the perplexity;")
                .contains("| worse − plain, 64 | 5 seeds |");
    }
}
