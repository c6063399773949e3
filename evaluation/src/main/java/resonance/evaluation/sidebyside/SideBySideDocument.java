package resonance.evaluation.sidebyside;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.PairedTest;
import resonance.evaluation.PairedUnits;
import resonance.evaluation.sidebyside.SideBySide.Source;
import resonance.study.RecordJson;

/**
 * What scripts read of several studies: {@code baseline}, {@code rows}, {@code folders}, {@code tables} and {@code notCompared}. A
 * number that does not exist is null.
 */
final class SideBySideDocument {
    private SideBySideDocument() {}

    /**
     * A row.
     *
     * @param row what {@code --baseline} calls it
     * @param label for people
     * @param encoding it was measured with
     */
    record RowLine(String row, String label, String encoding) {}

    /** A folder and what it holds. */
    record Folder(
            String folder,
            String name,
            String seed,
            @Nullable MeasuredModel model,
            Map<String, String> settings,
            int results) {}

    /**
     * A table.
     *
     * @param title of it
     * @param unit of its values
     * @param differenceUnit of its differences
     * @param higherIsBetter or lower
     * @param same what all rows have in common
     * @param comparisons tests that are corrected together: those of at least two units
     */
    record TableLine(
            String title,
            String unit,
            String differenceUnit,
            boolean higherIsBetter,
            Map<String, String> same,
            List<Value> values,
            List<Difference> differences,
            int comparisons,
            List<Test> tests) {}

    /**
     * A row in a column.
     *
     * @param row of it
     * @param length tokens
     * @param task of the suite; empty where there is none
     * @param value as the table shows it, unrounded; the mean over seeds
     * @param bySeed the same of each seed; of one without a seed the key is empty
     * @param units documents, questions or trials of the first seed
     * @param planned how many the study plans
     */
    record Value(
            String row, int length, String task, double value, Map<String, Double> bySeed, int units, int planned) {}

    /**
     * A row against the baseline.
     *
     * @param difference in the table's unit; null if nothing is paired
     * @param low lower end of its 95 % interval; null with one unit
     * @param high upper end
     * @param unit what the interval takes for independent: seed, document, question, trial, window, block
     * @param pairs units compared
     * @param verdict better, worse or undecided; null if nothing is paired
     * @param notPaired why something is not
     */
    record Difference(
            String row,
            String baseline,
            int length,
            String task,
            @Nullable Double difference,
            @Nullable Double low,
            @Nullable Double high,
            String unit,
            int pairs,
            @Nullable String verdict,
            List<String> notPaired) {}

    /**
     * A row against another, corrected for the number of comparisons of its table; see {@link PairedTest}.
     *
     * @param n units compared
     * @param unit what they are: seed, document, question, trial, window, block
     * @param difference row minus other, in the table's unit
     * @param low lower end of its 95 % interval alone
     * @param p by Student's t alone
     * @param signFlipP by sign flips alone
     * @param adjustedLow lower end of its interval among all comparisons
     * @param adjustedP by Student's t, after Holm
     * @param adjustedSignFlipP by sign flips, after Holm
     * @param verdict better, worse or undecided by {@code adjustedP}
     * @param signFlips confirm, do not confirm, too few or not asked
     * @param notPaired why units are not compared
     */
    record Test(
            String row,
            String other,
            int length,
            String task,
            int n,
            String unit,
            @Nullable Double difference,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Double p,
            @Nullable Double signFlipP,
            @Nullable Double adjustedLow,
            @Nullable Double adjustedHigh,
            @Nullable Double adjustedP,
            @Nullable Double adjustedSignFlipP,
            @Nullable String verdict,
            @Nullable String signFlips,
            List<String> notPaired) {}

