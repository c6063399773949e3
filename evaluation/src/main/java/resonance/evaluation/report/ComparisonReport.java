package resonance.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import resonance.evaluation.Accuracy;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.PairedDifference;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.Summary;
import resonance.evaluation.report.Findings.Direction;
import resonance.evaluation.report.Findings.Finding;
import resonance.evaluation.report.Findings.Pair;
import resonance.evaluation.report.Findings.Side;
import resonance.evaluation.report.Table.Cell;
import resonance.evaluation.report.Table.Group;
import resonance.evaluation.report.Table.Row;

/**
 * A comparison as a page: what Resonance changes, the table, accuracy by position, the runs' curves, every setting.
 *
 * <p>It can be written at any time; cells not finished yet are shown as "–" and the page says how many are missing.
 *
 * @param comparison what to report
 * @param reference published figures to set beside ours, possibly {@link ReferenceTable#none()}
 * @param angles rotation angles of one feature under several encodings, to show why; may be empty
 */
public record ComparisonReport(Comparison comparison, ReferenceTable reference, List<RotationAngles> angles) {

    private static final String MISSING = "–";

    public ComparisonReport {
        angles = List.copyOf(angles);
    }

    /** The page. */
    public ReportPage page() {
        ComparisonCharts charts = new ComparisonCharts(comparison);
        List<Section> sections = new ArrayList<>();
        if (!comparison.plan().pairedEncodings().isEmpty()) {
            sections.add(findings(charts));
        }
        sections.add(accuracies(charts));
        charts.accuracyByPosition().ifPresent(sections::add);
        if (!comparison.plan().pairedEncodings().isEmpty()) {
            sections.add(differences(charts));
        }
        if (!angles.isEmpty()) {
            sections.add(charts.angles(angles));
        }
        charts.training().ifPresent(sections::add);
        charts.validation().ifPresent(sections::add);
        sections.add(new KeyValues("Settings", "", everySetting()));
        sections.add(KeyValues.of(comparison.provenance(), runsByBuild()));
        sections.add(runs(charts));
        return new ReportPage(
                "Does Resonance help beyond the trained length?",
                lead(),
                sections,
                "comparison.json",
                comparison.toJson());
    }

    /** Writes the page as one HTML file; a reader sees the old file or the whole new one, never a part. */
    public void writeHtml(Path file) throws IOException {
        page().write(file);
    }

