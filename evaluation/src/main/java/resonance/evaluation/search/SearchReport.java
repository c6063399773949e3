package resonance.evaluation.search;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.Verdict;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityText;
import resonance.evaluation.report.ByLength;
import resonance.evaluation.report.ProvenanceSections;
import resonance.evaluation.report.Report;
import resonance.evaluation.report.Wording;
import resonance.evaluation.search.FactorSearch.Evaluation;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.report.KeyValues;
import resonance.report.LineChart;
import resonance.report.LineChart.Axis;
import resonance.report.LineChart.Boundary;
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
 * A search for factors as a page: the best found and the best scaling made by hand side by side on what nothing was chosen by,
 * the divisors by pair, and the objective by evaluation.
 */
public final class SearchReport implements Report {
    /** Name of the JSON document. */
    public static final String DOCUMENT = "search.json";

    private static final String HELD_OUT = "Text and hidden numbers are others than those that factors were chosen by.";

    /** Lines of what was chosen by that a terminal shows. */
    private static final int MOST_PRINTED = 10;

    private static final LineStyle FOUND = new LineStyle(0, Stroke.SOLID);

    private final StudyRecords<SearchPlan, SearchCell> records;
    private final FactorSearch search;

    /** @param records what it is made of: cells in any order, finished or not */
    public SearchReport(StudyRecords<SearchPlan, SearchCell> records) {
        this.records = records;
        this.search = new FactorSearch(records.plan(), records.results());
    }

    /** Reads what a study's folder holds, finished or not. */
    public static SearchReport read(Path folder) throws IOException {
        return new SearchReport(StudyRecords.read(folder, SearchPlan.class, SearchCell.class));
    }

    /** The best factors so far; empty before anything was evaluated whole. */
    public Optional<Contender> best() {
        return search.best().map(Evaluation::contender);
    }

    /** Whether nothing is left to be measured. */
    public boolean isComplete() {
        return search.next().isEmpty();
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
        return records.document(SearchDocument.of(plan(), search, verdict()));
    }

    private SearchPlan plan() {
        return records.plan();
    }

