package resonance.evaluation.sidebyside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import resonance.evaluation.Interval;
import resonance.evaluation.PairedTest;
import resonance.evaluation.PairedTest.SignFlips;
import resonance.evaluation.PairedUnits;
import resonance.evaluation.Verdict;
import resonance.evaluation.report.Wording;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;

/** The paired tests of one table, in words: all that are made together, for whose number they are corrected. */
final class PairedTests {
    private static final double LEAST_SHOWN = 1e-4;

    private final Panel panel;
    private final List<TestedPair> pairs;

    PairedTests(SideBySide results, Panel panel, TestedRows choice) {
        this.panel = panel;
        this.pairs = results.tests(panel, choice);
    }

    List<TestedPair> pairs() {
        return pairs;
    }

    boolean isEmpty() {
        return pairs.isEmpty();
    }

    /** m. */
    int comparisons() {
        return pairs.stream()
                .flatMap(pair -> pair.test().stream())
                .findFirst()
                .map(PairedTest::comparisons)
                .orElse(0);
    }

    /** How to read them, a sentence each. */
    List<String> explanation() {
        int needed = PairedTest.unitsNeeded(Math.max(1, comparisons()));
        boolean tooFew = pairs.stream()
                .flatMap(pair -> pair.test().stream())
                .anyMatch(test -> test.units().count() > 1 && test.units().count() < needed);
        List<String> sentences = new ArrayList<>(List.of(
                "Row minus row, in " + panel.quantity().differenceUnit() + "; "
                        + (panel.quantity().higherIsBetter() ? "above" : "below") + " 0 is better.",
                "Alone: mean, 95 % interval and p by Student's t.",
                "Corrected for " + Wording.plural(comparisons(), "comparison")
                        + " in this table: Bonferroni's intervals, which hold all together, and Holm's p.",
                "A difference is decided where that p by t is at most 0.05: of all of them, one is wrong by chance in 5 % of"
                        + " such tables.",
                "Sign flips need no normal differences, but can't give less than 2^(1−n) before they are corrected."));
        if (tooFew) {
            sentences.add("For " + Wording.plural(comparisons(), "comparison") + " that takes " + needed
                    + " units: what t decides of fewer rests on normal differences alone.");
        }
        return sentences;
    }

    /** All of them, or those of some columns. */
    Table table(String title, String explanation, List<Column> columns, Cell missing) {
        boolean severalTasks = columns.stream().map(Column::task).distinct().count() > 1;
        List<Table.Row> rows = new ArrayList<>();
        for (TestedPair pair : pairs) {
            if (columns.contains(pair.column())) {
                rows.add(new Table.Row(heading(pair, severalTasks), null, cells(pair, missing)));
            }
        }
        return new Table(
                title,
                explanation,
                "Difference",
                List.of(
                        new Group("", List.of("of")),
                        new Group("Alone", List.of("mean [95 %]", "p")),
                        new Group("Corrected", List.of("[95 % together]", "p", "p, sign flips", ""))),
                rows);
    }

    /** "YaRN − RoPE, 1,024": the task where others are beside it, models where there are several. */
    private String heading(TestedPair pair, boolean severalTasks) {
        boolean oneModel = panel.rows().stream().map(Row::name).distinct().count() == 1;
        String row = oneModel ? pair.row().encoding().label() : pair.row().label();
        boolean sameModel = pair.row().name().equals(pair.other().name());
        String other =
                sameModel ? pair.other().encoding().label() : pair.other().label();
        return row + " − " + other
                + String.format(Locale.ROOT, ", %,d", pair.column().length())
                + (severalTasks ? ", " + pair.column().task() : "");
    }

    private List<Cell> cells(TestedPair pair, Cell missing) {
        Optional<PairedTest> test = pair.test();
        if (test.isEmpty()) {
            return List.of(missing, missing, missing, missing, missing, missing, Cell.of("not paired"));
        }
        PairedUnits units = test.get().units();
        String of = Wording.plural(units.count(), pair.pairing().unit());
        if (units.count() == 1) {
            return List.of(
                    Cell.of(of),
                    Cell.of(panel.quantity().text(test.get().interval())),
                    missing,
                    missing,
                    missing,
                    missing,
                    Cell.of("undecided", "one has no interval"));
        }
        Interval together = test.get().simultaneous();
        return List.of(
                Cell.of(of),
                Cell.of(panel.quantity().text(test.get().interval())),
                Cell.of(text(units.studentP())),
                Double.isNaN(together.low())
                        ? missing
                        : Cell.of(panel.quantity().ends(together)),
                Cell.of(text(test.get().adjustedP())),
                Double.isNaN(test.get().adjustedSignFlipP())
                        ? missing
                        : Cell.of(text(test.get().adjustedSignFlipP())),
                verdict(test.get()));
    }

    private Cell verdict(PairedTest test) {
        Verdict verdict = test.verdict(panel.quantity().higherIsBetter());
        if (test.units().alike() && verdict == Verdict.UNDECIDED) {
            return Cell.of(verdict.word(), "all differences are alike");
        }
        SignFlips flips = test.signFlips();
        boolean alone = flips == SignFlips.TOO_FEW || flips == SignFlips.DO_NOT_CONFIRM;
        return Cell.of(verdict.word(), alone ? "by t alone" : "");
    }

    /** Two digits of a chance. */
    private static String text(double p) {
        if (p < LEAST_SHOWN) {
            return "<0.0001";
        }
        return String.format(Locale.ROOT, p < 0.1 ? "%.2g" : "%.2f", p);
    }
}