    /** The lists of cells, then what all cells share. */
    private Map<String, String> everySetting() {
        ComparisonPlan plan = comparison.plan();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("tasks", String.join(", ", plan.tasks()));
        settings.put("encodings", String.join(", ", plan.encodings()));
        settings.put("seeds", plan.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        settings.putAll(comparison.settings());
        return settings;
    }

    /** Runs that each build made; empty where one made all. */
    private Map<String, String> runsByBuild() {
        Map<String, Long> counts = comparison.cells().stream()
                .collect(Collectors.groupingBy(ComparisonCell::software, LinkedHashMap::new, Collectors.counting()));
        if (counts.size() < 2) {
            return Map.of();
        }
        return Map.of(
                "runs by build",
                counts.entrySet().stream()
                        .map(build -> build.getKey() + ": " + build.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private String lead() {
        ComparisonPlan plan = comparison.plan();
        int planned = plan.cells().size();
        String lead = String.format(
                Locale.ROOT,
                "%s, trained on sequences of %d tokens and tested on %d; %s. OOD accuracy counts positions %d to %d, beyond"
                        + " the trained length; ID accuracy positions %d to %d, within it. Every token is predicted from the"
                        + " true tokens before it.",
                plural(plan.encodings().size(), "position encoding"),
                plan.trainedLength(),
                plan.testLength(),
                plural(plan.seeds().size(), "seed"),
                plan.trainedLength(),
                plan.testLength() - 1,
                plan.seedTokens(),
                plan.trainedLength() - 1);
        return comparison.complete()
                ? lead
                : lead + " Not complete: " + comparison.cells().size() + " of " + planned + " runs are finished.";
    }

    private Section findings(ComparisonCharts charts) {
        List<Finding> findings = new ArrayList<>();
        for (String encoding : comparison.plan().pairedEncodings()) {
            for (String task : comparison.plan().tasks()) {
                comparison
                        .resonanceEffect(task, encoding, Accuracy.OOD)
                        .ifPresent(effect -> findings.add(finding(charts, task, encoding, effect)));
            }
        }
        return new Findings(
                "What Resonance adds to OOD accuracy",
                findings.isEmpty()
                        ? "No pair of runs is finished yet."
                        : "In percentage points. Each line joins the two runs of one seed, on a scale from 0 to 100 %.",
                findings);
    }

    private Finding finding(ComparisonCharts charts, String task, String encoding, PairedDifference effect) {
        String resonance = ComparisonPlan.RESONANCE_PREFIX + encoding;
        List<Pair> pairs = new ArrayList<>();
        for (ComparisonCell before : comparison.cells(task, encoding)) {
            for (ComparisonCell after : comparison.cells(task, resonance)) {
                if (before.seed() == after.seed()) {
                    pairs.add(new Pair(before.oodAccuracy(), after.oodAccuracy()));
                }
            }
        }
        Summary before = Summary.of(pairs.stream().map(Pair::before).toList());
        Summary after = Summary.of(pairs.stream().map(Pair::after).toList());
        return new Finding(
                DisplayNames.ofTask(task) + ": " + DisplayNames.ofEncoding(encoding) + " with Resonance",
                String.format(Locale.ROOT, "%+.1f points", effect.meanInPoints())
                        .replace('-', '−'),
                certainty(effect),
                direction(effect),
                new Side(DisplayNames.ofEncoding(encoding), percent(before), charts.style(encoding)),
                new Side(DisplayNames.ofEncoding(resonance), percent(after), charts.style(resonance)),
                pairs);
    }

    private static String certainty(PairedDifference effect) {
        if (effect.count() == 1) {
            return "one seed only, so no telling from chance";
        }
        return String.format(
                Locale.ROOT,
                "± %.1f standard error; better in %d of %d seeds",
                100 * effect.differences().standardError(),
                effect.better(),
                effect.count());
    }

    private static Direction direction(PairedDifference effect) {
        if (effect.count() > 1 && effect.better() == effect.count()) {
            return Direction.BETTER;
        }
        if (effect.count() > 1 && effect.worse() == effect.count()) {
            return Direction.WORSE;
        }
        return Direction.MIXED;
    }

    private Section accuracies(ComparisonCharts charts) {
        ComparisonPlan plan = comparison.plan();
        List<Group> groups = new ArrayList<>();
        for (String task : plan.tasks()) {
            groups.add(new Group(
                    DisplayNames.ofTask(task),
                    published(task) ? List.of("OOD", reference.name() + " OOD", "ID") : List.of("OOD", "ID")));
        }
        List<Row> rows = new ArrayList<>();
        for (String encoding : plan.encodings()) {
            List<Cell> cells = new ArrayList<>();
            for (String task : plan.tasks()) {
                cells.add(accuracy(task, encoding, Accuracy.OOD));
                if (published(task)) {
                    cells.add(reference
                            .entry(task, encoding)
                            .map(ComparisonReport::published)
                            .orElse(Cell.of(MISSING)));
                }
                cells.add(accuracy(task, encoding, Accuracy.ID));
            }
            rows.add(new Row(DisplayNames.ofEncoding(encoding), charts.style(encoding), cells));
        }
        String explanation = plan.seeds().size() == 1
                ? "In %, from a single seed."
                : "In %: mean ± standard deviation over the seeds, and below it the lowest and the highest.";
        return new Table(
                "Accuracy",
                reference.entries().isEmpty()
                        ? explanation
                        : explanation + " Under \"" + reference.name() + " OOD\": " + reference.source() + ".",
                "Encoding",
                groups,
                rows);
    }

    private static Cell published(ReferenceTable.Entry entry) {
        return new Cell(
                String.format(Locale.ROOT, "%.2f", entry.percent()),
                String.format(Locale.ROOT, "± %.2f", entry.spread()),
                null);
    }

    private Cell accuracy(String task, String encoding, Accuracy accuracy) {
        int planned = comparison.plan().seeds().size();
        Optional<Summary> summary = comparison.accuracy(task, encoding, accuracy);
        if (summary.isEmpty()) {
            return Cell.of(MISSING);
        }
        Summary seeds = summary.get();
        String range = seeds.count() == 1
                ? ""
                : String.format(Locale.ROOT, "%.1f to %.1f", 100 * seeds.min(), 100 * seeds.max());
        String partial = seeds.count() == planned ? "" : seeds.count() + " of " + planned + " seeds";
        String detail = range.isEmpty() || partial.isEmpty() ? range + partial : range + "; " + partial;
        return new Cell(seeds.inPercent(), detail, accuracy == Accuracy.OOD ? seeds.mean() : null);
    }

    private Section differences(ComparisonCharts charts) {
        ComparisonPlan plan = comparison.plan();
        List<Group> groups = plan.tasks().stream()
                .map(task -> new Group(DisplayNames.ofTask(task), List.of("OOD", "ID")))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (String encoding : plan.pairedEncodings()) {
            String resonance = ComparisonPlan.RESONANCE_PREFIX + encoding;
            List<Cell> cells = new ArrayList<>();
            for (String task : plan.tasks()) {
                for (Accuracy accuracy : List.of(Accuracy.OOD, Accuracy.ID)) {
                    cells.add(comparison
                            .resonanceEffect(task, encoding, accuracy)
                            .map(ComparisonReport::difference)
                            .orElse(Cell.of(MISSING)));
                }
            }
            rows.add(new Row(
                    DisplayNames.ofEncoding(resonance) + " minus " + DisplayNames.ofEncoding(encoding),
                    charts.style(resonance),
                    cells));
        }
        return new Table(
                "Difference within the same seed",
                "In percentage points: mean ± standard error over the seeds, and in how many seeds Resonance was better."
                        + " A seed fixes data and initial weights, so this is the sharper comparison.",
                "Difference",
                groups,
                rows);
    }

    private static Cell difference(PairedDifference effect) {
        return new Cell(
                effect.inPoints().replace('-', '−'), "better in " + effect.better() + " of " + effect.count(), null);
    }

    private Section runs(ComparisonCharts charts) {
        List<Row> rows = new ArrayList<>();
        for (ComparisonCell cell : comparison.cells()) {
            rows.add(new Row(
                    DisplayNames.ofTask(cell.task()) + ", " + DisplayNames.ofEncoding(cell.encoding()) + ", "
                            + cell.seed(),
                    charts.style(cell.encoding()),
                    List.of(
                            Cell.of(String.format(Locale.ROOT, "%.2f", 100 * cell.oodAccuracy())),
                            Cell.of(String.format(Locale.ROOT, "%.2f", 100 * cell.idAccuracy())),
                            Cell.of(String.format(Locale.ROOT, "%,.0f", cell.trainTokensPerSecond())),
                            Cell.of(String.format(Locale.ROOT, "%,.1f", cell.wallSeconds())),
                            Cell.of(Hashes.abbreviated(cell.parametersHash())),
                            Cell.of(Hashes.abbreviated(cell.dataHash())))));
        }
        return new Table(
                "Every run",
                "Equal settings, machine and threads give equal hashes. They are shortened here and whole in the data.",
                "Task, encoding, seed",
                List.of(
                        new Group("Accuracy, %", List.of("OOD", "ID")),
                        new Group("Speed", List.of("training tokens/s", "seconds in all")),
                        new Group("SHA-256", List.of("parameters", "data"))),
                rows);
    }

    private boolean published(String task) {
        return reference.entries().stream().anyMatch(entry -> entry.task().equals(task));
    }

    private static String percent(Summary summary) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * summary.mean());
    }

    private static String plural(int count, String noun) {
        return count == 1 ? "one " + noun : count + " " + noun + "s";
    }
}
