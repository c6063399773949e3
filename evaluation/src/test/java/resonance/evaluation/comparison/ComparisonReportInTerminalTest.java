package resonance.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;
import static resonance.evaluation.ExampleComparison.cell;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.ExampleComparison;
import resonance.evaluation.ReferenceTable;
import resonance.report.html.HtmlPage;
import resonance.report.text.TextTable;

class ComparisonReportInTerminalTest {

    private static final ComparisonPlan PLAN = new ComparisonPlan(
            List.of("cot", "recursive"), encodings("rope", "resonance-rope", "yarn"), List.of(1L, 2L), 64, 256, 4);

    @Test
    void showsAccuraciesAndWhatEncodingsChange() {
        String table = printed(comparison(), ReferenceTable.none());
        assertThat(table).isEqualTo("""
                Accuracy in %, mean ± standard deviation over 2 seeds
                (OOD: positions 64 to 255, beyond the trained length; ID: positions 4 to 63, within it)
                +----------------+------------+------------+---------------+---------------+
                | Encoding       | CoT        | CoT        | Recursive     | Recursive     |
                |                | OOD        | ID         | OOD           | ID            |
                +----------------+------------+------------+---------------+---------------+
                | RoPE           | 52.0 ± 2.8 | 98.0 ± 0.0 | 60.0 (1 of 2) | 98.0 (1 of 2) |
                | Resonance RoPE | 63.0 ± 4.2 | 98.0 ± 0.0 | -             | -             |
                | YaRN           | -          | -          | -             | -             |
                +----------------+------------+------------+---------------+---------------+
                CoT: 4 of 4 models learnt the task (ID at least 97.8 %)
                Recursive: 1 of 1 models learnt the task (ID at least 97.8 %)

                Differences of OOD accuracy within the same seed, in percentage points
                (mean and 95 % interval by Student's t over seeds; undecided where it contains 0)
                (better: seeds in which it was higher; learnt: seeds in which both models learnt the task)
                (each line stands alone: of twenty without any effect, one is decided by chance)
                +-----------------------+---------------------+-----------+--------+--------+
                | Difference            | CoT                 | CoT       | CoT    | CoT    |
                |                       | OOD                 | verdict   | better | learnt |
                +-----------------------+---------------------+-----------+--------+--------+
                | Resonance RoPE − RoPE | +11.0 [−1.7, +23.7] | undecided | 2 of 2 | 2 of 2 |
                | YaRN − RoPE           | -                   | -         | -      | -      |
                +-----------------------+---------------------+-----------+--------+--------+
                +-----------------------+-----------+-----------+-----------+-----------+
                | Difference            | Recursive | Recursive | Recursive | Recursive |
                |                       | OOD       | verdict   | better    | learnt    |
                +-----------------------+-----------+-----------+-----------+-----------+
                | Resonance RoPE − RoPE | -         | -         | -         | -         |
                | YaRN − RoPE           | -         | -         | -         | -         |
                +-----------------------+-----------+-----------+-----------+-----------+
                """);
    }

    @Test
    void setsThePublishedFiguresBesideOurs() {
        String table = printed(comparison(), ReferenceTable.paperTable1());
        assertThat(table)
                .contains("| RoPE           | 52.0 ± 2.8 | 69.56 (0.33) | 98.0 ± 0.0 |")
                .contains("| Resonance RoPE | -             | 62.64 (0.15) | -             |")
                .contains(
                        "(paper: table 1 of arXiv:2403.00071, mean OOD accuracy in % over 5 seeds, with the variance as"
                                + " printed)");
    }

    @Test
    void tasksThatDoNotFitFollowBelow() {
        String table = printed(
                ExampleComparison.finished(List.of("cot", "recursive", "semi-recursive")),
                ReferenceTable.paperTable1());
        assertThat(table.lines()).allMatch(line -> line.length() <= TextTable.MAX_WIDTH || !line.startsWith("|"));
        assertThat(table.lines().filter(line -> line.startsWith("| Resonance YaRN |")))
                .hasSize(2);
        assertThat(table.lines().filter(line -> line.startsWith("| Resonance YaRN − YaRN |")))
                .hasSize(3);
    }

    @Test
    void aSingleSeedHasNoSpreadToShow() {
        ComparisonPlan plan =
                new ComparisonPlan(List.of("cot"), encodings("rope", "resonance-rope"), List.of(1L), 64, 256, 4);
        String table = printed(
                ExampleComparison.of(
                        plan,
                        List.of(
                                cell("cot", encoding("rope"), 1, 0.5),
                                cell("cot", encoding("resonance-rope"), 1, 0.6))),
                ReferenceTable.none());
        assertThat(table)
                .startsWith("Accuracy in %, one seed")
                .contains(
                        "| RoPE           | 50.0 | 98.0 |",
                        "(one seed has no interval, so nothing is decided)",
                        "| Resonance RoPE − RoPE | +10.0 | undecided | 1 of 1 | 1 of 1 |")
                .doesNotContain("±", "NaN", "each line stands alone");
    }

    @Test
    void saysWhichModelsHaveNotLearntTheirTask() {
        ComparisonPlan plan =
                new ComparisonPlan(List.of("cot"), encodings("rope", "resonance-rope"), List.of(1L, 2L), 68, 256, 4);
        String table = printed(
                ExampleComparison.of(
                        plan,
                        List.of(
                                ExampleComparison.learner(256, "rope", 1, 0.98),
                                ExampleComparison.learner(256, "rope", 2, 0.9),
                                ExampleComparison.learner(256, "resonance-rope", 1, 0.99),
                                ExampleComparison.learner(256, "resonance-rope", 2, 1))),
                ReferenceTable.none());
        assertThat(table)
                .contains(
                        "CoT: 3 of 4 models learnt the task (ID at least 97.9 %); not 1 of RoPE",
                        "| undecided | 0 of 2 | 1 of 2 |");
        Comparison comparison = ExampleComparison.of(plan, List.of(ExampleComparison.learner(256, "rope", 1, 0.9)));
        assertThat(HtmlPage.of(new ComparisonReport(comparison, ReferenceTable.none(), List.of()).page()))
                .contains(
                        "CoT: 0 of 1 models learnt the task (ID at least 97.9 %).",
                        "<small>1 of 2 seeds; 0 of 1 learnt</small>");
    }

    @Test
    void theLocaleDoesNotChangeTheNumbers() {
        Locale before = Locale.getDefault();
        String table = printed(comparison(), ReferenceTable.none());
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(printed(comparison(), ReferenceTable.none())).isEqualTo(table);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Comparison comparison() {
        return ExampleComparison.of(
                PLAN,
                List.of(
                        cell("cot", encoding("rope"), 1, 0.50),
                        cell("cot", encoding("rope"), 2, 0.54),
                        cell("cot", encoding("resonance-rope"), 1, 0.60),
                        cell("cot", encoding("resonance-rope"), 2, 0.66),
                        cell("recursive", encoding("rope"), 2, 0.60)));
    }

    private static String printed(Comparison comparison, ReferenceTable reference) {
        StringWriter text = new StringWriter();
        new ComparisonReport(comparison, reference, List.of()).print(new PrintWriter(text));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
