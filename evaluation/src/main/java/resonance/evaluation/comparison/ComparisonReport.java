package resonance.evaluation.comparison;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.Accuracy;
import resonance.evaluation.Comparison;
import resonance.evaluation.Comparison.Difference;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.Contrast;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.ReferenceTable;
import resonance.evaluation.ScoredTokens;
import resonance.evaluation.Summary;
import resonance.evaluation.report.EncodingStyles;
import resonance.evaluation.report.ProvenanceSections;
import resonance.evaluation.report.Report;
import resonance.evaluation.report.Wording;
import resonance.report.Findings;
import resonance.report.Findings.Direction;
import resonance.report.Findings.Finding;
import resonance.report.Findings.Pair;
import resonance.report.Findings.Side;
import resonance.report.KeyValues;
import resonance.report.Page;
import resonance.report.Section;
import resonance.report.text.TextTable;
import resonance.rope.EncodingName;
import resonance.study.StudyRecords;

/**
 * A comparison, as a page: what Resonance changes, the table, accuracy by position, the runs' curves, every setting.
 *
 * @param comparison what to report
 * @param reference published figures to set beside ours, possibly {@link ReferenceTable#none()}
 * @param angles rotation angles of one feature under several encodings, to show why; may be empty
 */
public record ComparisonReport(Comparison comparison, ReferenceTable reference, List<RotationAngles> angles)
        implements Report {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "comparison.json";

    /**
     * What a comparison's folder says of it beside its cells.
     *
     * @param cells which cells it consists of
     * @param reference published figures to set beside ours, possibly {@link ReferenceTable#none()}
     * @param angles rotation angles for the page
     */
    public record Plan(ComparisonPlan cells, ReferenceTable reference, List<RotationAngles> angles) {
        public Plan {
            angles = List.copyOf(angles);
        }
    }

    public ComparisonReport {
        angles = List.copyOf(angles);
    }

    /** Reads what a comparison's folder holds, finished or not. */
    public static ComparisonReport read(Path folder) throws IOException {
        StudyRecords<Plan, ComparisonCell> records = StudyRecords.read(folder, Plan.class, ComparisonCell.class);
        Plan plan = records.plan();
        Comparison comparison = new Comparison(new StudyRecords<>(
                plan.cells(), records.settings(), records.openedBy(), records.cells(), records.damaged()));
        return new ComparisonReport(comparison, plan.reference(), plan.angles());
    }

    @Override
    public String documentName() {
        return DOCUMENT;
    }

    @Override
    public StudyRecords<?, ?> records() {
        return comparison.records();
    }

    @Override
    public String toJson() {
        return records().document(ComparisonDocument.of(comparison));
    }

    @Override
    public Page page() {
        EncodingStyles styles = new EncodingStyles(comparison.plan().encodings());
        ComparisonCharts charts = new ComparisonCharts(comparison, styles);
        ComparisonTables tables = new ComparisonTables(comparison, reference, styles);
        List<Section> sections = new ArrayList<>();
        if (comparison.plan().contrasts().stream().anyMatch(Contrast::isRounding)) {
            sections.add(findings(styles));
        }
        sections.add(tables.accuracies());
        charts.accuracyByPosition().ifPresent(sections::add);
        if (!comparison.plan().contrasts().isEmpty()) {
            sections.add(tables.differences());
        }
        if (!angles.isEmpty()) {
            sections.add(charts.angles(angles));
        }
        charts.training().ifPresent(sections::add);
        charts.validation().ifPresent(sections::add);
        sections.add(new KeyValues("Settings", "", everySetting()));
        sections.addAll(ProvenanceSections.of(provenances(), runsByBuild()));
        sections.add(tables.runs());
        return new Page(
                "Does Resonance help beyond the trained length?",
                Wording.lead(
                        lead(),
                        comparison.cells().size(),
                        comparison.plan().cells().size(),
                        "runs"),
                sections,
                new Page.Data(documentName(), toJson()));
    }

    /**
     * Prints accuracies with encodings as rows and tasks as groups of columns, like the paper's table 1, then how many models
     * learnt their task and what encodings change, paired by seed. Accuracies are mean ± standard deviation in percent,
     * differences mean and 95 % interval in percentage points. A cell without a finished seed shows "-"; one with some seeds
     * finished says how many.
     */
    @Override
    public void print(PrintWriter out) {
        ComparisonPlan plan = comparison.plan();
        ComparisonTables tables = new ComparisonTables(comparison, reference, new EncodingStyles(plan.encodings()));
        int seeds = plan.seeds().size();
        out.printf(
                Locale.ROOT,
                "Accuracy in %%, %s%n",
                seeds == 1 ? "one seed" : "mean ± standard deviation over " + seeds + " seeds");
        out.printf(
                Locale.ROOT,
                "(OOD: positions %d to %d, beyond the trained length; ID: positions %d to %d, within it)%n",
                plan.trainedLength(),
                plan.testLength() - 1,
                plan.seedTokens(),
                plan.trainedLength() - 1);
        counted().forEach(line -> out.println("(" + line + ")"));
        TextTable.print(tables.terminalAccuracies(), out);
        if (!reference.entries().isEmpty()) {
            out.printf(Locale.ROOT, "(%s: %s)%n", reference.name(), reference.source());
        }
        tables.learnt().forEach(out::println);
        if (!plan.contrasts().isEmpty()) {
            out.printf("%nDifferences of OOD accuracy within the same seed, in percentage points%n");
            out.printf(
                    seeds == 1
                            ? "(one seed has no interval, so nothing is decided)%n"
                            : "(mean and 95 %% interval by Student's t over seeds; undecided where it contains 0)%n");
            out.printf("(better: seeds in which it was higher; learnt: seeds in which both models learnt the task)%n");
            if (plan.contrasts().size() * plan.tasks().size() > 1) {
                out.printf("(each line stands alone: of twenty without any effect, one is decided by chance)%n");
            }
            TextTable.print(tables.terminalDifferences(), out);
        }
        out.flush();
    }

    /** The lists of cells, then what all cells share. */
    private Map<String, String> everySetting() {
        ComparisonPlan plan = comparison.plan();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("tasks", String.join(", ", plan.tasks()));
        settings.put(
                "encodings",
                plan.encodings().stream().map(EncodingName::toString).collect(Collectors.joining(", ")));
        settings.put("seeds", plan.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        settings.putAll(records().settings());
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

    /** Which tokens count, a line a task of which it is not every one after the seeds: "MQAR: of these, ... counts". */
    private List<String> counted() {
        return comparison.plan().tasks().stream()
                .flatMap(
                        task -> ScoredTokens.of(task)
                                .map(tokens -> DisplayNames.ofTask(task) + ": of these, " + tokens + " counts")
                                .stream())
                .toList();
    }

    private String lead() {
        ComparisonPlan plan = comparison.plan();
        String positions = String.format(
                Locale.ROOT,
                "%s, trained on sequences of %d tokens and tested on %d; %s. OOD accuracy counts positions %d to %d, beyond"
                        + " the trained length; ID accuracy positions %d to %d, within it. Every token is predicted from the"
                        + " true tokens before it.",
                Wording.plural(plan.encodings().size(), "position encoding"),
                plan.trainedLength(),
                plan.testLength(),
                Wording.plural(plan.seeds().size(), "seed"),
                plan.trainedLength(),
                plan.testLength() - 1,
                plan.seedTokens(),
                plan.trainedLength() - 1);
        return Stream.concat(Stream.of(positions), counted().stream().map(line -> line + "."))
                .collect(Collectors.joining(" "));
    }

    private Section findings(EncodingStyles styles) {
        List<Finding> findings = new ArrayList<>();
        for (Contrast contrast : comparison.plan().contrasts()) {
            for (String task : comparison.plan().tasks()) {
                comparison
                        .difference(task, contrast, Accuracy.OOD)
                        .filter(line -> contrast.isRounding())
                        .ifPresent(line -> findings.add(finding(styles, line)));
            }
        }
        return new Findings(
                "What Resonance adds to OOD accuracy",
                findings.isEmpty()
                        ? "No pair of runs is finished yet."
                        : "In percentage points. Each line joins the two runs of one seed, on a scale from 0 to 100 %.",
                findings);
    }

    private Finding finding(EncodingStyles styles, Difference line) {
        String task = line.task();
        EncodingName encoding = line.contrast().baseline();
        EncodingName resonance = line.contrast().encoding();
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
                DisplayNames.ofTask(task) + ": " + line.contrast().label(),
                line.values().interval().times(100).meanText(1) + " points",
                certainty(line),
                switch (line.values().verdict()) {
                    case BETTER -> Direction.BETTER;
                    case WORSE -> Direction.WORSE;
                    case UNDECIDED -> Direction.UNDECIDED;
                },
                new Side(encoding.label(), percent(before), styles.of(encoding)),
                new Side(resonance.label(), percent(after), styles.of(resonance)),
                pairs);
    }

    private static String certainty(Difference line) {
        int seeds = line.values().count();
        if (seeds == 1) {
            return "one seed only, so no telling from chance";
        }
        return String.format(
                Locale.ROOT,
                "%s, 95 %% interval %s; higher in %d of %d seeds%s",
                line.values().verdict().word(),
                line.values().interval().times(100).endsText(1),
                line.values().better(),
                seeds,
                line.learnt() == seeds ? "" : "; both models learnt the task in " + line.learnt());
    }

    private static String percent(Summary summary) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * summary.mean());
    }
}
