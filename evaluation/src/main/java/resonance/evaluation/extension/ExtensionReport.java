package resonance.evaluation.extension;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import resonance.evaluation.Interval;
import resonance.evaluation.Summary;
import resonance.evaluation.Verdict;
import resonance.evaluation.extension.ExtensionSelection.Rung;
import resonance.evaluation.extension.ExtensionSelection.Standing;
import resonance.evaluation.extension.Measure.Kind;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityDifference;
import resonance.evaluation.perplexity.PerplexityText;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.ProvenanceSections;
import resonance.evaluation.report.Report;
import resonance.evaluation.report.Wording;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Series;
import resonance.report.LineCharts;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;
import resonance.report.Page;
import resonance.report.Section;
import resonance.report.Table;
import resonance.report.Table.Cell;
import resonance.report.Table.Group;
import resonance.report.Table.Row;
import resonance.report.text.TextTable;
import resonance.study.StudyRecords;

/**
 * Which encoding takes a model to a length, as a page: what is taken and why, every candidate, loss by position, the hidden
 * number by depth, and how it was chosen.
 */
public final class ExtensionReport implements Report {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "extend.json";

    private static final String HELD_OUT =
            "Choosing and reporting happen on different text: of every document, the pieces in turn go to one and the other.";

    /** Less than this of a hidden number's loss is not told, nats. */
    private static final double TRIFLE = 0.05;

    private final StudyRecords<ExtensionPlan, ExtensionCell> records;
    private final ExtensionSelection selection;

    /** @param records what it is made of: cells in any order, finished or not */
    public ExtensionReport(StudyRecords<ExtensionPlan, ExtensionCell> records) {
        this.records = records;
        this.selection = new ExtensionSelection(records.plan(), records.results());
    }

    /** Reads what a study's folder holds, finished or not. */
    public static ExtensionReport read(Path folder) throws IOException {
        return new ExtensionReport(StudyRecords.read(folder, ExtensionPlan.class, ExtensionCell.class));
    }

    /** What is taken; empty while that is open. */
    public Optional<Candidate> chosen() {
        return selection.next().isEmpty() ? selection.chosen() : Optional.empty();
    }

    @Override
    public String documentName() {
        return DOCUMENT;
    }

    @Override
    public StudyRecords<?, ?> records() {
        return records;
    }

    @Override
    public String toJson() {
        return records.document(ExtensionDocument.of(plan(), selection, verdict()));
    }

    private ExtensionPlan plan() {
        return records.plan();
    }

