package resonance.evaluation.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.hipparchus.random.MersenneTwister;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.MeasuringTime;
import resonance.evaluation.Summary;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.TextLosses;
import resonance.evaluation.search.SearchCell.OfTexts;
import resonance.evaluation.search.SearchKey.Stage;

/**
 * What follows from the measurements of a search so far: what to measure next, and which factors are the best. A pure function of
 * plan and results, time included, so that a stopped run goes on to the same proposals.
 *
 * <pre>  starts      scalings made by hand, each on all that is chosen by
 *   proposals   of CMA-ES, from the best start on, each on the first half of what is chosen by; the more promising ones on the rest
 *   report      the best of all, the three best starts and the model as it is, on text and needles that nothing was chosen by </pre>
 *
 * <p><b>Optimiser.</b> CMA-ES (Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772) as Hipparchus has it, in the
 * cube of a {@link FactorSpace}, steps of {@value #STEP} at first, {@code 4 + 3*ln(n)} proposals a generation. It asks for a value
 * and can't be asked what it would like to know; so it runs anew, on the values that are kept, up to the first that is missing.
 * Everything about it follows from seed and values, and a run of hundreds of kept values takes milliseconds.
 *
 * <p><b>Screening.</b> A proposal whose loss on the first half is among the lowest quarter of all so far is evaluated on the rest.
 * Another one counts by that loss plus what the rest adds to the best start's, and is never the best.
 *
 * <p><b>Best.</b> The lowest loss on all that is chosen by, starts among them: so it is never worse there than the best of those.
 *
 * <p><b>Budget.</b> Time counts as the results tell it. A measurement is begun only if it is expected to end in time, by the
 * longest of its kind so far, or else by its share of work; the first always is. What the report needs at least is set aside, at
 * most half of the budget.
 */
public final class FactorSearch {
    /** Standard deviation of the first proposals, in sides of the cube. */
    private static final double STEP = 0.25;

    /** A proposal must be among this share of the lowest losses to be evaluated whole. */
    private static final double PROMISING = 0.25;

    /** The optimiser may ask for what is kept as often as this for every new proposal. */
    private static final int ASKED_AGAIN = 100;

    private static final int FEWEST_NEEDLES = 2;

    /** Scalings made by hand that are reported on: which of them is the best where factors are chosen is chance too. */
    private static final int MOST_STARTS = 3;

    private final SearchPlan plan;
    private final Map<SearchKey, SearchCell> results = new LinkedHashMap<>();
    private final Map<SearchKey, SearchCell> taken = new LinkedHashMap<>();
    private final MeasuringTime<Stage> time;
    private final Map<Factors, Evaluation> proposals = new LinkedHashMap<>();
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final List<Contender> finalists = new ArrayList<>();
    private final List<Double> screenings = new ArrayList<>();
    private final List<SearchKey> wave = new ArrayList<>();
    private final Set<Factors> proposedInWave = new HashSet<>();
    private boolean screeningIsMissing;
    private double expectedOfWave;
    private boolean outOfTime;

    /**
     * A contender's objective.
     *
     * @param contender which
     * @param objective mean loss on all that is chosen by, nats; an estimate if it is not {@code whole}
     * @param whole whether all of that was read
     * @param screening mean loss on the first half
     */
    public record Evaluation(Contender contender, double objective, boolean whole, double screening) {}