    /** Whether what was found is better than what is made by hand, in a sentence or two. */
    public String verdict() {
        Optional<Evaluation> best = search.best();
        if (best.isEmpty()) {
            return isComplete()
                    ? "Nothing is found: the budget of " + plan().budgetText()
                            + " ended before a scaling was evaluated."
                    : "Not complete: nothing is evaluated yet.";
        }
        if (!isComplete()) {
            return String.format(
                    Locale.ROOT,
                    "Not complete: %d of at most %d evaluations are made. The best so far is %s, %s.",
                    search.evaluations().size(),
                    plan().starts().size() + plan().evaluations(),
                    best.get().contender().label(),
                    objective(best.get()));
        }
        String ended = search.isOutOfTime() ? " The budget ended before all was measured." : "";
        if (!best.get().contender().proposed()) {
            return "None of " + Wording.plural(proposals(), "proposal") + " is better than "
                    + best.get().contender().label() + " where they were chosen: it is taken." + ended;
        }
        Contender found = best.get().contender();
        Contender byHand =
                search.rival().orElseGet(() -> search.bestStart().orElseThrow().contender());
        Optional<Interval> needles = search.needleDifference(found, byHand);
        Optional<Interval> text = SearchDocument.percent(search, found, byHand, Stage.REPORTING);
        List<String> parts = new ArrayList<>();
        needles.ifPresent(loss ->
                parts.add("a hidden number's loss changes by " + loss.decidingText(3) + " nats (" + word(loss) + ")"));
        text.ifPresent(percent -> parts.add("perplexity at " + grouped(plan().length()) + " tokens by "
                + percent.decidingText(2) + " % (" + word(percent) + ")"));
        SearchDocument.percent(search, found, byHand, Stage.WITHIN)
                .ifPresent(
                        percent -> parts.add("within " + grouped(plan().shape().trainedLength()) + " tokens by "
                                + percent.decidingText(2) + " % (" + word(percent) + ")"));
        Optional<Interval> decides = search.difference(found, byHand);
        String answer = decides.map(interval -> switch (interval.verdict(false)) {
                    case BETTER -> "is better than ";
                    case WORSE -> "is worse than ";
                    case UNDECIDED -> "is not surely better than ";
                })
                .orElse("was not measured against ");
        boolean worse = decides.map(interval -> interval.verdict(false) == Verdict.WORSE)
                .orElse(false);
        return "On what nothing was chosen by " + found.label() + " " + answer + byHand.label() + ", the best there of "
                + Wording.plural(search.reportedStarts().size(), "scaling") + " made by hand"
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts)) + "."
                + (worse ? " Take " + byHand.label() + " instead." : "") + ended;
    }

    private static String word(Interval interval) {
        return interval.verdict(false).word();
    }

    private static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private int proposals() {
        return (int) search.evaluations().stream()
                .filter(evaluation -> evaluation.contender().proposed())
                .count();
    }

    /** "a hidden number's loss 0.123", "perplexity 35.61"; where it was chosen by. */
    private String objective(Evaluation evaluation) {
        return plan().objective() == Objective.NEEDLES
                ? String.format(Locale.ROOT, "a hidden number's loss %.3f", evaluation.objective())
                : "perplexity " + PerplexityText.of(Math.exp(evaluation.objective()));
    }

    private String value(Evaluation evaluation) {
        return plan().objective() == Objective.NEEDLES
                ? String.format(Locale.ROOT, "%.3f", evaluation.objective())
                : PerplexityText.of(Math.exp(evaluation.objective()));
    }

    @Override
    public Page page() {
        List<Section> sections = new ArrayList<>();
        if (!search.finalists().isEmpty()) {
            sections.add(finalists());
            sections.add(differences());
        }
        divisors().ifPresent(sections::add);
        byEvaluation().ifPresent(sections::add);
        byDepth().ifPresent(sections::add);
        byPosition().ifPresent(sections::add);
        sections.add(evaluations(Integer.MAX_VALUE));
        sections.add(documents());
        sections.add(new KeyValues("Settings", "", records.settings()));
        sections.addAll(ProvenanceSections.of(provenances(), Map.of()));
        return new Page(
                String.format(
                        Locale.ROOT,
                        "Which factors take %s to %,d tokens?",
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
                "%s to %,d tokens; trained length %,d%n%n",
                plan().model().name(),
                plan().length(),
                plan().shape().trainedLength());
        Table evaluations = evaluations(MOST_PRINTED);
        out.println(evaluations.title());
        TextTable.print(evaluations, out);
        if (!search.finalists().isEmpty()) {
            out.printf("%nOn what nothing was chosen by%n");
            TextTable.print(finalists(), out);
            if (search.finalists().size() > 1) {
                out.printf("%n%s, against%n", search.finalists().get(0).label());
                TextTable.print(differences(), out);
            }
        }
        out.printf("%n%s%n", verdict());
        out.flush();
    }

    /** The best first. */
    private Table evaluations(int most) {
        List<Row> rows = search.evaluations().stream()
                .filter(Evaluation::whole)
                .sorted(Comparator.comparingDouble(Evaluation::objective))
                .limit(most)
                .map(evaluation -> new Row(
                        evaluation.contender().label(),
                        null,
                        List.of(
                                Cell.of(value(evaluation)),
                                Cell.of(span(evaluation.contender().factors())),
                                Cell.of(String.format(
                                        Locale.ROOT,
                                        "%.4f",
                                        evaluation.contender().factors().attentionFactor())))))
                .toList();
        long whole = search.evaluations().stream().filter(Evaluation::whole).count();
        return new Table(
                (rows.size() < whole ? "The best " + rows.size() + " of " : "All ") + whole
                        + " that were evaluated whole, of "
                        + search.evaluations().size(),
                "Where factors were chosen. The others were among the upper three quarters on the first half of it.",
                "Factors",
                List.of(
                        new Group(
                                plan().objective() == Objective.NEEDLES ? "hidden number" : "perplexity",
                                List.of(plan().objective() == Objective.NEEDLES ? "loss, nats" : "")),
                        new Group("divisors", List.of("from to")),
                        new Group("attention", List.of("factor"))),
                rows);
    }

    private static String span(Factors factors) {
        return String.format(
                Locale.ROOT,
                "%.3g to %.3g",
                factors.divisors().get(0),
                factors.divisors().get(factors.divisors().size() - 1));
    }

    private Table finalists() {
        List<Row> rows = new ArrayList<>();
        for (Contender contender : search.finalists()) {
            Map<Needle, Double> needles = search.needles(contender);
            rows.add(new Row(
                    contender.label(),
                    style(contender),
                    List.of(
                            perplexity(contender, Stage.REPORTING),
                            perplexity(contender, Stage.WITHIN),
                            Cell.of(
                                    needles.isEmpty()
                                            ? "–"
                                            : String.format(Locale.ROOT, "%.3f", SearchDocument.mean(needles))
                                                    + (needles.size()
                                                                    < plan().heldOutNeedles()
                                                                            .size()
                                                            ? " (" + needles.size() + " of "
                                                                    + plan().heldOutNeedles()
                                                                            .size() + ")"
                                                            : "")))));
        }
        return new Table(
                "On what nothing was chosen by",
                HELD_OUT
                        + " Within: windows of the trained length, since short prompts meet the same frequencies. The hidden"
                        + " number's loss is the mean over passkeys at five depths and RULER's needles in prose.",
                "Factors",
                heldOut(),
                rows);
    }

    /** What is told of text and numbers that nothing was chosen by. */
    private List<Group> heldOut() {
        return List.of(
                new Group("perplexity", List.of("at " + grouped(plan().length()))),
                new Group(
                        "perplexity", List.of("within " + grouped(plan().shape().trainedLength()))),
                new Group("hidden number", List.of("loss, nats")));
    }

    private Cell perplexity(Contender contender, Stage stage) {
        return search.text(contender, stage)
                .perplexity()
                .map(PerplexityText::of)
                .map(Cell::of)
                .orElse(Cell.MISSING);
    }

    private Table differences() {
        Contender found = search.finalists().get(0);
        List<Row> rows = new ArrayList<>();
        for (Contender other : search.finalists().subList(1, search.finalists().size())) {
            rows.add(new Row(
                    other.label(),
                    null,
                    List.of(
                            difference(SearchDocument.percent(search, found, other, Stage.REPORTING), 2, " %"),
                            difference(SearchDocument.percent(search, found, other, Stage.WITHIN), 2, " %"),
                            difference(search.needleDifference(found, other), 3, ""))));
        }
        return new Table(
                found.label() + " against the others",
                "Below 0 the best found is better. Mean and 95 % interval by Student's t, paired: over windows or blocks of"
                        + " text, and over hidden numbers.",
                "Against",
                heldOut(),
                rows);
    }

    private static Cell difference(Optional<Interval> difference, int decimals, String unit) {
        return difference
                .map(interval -> Cell.of(interval.decidingText(decimals) + unit + " " + word(interval)))
                .orElse(Cell.MISSING);
    }

    private LineStyle style(Contender contender) {
        if (search.best().map(Evaluation::contender).filter(contender::equals).isPresent()) {
            return FOUND;
        }
        int place = plan().starts().indexOf(contender) + 1; // 0 for the model as it is
        return new LineStyle(1 + place % (LineStyle.COLOURS - 1), place == 0 ? Stroke.DOTTED : Stroke.DASHED);
    }

    /** The best found against the scalings made by hand at the smallest factor. */
    private Optional<Section> divisors() {
        List<Series> series = new ArrayList<>();
        best().filter(Contender::proposed).ifPresent(found -> series.add(divisors(found)));
        plan().starts().stream()
                .filter(start -> !start.encoding().resonance() && start.factor() == plan().factor())
                .forEach(start -> series.add(divisors(start)));
        return chart(
                "Divisors by pair",
                "What a pair's frequency is divided by, from the fastest pair to the slowest, before any rounding of wavelengths.",
                "pair",
                Axis.logarithmic("divisor"),
                series,
                null);
    }

    private Series divisors(Contender contender) {
        List<Double> pairs = new ArrayList<>();
        for (int pair = 0; pair < contender.factors().divisors().size(); pair++) {
            pairs.add((double) pair);
        }
        return series(
                contender.label(), style(contender), pairs, contender.factors().divisors());
    }

    private static Series series(String name, LineStyle style, List<Double> x, List<Double> y) {
        return new Series(name, style, x, y, List.of(), List.of());
    }

    private Optional<Section> byEvaluation() {
        List<Double> x = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        List<Double> estimates = new ArrayList<>();
        List<Double> best = new ArrayList<>();
        double lowest = Double.NaN;
        for (Evaluation evaluation : search.evaluations()) {
            double value =
                    plan().objective() == Objective.NEEDLES ? evaluation.objective() : Math.exp(evaluation.objective());
            x.add(x.size() + 1.0);
            whole.add(evaluation.whole() ? value : Double.NaN);
            estimates.add(evaluation.whole() ? Double.NaN : value);
            lowest = evaluation.whole() && !(lowest <= value) ? value : lowest;
            best.add(lowest);
        }
        return chart(
                "Objective by evaluation",
                "Scalings made by hand come first. A proposal that does not look promising on the first half of what is chosen by"
                        + " is not evaluated on the rest, and its value is an estimate.",
                "evaluation",
                Axis.of(plan().objective() == Objective.NEEDLES ? "loss of a hidden number, nats" : "perplexity"),
                x.isEmpty()
                        ? List.of()
                        : List.of(
                                series("best so far", FOUND, x, best),
                                series("evaluated whole", new LineStyle(1, Stroke.FILLED_POINTS), x, whole),
                                series("estimate", new LineStyle(2, Stroke.HOLLOW_POINTS), x, estimates)),
                null);
    }

    private Optional<Section> byDepth() {
        List<Series> series = new ArrayList<>();
        for (Contender contender : search.finalists()) {
            Map<Double, Double> depths = SearchDocument.byDepth(search.needles(contender));
            if (!depths.isEmpty()) {
                series.add(series(
                        contender.label(),
                        style(contender),
                        List.copyOf(depths.keySet()),
                        List.copyOf(depths.values())));
            }
        }
        return chart(
                "Loss of a hidden number by depth",
                "Passkeys that nothing was chosen by: mean −ln p of the number's own tokens; 0 is the start of the prompt.",
                "depth",
                Axis.of("loss, nats"),
                series,
                null);
    }

    private Optional<Section> byPosition() {
        List<Series> series = new ArrayList<>();
        for (Contender contender : search.finalists()) {
            search.text(contender, Stage.REPORTING)
                    .byPosition()
                    .ifPresent(losses -> series.add(series(
                            contender.label(),
                            style(contender),
                            losses.middles(),
                            losses.means().stream().map(Math::exp).toList())));
        }
        return chart(
                "Perplexity by position",
                "On text that nothing was chosen by.",
                "position in the window",
                Axis.logarithmic("perplexity"),
                series,
                ByLength.boundary(plan().shape().trainedLength()));
    }

    private Optional<Section> chart(
            String title, String explanation, String x, Axis y, List<Series> series, @Nullable Boundary boundary) {
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineCharts(
                        title,
                        explanation,
                        List.of(new LineChart(
                                grouped(plan().length()) + " tokens", Axis.of(x), y, series, boundary, null, ""))));
    }

    private Section documents() {
        return new KeyValues("Documents", HELD_OUT, MeasuredDocument.described(plan().documents()));
    }
}