    /** Which candidate is taken and why, in a sentence or two. */
    public String verdict() {
        if (!selection.next().isEmpty()) {
            int missing = selection.next().size();
            return "Not complete: " + missing
                    + (missing == 1
                            ? " measurement that is known to be needed is missing."
                            : " measurements that are known to be needed are missing.");
        }
        Optional<Candidate> chosen = selection.chosen();
        if (chosen.isEmpty()) {
            return nothingChosen();
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(why(chosen.get()));
        rival(chosen.get()).flatMap(rival -> onHeldOutText(chosen.get(), rival)).ifPresent(sentences::add);
        lowerNeedle(chosen.get()).ifPresent(sentences::add);
        if (selection.isOutOfTime()) {
            sentences.add("The budget ended before all was measured: what is missing is shown as a dash.");
        }
        return String.join(" ", sentences);
    }

    private String nothingChosen() {
        if (!selection.rungs().isEmpty()) {
            return "Nothing is chosen: none of those left can be written into a model of this format.";
        }
        return plan().budgetSeconds() == 0
                ? "Nothing is chosen: there are no two candidates to choose from."
                : String.format(
                        Locale.ROOT,
                        "Nothing is chosen: the budget of %s ended before two candidates were measured; one takes about"
                                + " %,.0f s at this length.",
                        plan().budgetText(),
                        Math.ceil(selection.expectedSeconds(Kind.CHOOSING)));
    }

    private String why(Candidate chosen) {
        List<Standing> undecided = selection.undecided();
        Standing best = undecided.get(0);
        String takes = chosen.label() + " is taken: ";
        String at = String.format(Locale.ROOT, "at %,d tokens", plan().length());
        if (undecided.size() == 1) {
            boolean all = !selection.isCutShort();
            return takes + "its perplexity " + at + " is surely the lowest of those "
                    + (all ? "" : "measured in time ") + "that can be written"
                    + nextBest(chosen).map(next -> ", " + next).orElse("") + ".";
        }
        if (best.candidate().equals(chosen)) {
            return takes + "its perplexity " + at + " is the lowest, and it is the simplest of the "
                    + undecided.size() + " that are undecided"
                    + nextBest(chosen).map(next -> "; " + next).orElse("")
                    + ".";
        }
        Interval behind = undecided.stream()
                .filter(standing -> standing.candidate().equals(chosen))
                .findFirst()
                .orElseThrow()
                .percent();
        return takes + "undecided against the best, " + best.candidate().label() + " (" + behind.text(2) + " % " + at
                + "), it is the simplest of the " + undecided.size() + " that are undecided.";
    }

    /** The next of those that can be written, against the chosen one, which is the best of them. */
    private Optional<String> nextBest(Candidate chosen) {
        return selection.writable().stream()
                .filter(standing -> !standing.candidate().equals(chosen))
                .findFirst()
                .map(next ->
                        next.candidate().label() + " is at " + next.percent().decidingText(2) + " %");
    }

    private Optional<Candidate> rival(Candidate chosen) {
        return selection.finalists().stream()
                .filter(candidate -> !candidate.equals(chosen))
                .findFirst();
    }

    private Optional<String> onHeldOutText(Candidate chosen, Candidate rival) {
        return selection.difference(Kind.REPORTING, chosen, rival).map(loss -> {
            Verdict verdict = loss.verdict(false);
            String numbers = PerplexityText.of(
                            selection.text(chosen, Kind.REPORTING).perplexity().orElse(Double.NaN)) + ", "
                    + PerplexityDifference.inPercent(loss).decidingText(2) + " % against " + rival.label() + ": "
                    + verdict.word();
            return "On text that it was not chosen by its perplexity is " + numbers
                    + (verdict == Verdict.WORSE ? "; there the choice is not the best one." : ".");
        });
    }

    /** Says so where another finalist surely finds a hidden number better, and by more than a trifle: perplexity doesn't tell. */
    private Optional<String> lowerNeedle(Candidate chosen) {
        Map<Double, Double> ours = selection.needles(chosen);
        for (Candidate candidate : selection.finalists()) {
            Map<Double, Double> theirs = selection.needles(candidate);
            if (candidate.isWritable() && theirs.size() > 1 && theirs.keySet().equals(ours.keySet())) {
                List<Double> differences = new ArrayList<>(theirs.values());
                List<Double> losses = List.copyOf(ours.values());
                for (int i = 0; i < losses.size(); i++) {
                    differences.set(i, differences.get(i) - losses.get(i));
                }
                Interval difference = Interval.of(Summary.of(differences));
                if (difference.verdict(false) == Verdict.BETTER && difference.mean() < -TRIFLE) {
                    return Optional.of(candidate.label() + " finds a hidden number better: "
                            + difference.decidingText(2) + " nats over " + differences.size() + " depths.");
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Page page() {
        List<Section> sections = new ArrayList<>();
        sections.add(reported(true));
        byPosition().ifPresent(sections::add);
        byDepth().ifPresent(sections::add);
        selection.rungs().forEach(rung -> sections.add(rung(rung)));
        sections.add(outcomes());
        sections.add(documents());
        sections.add(new KeyValues("Settings", "", records.settings()));
        sections.addAll(ProvenanceSections.of(provenances(), Map.of()));
        return new Page(
                String.format(
                        Locale.ROOT,
                        "Which encoding takes %s to %,d tokens?",
                        plan().model().name(),
                        plan().length()),
                verdict(),
                sections,
                new Page.Data(documentName(), toJson()));
    }

    @Override
    public void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s to %,d tokens; trained length %,d%n",
                plan().model().name(),
                plan().length(),
                plan().trainedLength());
        for (Rung rung : selection.rungs()) {
            out.printf("%n%s: %s%n", rungTitle(rung), text(rung));
            TextTable.print(standings(rung), out);
        }
        if (!selection.finalists().isEmpty()) {
            out.printf("%nOn text that nothing was chosen by%n");
            TextTable.print(reported(false), out);
        }
        long unmeasured = plan().candidates().stream()
                .filter(candidate -> selection.lastStanding(candidate).isEmpty())
                .count();
        if (unmeasured > 0) {
            out.printf(
                    "%n%d of %d candidates were not measured; the page says why.%n",
                    unmeasured, plan().candidates().size());
        }
        out.printf("%n%s%n", verdict());
        out.flush();
    }

    private static String rungTitle(Rung rung) {
        return "Rung " + rung.number();
    }

    private static String text(Rung rung) {
        return String.format(
                Locale.ROOT,
                "%,d tokens of text, %s",
                rung.standings().get(0).tokens(),
                rung.late() == 0
                        ? rung.left().size() + " of " + rung.standings().size() + " left"
                        : rung.left().size() + " of " + rung.standings().size() + " left, no time for " + rung.late()
                                + " more");
    }

    private Table standings(Rung rung) {
        List<Row> rows = new ArrayList<>();
        for (Standing standing : rung.standings()) {
            boolean best = standing.equals(rung.standings().get(0));
            String fate = rung.left().contains(standing.candidate()) ? "left" : "dropped";
            rows.add(new Row(
                    standing.candidate().label(),
                    style(standing.candidate()),
                    List.of(
                            Cell.of(PerplexityText.of(standing.perplexity())),
                            Cell.of(best ? "best" : standing.percent().decidingText(2) + " %"),
                            Cell.of(fate + (standing.candidate().isWritable() ? "" : ", for reference")))));
        }
        return new Table(
                rungTitle(rung),
                "",
                "Candidate",
                List.of(
                        new Group("perplexity", List.of("")),
                        new Group("against the best", List.of("")),
                        new Group("", List.of(""))),
                rows);
    }

    private Section rung(Rung rung) {
        Table table = standings(rung);
        String rule = rung.number() == 1
                ? " A scaling was dropped if its interval lies above +3 %: rounding, which comes later, may win back so much."
                : " A candidate was dropped if its interval lies above 0.";
        return new Table(
                table.title() + ": " + text(rung),
                "Perplexity in windows of the target length, on text to choose by; the same for all. Against the best: mean"
                        + " change and 95 % interval by Student's t over windows, or blocks of them." + rule,
                table.rowHeading(),
                table.groups(),
                table.rows());
    }

    /** What is told of the finalists; with more small print on the page. */
    private Table reported(boolean page) {
        List<Row> rows = new ArrayList<>();
        Candidate baseline = plan().baseline();
        for (Candidate candidate : selection.finalists()) {
            Map<Double, Double> needles = selection.needles(candidate);
            String within = selection
                    .text(candidate, Kind.WITHIN)
                    .perplexity()
                    .map(PerplexityText::of)
                    .orElse("–");
            Optional<String> cost = candidate.equals(baseline)
                    ? Optional.empty()
                    : selection
                            .difference(Kind.WITHIN, candidate, baseline)
                            .map(loss -> PerplexityDifference.inPercent(loss).meanText(2) + " %");
            rows.add(new Row(
                    candidate.label() + (chosen().filter(candidate::equals).isPresent() ? " *" : ""),
                    page ? style(candidate) : null,
                    List.of(
                            Cell.of(selection
                                    .text(candidate, Kind.REPORTING)
                                    .perplexity()
                                    .map(PerplexityText::of)
                                    .orElse("–")),
                            Cell.of(within + cost.map(text -> " (" + text + ")").orElse("")),
                            Cell.of(
                                    needles.isEmpty()
                                            ? "–"
                                            : String.format(Locale.ROOT, "%.3f", ExtensionDocument.mean(needles))
                                                    + (needles.size() < ExtensionPlan.DEPTHS.size()
                                                            ? " (" + needles.size() + " of "
                                                                    + ExtensionPlan.DEPTHS.size() + " depths)"
                                                            : "")))));
        }
        return new Table(
                "On text that nothing was chosen by",
                HELD_OUT + " Within: windows of the trained length, and what the candidate changes there, since short"
                        + " prompts meet the same frequencies. The hidden number's loss is the mean over depths. * is taken.",
                "Candidate",
                List.of(
                        new Group("perplexity", List.of(String.format(Locale.ROOT, "at %,d", plan().length()))),
                        new Group(
                                "perplexity",
                                List.of(String.format(Locale.ROOT, "within %,d", plan().trainedLength()))),
                        new Group("hidden number", List.of("loss, nats"))),
                rows);
    }

    private LineStyle style(Candidate candidate) {
        int place = plan().candidates().indexOf(candidate);
        boolean again = place / LineStyle.COLOURS % 2 == 1;
        Stroke resonant = again ? Stroke.DOTTED : Stroke.SOLID;
        Stroke plain = again ? Stroke.DASH_DOTTED : Stroke.DASHED;
        return new LineStyle(place % LineStyle.COLOURS, candidate.encoding().resonance() ? resonant : plain);
    }

    private Optional<Section> byPosition() {
        List<Series> series = new ArrayList<>();
        for (Candidate candidate : selection.finalists()) {
            selection
                    .text(candidate, Kind.REPORTING)
                    .byPosition()
                    .ifPresent(losses -> series.add(new Series(
                            candidate.label(),
                            style(candidate),
                            losses.middles(),
                            losses.means().stream().map(Math::exp).toList(),
                            List.of(),
                            List.of())));
        }
        return chart(
                "Perplexity by position",
                "A model that holds goes down and stays there; one that breaks shoots up.",
                "position in the window",
                Axis.logarithmic("perplexity"),
                series,
                true);
    }

    private Optional<Section> byDepth() {
        List<Series> series = new ArrayList<>();
        for (Candidate candidate : selection.finalists()) {
            Map<Double, Double> needles = selection.needles(candidate);
            if (!needles.isEmpty()) {
                series.add(new Series(
                        candidate.label(),
                        style(candidate),
                        List.copyOf(needles.keySet()),
                        List.copyOf(needles.values()),
                        List.of(),
                        List.of()));
            }
        }
        return chart(
                "Loss of a hidden number by depth",
                "Mean −ln p of the number's own tokens after a prompt of the target length; 0 is the start of the prompt.",
                "depth",
                Axis.of("loss, nats"),
                series,
                false);
    }

    private Optional<Section> chart(
            String title, String explanation, String x, Axis y, List<Series> series, boolean boundary) {
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineCharts(
                        title,
                        explanation,
                        List.of(new LineChart(
                                String.format(Locale.ROOT, "%,d tokens", plan().length()),
                                Axis.of(x),
                                y,
                                series,
                                boundary ? ByLength.boundary(plan().trainedLength()) : null,
                                null,
                                ""))));
    }

    private Section outcomes() {
        Map<String, String> outcomes = new LinkedHashMap<>();
        for (Candidate candidate : plan().candidates()) {
            String outcome = selection
                    .dropped(candidate)
                    .orElseGet(() -> selection.lastStanding(candidate).isPresent() ? "left" : "not measured");
            String taken = chosen().filter(candidate::equals).isPresent() ? "taken" : outcome;
            outcomes.put(
                    candidate.label(),
                    candidate.isWritable() ? taken : taken + "; can't be written: " + candidate.obstacle());
        }
        return new KeyValues("What became of each", "", outcomes);
    }

    private Section documents() {
        return new KeyValues(
                "Documents",
                HELD_OUT + " There are " + Wording.plural(plan().choosing().size(), "piece") + " to choose by and "
                        + plan().reporting().size() + " to report on.",
                MeasuredDocument.described(plan().documents()));
    }
}