    static String of(SideBySide results, TestedRows tested) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("baseline", results.baseline().id());
        document.put(
                "rows",
                results.rows().stream()
                        .map(row -> new RowLine(
                                row.id(), row.label(), row.encoding().toString()))
                        .toList());
        document.put(
                "folders",
                results.sources().stream().map(SideBySideDocument::folder).toList());
        document.put(
                "tables",
                results.panels().stream()
                        .map(panel -> table(results, panel, tested))
                        .toList());
        document.put("notCompared", results.notCompared());
        return RecordJson.write(document);
    }

    private static Folder folder(Source source) {
        return new Folder(
                source.folder().folder().toString(),
                source.folder().name(),
                source.folder().seed(),
                source.model().orElse(null),
                source.report().records().settings(),
                source.report().records().cells().size());
    }

    private static TableLine table(SideBySide results, Panel panel, TestedRows tested) {
        List<Value> values = new ArrayList<>();
        List<Difference> differences = new ArrayList<>();
        for (Row row : panel.rows()) {
            for (Column column : panel.columns()) {
                OptionalDouble mean = panel.mean(row, column);
                if (mean.isPresent()) {
                    values.add(value(panel, row, column, mean.getAsDouble()));
                }
                results.pairing(panel, row, column)
                        .ifPresent(pairing -> differences.add(difference(results, panel, row, column, pairing)));
            }
        }
        PairedTests tests = new PairedTests(results, panel, tested);
        return new TableLine(
                results.title(panel),
                panel.quantity().unit(),
                panel.quantity().differenceUnit(),
                panel.quantity().higherIsBetter(),
                panel.key().same(),
                values,
                differences,
                tests.comparisons(),
                tests.pairs().stream().map(pair -> test(panel, pair)).toList());
    }

    private static Test test(Panel panel, TestedPair pair) {
        @Nullable PairedTest test = pair.test().orElse(null);
        @Nullable PairedUnits units = test == null ? null : test.units();
        @Nullable Interval alone = test == null ? null : panel.quantity().shown(test.interval());
        @Nullable Interval together = test == null ? null : panel.quantity().shown(test.simultaneous());
        return new Test(
                pair.row().id(),
                pair.other().id(),
                pair.column().length(),
                pair.column().task(),
                units == null ? 0 : units.count(),
                pair.pairing().unit(),
                alone == null ? null : (Double) alone.mean(),
                alone == null ? null : alone.lowOrNull(),
                alone == null ? null : alone.highOrNull(),
                units == null ? null : known(units.studentP()),
                units == null ? null : known(units.signFlipP()),
                together == null ? null : together.lowOrNull(),
                together == null ? null : together.highOrNull(),
                test == null ? null : known(test.adjustedP()),
                test == null ? null : known(test.adjustedSignFlipP()),
                test == null
                        ? null
                        : test.verdict(panel.quantity().higherIsBetter()).word(),
                test == null
                        ? null
                        : test.signFlips().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                List.copyOf(pair.pairing().reasons()));
    }

    private static @Nullable Double known(double p) {
        return Double.isNaN(p) ? null : p;
    }

    private static Value value(Panel panel, Row row, Column column, double mean) {
        Map<String, Measured> measured = panel.measured(row, column);
        Map<String, Double> bySeed = new LinkedHashMap<>();
        measured.forEach((seed, one) -> bySeed.put(seed, panel.quantity().shown(one.value())));
        Measured first = measured.values().iterator().next();
        return new Value(
                row.id(),
                column.length(),
                column.task(),
                panel.quantity().shown(mean),
                bySeed,
                first.units().size(),
                first.planned());
    }

    private static Difference difference(SideBySide results, Panel panel, Row row, Column column, Pairing pairing) {
        @Nullable Interval difference = pairing.difference().orElse(null);
        @Nullable Interval shown = difference == null ? null : panel.quantity().shown(difference);
        return new Difference(
                row.id(),
                results.baseline().id(),
                column.length(),
                column.task(),
                shown == null ? null : (Double) shown.mean(),
                shown == null ? null : shown.lowOrNull(),
                shown == null ? null : shown.highOrNull(),
                pairing.unit(),
                pairing.paired(),
                difference == null
                        ? null
                        : difference.verdict(panel.quantity().higherIsBetter()).word(),
                List.copyOf(pairing.reasons()));
    }
}