    /** Ends the optimiser where a value is missing, or there are enough. */
    private static final class Halt extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Halt() {
            super("the search is as far as it can be", null, false, false);
        }
    }

    /** @param cells results so far, in any order */
    public FactorSearch(SearchPlan plan, Collection<SearchCell> cells) {
        this.plan = plan;
        this.time = new MeasuringTime<>(plan.budgetSeconds(), plan::work);
        cells.forEach(cell -> results.put(cell.key(), cell));
        try {
            plan.starts().forEach(start -> evaluation(start, true));
            if (wave.isEmpty()) {
                optimise();
            }
        } catch (Halt halt) {
            // What is missing is in the wave; if nothing is, there is an end of it.
        }
        if (wave.isEmpty() && best().isPresent()) {
            try {
                report();
            } catch (Halt outOfTimeToo) {
                // What there was time for is told.
            }
        }
    }

    private void optimise() {
        if (plan.evaluations() == 0) {
            return;
        }
        FactorSpace space = plan.factorSpace();
        int dimensions = space.dimensions();
        int generation = 4 + (int) (3 * Math.log(dimensions));
        Generations generations = new Generations(generation);
        Contender start = bestStart().orElseThrow().contender();
        new CMAESOptimizer(Integer.MAX_VALUE, 0, true, 0, 0, new MersenneTwister(plan.seed()), false, null)
                .optimize(
                        new ObjectiveFunction(point -> {
                            generations.asked();
                            return proposal(space.at(point));
                        }),
                        GoalType.MINIMIZE,
                        new InitialGuess(space.nearest(start.factors())),
                        new SimpleBounds(new double[dimensions], filled(dimensions, 1)),
                        new CMAESOptimizer.Sigma(filled(dimensions, STEP)),
                        new CMAESOptimizer.PopulationSize(generation),
                        new MaxEval(ASKED_AGAIN * (1 + plan.evaluations())));
    }

    private static double[] filled(int size, double value) {
        return DoubleStream.generate(() -> value).limit(size).toArray();
    }

    /**
     * Which generation the optimiser is in: it asks for its first guess, and then for all proposals of a generation before it makes
     * the next of them. So where one is missing, the rest of its generation is known, and nothing beyond.
     */
    private final class Generations {
        private final int size;
        private int asked;

        Generations(int size) {
            this.size = size;
        }

        void asked() {
            boolean first = (asked - 1) % size == 0;
            asked++;
            if (first && !wave.isEmpty()) {
                throw new Halt();
            }
        }
    }

    /** A proposal's objective; of one that is missing any number, which the optimiser never comes to use. */
    private double proposal(Factors factors) {
        Evaluation known = proposals.get(factors);
        if (known != null) {
            return known.objective();
        }
        if (proposedInWave.contains(factors)) {
            return 0;
        }
        int before = proposals.size() + proposedInWave.size();
        if (before == plan.evaluations()) {
            throw new Halt();
        }
        Evaluation evaluation = evaluation(plan.proposal(before + 1, factors), false);
        if (evaluation == null || !wave.isEmpty()) {
            proposedInWave.add(factors);
            return 0;
        }
        proposals.put(factors, evaluation);
        return evaluation.objective();
    }

    /** Null if what it takes is missing; one that comes after something missing counts for nothing yet. */
    private @Nullable Evaluation evaluation(Contender contender, boolean start) {
        Evaluation evaluation = evaluated(contender, start);
        if (evaluation != null && wave.isEmpty()) {
            evaluations.add(evaluation);
        }
        return evaluation;
    }

    private @Nullable Evaluation evaluated(Contender contender, boolean start) {
        SearchCell.Measured first = measured(new SearchKey(contender, Stage.SCREENING, 0), choosingTime());
        if (!plan.isScreened()) {
            return first == null
                    ? null
                    : new Evaluation(contender, first.sum() / first.count(), true, first.sum() / first.count());
        }
        if (first == null) {
            // Nobody can tell yet whether it, or another one after it, is promising; a start is read whole anyway.
            screeningIsMissing = true;
            if (start) {
                measured(new SearchKey(contender, Stage.COMPLETING, 0), choosingTime());
            }
            return null;
        }
        double screening = first.sum() / first.count();
        boolean promising = start || isPromising(screening);
        screenings.add(screening);
        if (!promising) {
            Evaluation reference = bestStart().orElseThrow();
            return new Evaluation(
                    contender, screening + reference.objective() - reference.screening(), false, screening);
        }
        SearchCell.Measured rest = measured(new SearchKey(contender, Stage.COMPLETING, 0), choosingTime());
        return rest == null
                ? null
                : new Evaluation(
                        contender, (first.sum() + rest.sum()) / (first.count() + rest.count()), true, screening);
    }

    /** Whether a loss is among the lowest so far; not for certain after one that is missing. */
    private boolean isPromising(double screening) {
        if (screeningIsMissing) {
            return false;
        }
        long lower = screenings.stream().filter(other -> other < screening).count();
        return lower < PROMISING * (screenings.size() + 1);
    }

    /**
     * What was measured. What is missing is to be done if it is expected to end in time; what comes after it is looked at, but not
     * counted, since the time that it took would come before its turn.
     *
     * @return null if it is missing
     */
    private SearchCell.@Nullable Measured measured(SearchKey key, double allowance) {
        SearchCell counted = taken.get(key);
        if (counted != null) {
            return counted.measured();
        }
        double expected = time.expected(key.stage());
        if (!time.fits(expectedOfWave + expected, allowance)) {
            outOfTime |= wave.isEmpty();
            throw new Halt();
        }
        SearchCell cell = results.get(key);
        if (cell == null) {
            wave.add(key);
            expectedOfWave += expected;
            return null;
        }
        if (wave.isEmpty()) {
            taken.put(key, cell);
            time.took(key.stage(), cell.measured().seconds());
        } else {
            expectedOfWave += cell.measured().seconds();
        }
        return cell.measured();
    }

    private double choosingTime() {
        return time.allBut(2
                * (time.expected(Stage.REPORTING)
                        + time.expected(Stage.WITHIN)
                        + FEWEST_NEEDLES * time.expected(Stage.NEEDLE)));
    }

    /** What is told of the finalists, the most important first, as long as there is time. */
    private void report() {
        finalists.add(best().orElseThrow().contender());
        starts().limit(MOST_STARTS)
                .map(Evaluation::contender)
                .filter(start -> !finalists.contains(start))
                .forEach(finalists::add);
        finalists.add(plan.baseline());
        report(finalists.subList(0, 2));
        report(finalists.subList(2, finalists.size()));
    }

    private void report(List<Contender> contenders) {
        for (SearchKey key : reported(plan.baseline())) {
            for (Contender contender : contenders) {
                measured(new SearchKey(contender, key.stage(), key.number()), time.all());
            }
        }
    }

    /** What is told of a finalist. */
    private List<SearchKey> reported(Contender contender) {
        List<SearchKey> keys = new ArrayList<>();
        keys.add(new SearchKey(contender, Stage.REPORTING, 0));
        keys.add(new SearchKey(contender, Stage.WITHIN, 0));
        for (int needle = 0; needle < plan.heldOutNeedles().size(); needle++) {
            keys.add(new SearchKey(contender, Stage.NEEDLE, needle));
        }
        for (int piece = 1; piece < plan.heldOutPieces().size(); piece++) {
            keys.add(new SearchKey(contender, Stage.REPORTING, piece));
        }
        return keys;
    }

    /** What is to be measured next; empty once nothing is left that there is time for. */
    public Optional<SearchKey> next() {
        return wave.stream().findFirst();
    }

    /**
     * What is next, and all that is to be measured whatever comes out of it: every start, the rest of a generation, all that is
     * told of the finalists. Under a budget, as much as is expected to end in time one after the other; what then comes too late is
     * not counted.
     */
    public List<SearchKey> wave() {
        return List.copyOf(wave);
    }

    /** Work of what is expected to follow on what is next, as if no proposal were promising. */
    public double workAfterNext() {
        if (wave.isEmpty()) {
            return 0;
        }
        // The best, the best starts and the model as it is.
        int most = 1 + Math.min(MOST_STARTS, plan.starts().size()) + 1;
        int reportedOn = finalists.isEmpty() ? most : finalists.size();
        double left = reported(plan.baseline()).stream()
                .mapToDouble(key -> reportedOn * plan.work(key.stage()))
                .sum();
        for (SearchKey key : taken.keySet()) {
            boolean chosenBy = key.stage() == Stage.SCREENING || key.stage() == Stage.COMPLETING;
            left -= chosenBy ? 0 : plan.work(key.stage());
        }
        if (finalists.isEmpty()) {
            int starts = Math.max(0, plan.starts().size() - evaluations.size());
            left += starts * (plan.work(Stage.SCREENING) + plan.work(Stage.COMPLETING))
                    + (plan.evaluations() - proposals.size()) * plan.work(Stage.SCREENING);
        }
        return Math.max(0, left - plan.work(wave.get(0).stage()));
    }

    /** Every contender that was evaluated, starts first, then proposals in their order. */
    public List<Evaluation> evaluations() {
        return List.copyOf(evaluations);
    }

    /** The lowest objective so far of what was evaluated whole. */
    public Optional<Evaluation> best() {
        return evaluations.stream().filter(Evaluation::whole).min(Comparator.comparingDouble(Evaluation::objective));
    }

    /** The best scaling made by hand so far, where factors are chosen. */
    public Optional<Evaluation> bestStart() {
        return starts().findFirst();
    }

    /** Scalings made by hand so far, the best first. */
    private Stream<Evaluation> starts() {
        return evaluations.stream()
                .filter(evaluation -> !evaluation.contender().proposed())
                .sorted(Comparator.comparingDouble(Evaluation::objective));
    }

    /** Scalings made by hand that are reported on, the best where factors are chosen first. */
    List<Contender> reportedStarts() {
        return finalists.stream()
                .filter(contender -> !contender.proposed() && !contender.equals(plan.baseline()))
                .toList();
    }

    /**
     * The scaling made by hand that is hardest to beat on what nothing was chosen by: of those reported on and measured there, the
     * one with the lowest loss against the best found. Chosen after the fact, it makes the comparison harder for what was found,
     * never easier. Empty if the best is itself made by hand, or nothing was measured.
     */
    public Optional<Contender> rival() {
        return finalists.stream()
                .limit(1)
                .filter(Contender::proposed)
                .flatMap(found -> reportedStarts().stream()
                        .filter(start -> difference(found, start).isPresent())
                        .max(Comparator.comparingDouble(
                                start -> difference(found, start).orElseThrow().mean()))
                        .stream())
                .findFirst();
    }

    /** Held-out losses by which factors are chosen, one's less another's, nats; empty if they have nothing in common. */
    Optional<Interval> difference(Contender ours, Contender theirs) {
        return plan.objective() == Objective.NEEDLES
                ? needleDifference(ours, theirs)
                : text(ours, Stage.REPORTING).less(text(theirs, Stage.REPORTING));
    }

    /** Who is reported on: the best first, the model as it is last; empty while the search goes on. */
    public List<Contender> finalists() {
        return List.copyOf(finalists);
    }

    /** Whether the budget left something unmeasured. */
    public boolean isOutOfTime() {
        return outOfTime;
    }

    /** Time that measuring took so far, s. */
    public double spent() {
        return time.spent();
    }

    /** Held-out losses of a finalist's text: at the target length, or within the trained one. */
    TextLosses text(Contender contender, Stage stage) {
        List<PerplexityCell> pieces = new ArrayList<>();
        for (int piece = 0; piece < plan.heldOutPieces().size(); piece++) {
            SearchCell cell = taken.get(new SearchKey(contender, stage, piece));
            if (cell != null) {
                pieces.addAll(((OfTexts) cell.measured()).cells());
            }
        }
        return new TextLosses(pieces);
    }

    /** Held-out needles of a finalist with their losses. */
    Map<Needle, Double> needles(Contender contender) {
        Map<Needle, Double> losses = new LinkedHashMap<>();
        for (int number = 0; number < plan.heldOutNeedles().size(); number++) {
            SearchCell cell = taken.get(new SearchKey(contender, Stage.NEEDLE, number));
            if (cell != null) {
                losses.put(plan.heldOutNeedles().get(number), cell.measured().sum());
            }
        }
        return losses;
    }

    /** Held-out losses of one's needles less another's, nats, over the needles that both have read; empty if there is none. */
    Optional<Interval> needleDifference(Contender ours, Contender theirs) {
        Map<Needle, Double> second = needles(theirs);
        List<Double> differences = new ArrayList<>();
        needles(ours).forEach((needle, loss) -> {
            Double other = second.get(needle);
            if (other != null) {
                differences.add(loss - other);
            }
        });
        return differences.isEmpty() ? Optional.empty() : Optional.of(Interval.of(Summary.of(differences)));
    }
}
