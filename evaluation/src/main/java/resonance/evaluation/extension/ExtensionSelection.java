package resonance.evaluation.extension;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import resonance.evaluation.Interval;
import resonance.evaluation.MeasuringTime;
import resonance.evaluation.Verdict;
import resonance.evaluation.extension.ExtensionCell.GivenUp;
import resonance.evaluation.extension.ExtensionCell.OfNeedle;
import resonance.evaluation.extension.ExtensionCell.OfText;
import resonance.evaluation.extension.Measure.Kind;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.perplexity.PairedLosses;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityDifference;
import resonance.evaluation.perplexity.TextLosses;

/**
 * What follows from the measurements of an extension so far: what to measure next, what was dropped and when, and what is taken.
 * A pure function of plan and results, time included, so that a stopped run goes on to the same choice.
 *
 * <pre>  first       the model as it is within its trained length: tells how fast the machine is
 *   rung 1      scalings at both factors without rounding, then the model as it is, on 1 piece of text
 *   rung 2      those left, and each with every rounding of its wavelengths, on 2 pieces
 *   rung 3      those left, on 4 pieces
 *   report      those taken, next best and the model as it is, on text that no rung has read: perplexity at the length and within
 *               the trained one, and the loss of a hidden number by depth </pre>
 *
 * <p>Windows have the target length in every rung, and rungs differ in how many there are. Shorter ones would drop the wrong
 * candidates: an encoding that is best at half the length may break before the whole of it.
 *
 * <p><b>Rule.</b> Within a rung all candidates read the same windows. One is dropped if the 95 % interval of its loss less the
 * best one's ({@link PairedLosses}) lies above 0; in rung 1 above ln {@value #ROUNDING_MARGIN}, for rounding, which comes later,
 * was seen to change a perplexity by up to 2.7 %. One that is undecided stays. A rung that one of those left of the rung before
 * does not finish in time does not count; nor does the first one if fewer than two finish it.
 *
 * <p><b>Choice.</b> Of those that the best one of the last rung does not surely beat, the simplest: without rounding before whole
 * wavelengths before other bounds, then by how many parameters a scaling has, then as the plan has them.
 *
 * <p><b>Budget.</b> Time counts as the results tell it. A measurement is begun only if it is expected to end in time, by the
 * longest of its kind so far, or else by its share of work, and given up when the budget ends. What two candidates need for the
 * losses of the report is set aside, at most half of the budget.
 */
public final class ExtensionSelection {
    /** What a perplexity may be worse by in rung 1, as a factor. */
    static final double ROUNDING_MARGIN = 1.03;

    /** Of the best one against itself. */
    private static final Interval NONE = new Interval(1, 0, 0, 0);

    private static final List<Integer> PIECES = List.of(1, 2, 4);
    private static final int MOST_REPORTING = 4;
    private static final int MOST_FINALISTS = 3;

    private final ExtensionPlan plan;
    private final Map<ExtensionKey, ExtensionCell> results = new LinkedHashMap<>();
    private final Map<ExtensionKey, ExtensionCell> taken = new LinkedHashMap<>();
    private final MeasuringTime<Kind> time;
    private final List<ExtensionKey> next = new ArrayList<>();
    private final List<Rung> rungs = new ArrayList<>();
    private final Map<Candidate, String> dropped = new LinkedHashMap<>();
    private final List<Candidate> finalists = new ArrayList<>();
    private boolean outOfTime;
    private Optional<Candidate> chosen = Optional.empty();
    private boolean cutShort;
    private List<Standing> writable = List.of();
    private List<Standing> undecided = List.of();

    /**
     * A candidate in a rung.
     *
     * @param candidate which
     * @param text its losses on what it read
     * @param difference its loss less the best one's, nats; of the best one 0
     */
    public record Standing(Candidate candidate, TextLosses text, Interval difference) {
        /** Perplexity on the rung's text. */
        public double perplexity() {
            return Math.exp(text.mean());
        }

        /** Its perplexity against the best one's, %. */
        public Interval percent() {
            return PerplexityDifference.inPercent(difference);
        }

        /** Scored tokens. */
        public long tokens() {
            return text.tokens();
        }
    }

    /**
     * A comparison on the same text.
     *
     * @param number from 1
     * @param pieces of text
     * @param standings who finished it, the best first
     * @param left who went on
     * @param late how many there was no time for
     */
    public record Rung(int number, int pieces, List<Standing> standings, List<Candidate> left, int late) {}

    private enum Step {
        TAKEN,
        MISSING,
        TOO_LATE
    }

    /** @param cells results so far, in the order in which they were made: of two with one key the later counts */
    public ExtensionSelection(ExtensionPlan plan, Collection<ExtensionCell> cells) {
        this.plan = plan;
        this.time = new MeasuringTime<>(plan.budgetSeconds(), plan.work()::of);
        cells.forEach(cell -> results.put(cell.key(), cell));
        follow();
    }

    private void follow() {
        step(plan.firstKey(), Double.POSITIVE_INFINITY);
        choose();
        if (next.isEmpty() && chosen.isPresent()) {
            report();
        }
    }

    private void choose() {
        List<Candidate> entering = Stream.concat(plan.candidates().stream().skip(1), Stream.of(plan.baseline()))
                .filter(candidate -> !candidate.encoding().resonance())
                .toList();
        for (int number = 1; number <= PIECES.size(); number++) {
            int pieces = Math.min(PIECES.get(number - 1), plan.choosing().size());
            boolean nothingNew =
                    number > 2 && pieces == rungs.get(rungs.size() - 1).pieces();
            if (entering.size() < 2 || nothingNew) {
                break;
            }
            Optional<Rung> rung = rung(number, pieces, entering, number == 1 ? 2 : left(rungs));
            if (!next.isEmpty()) {
                return;
            }
            if (rung.isEmpty()) {
                break;
            }
            rungs.add(rung.get());
            entering =
                    number == 1 ? withRoundings(rung.get().left()) : rung.get().left();
        }
        if (!rungs.isEmpty()) {
            take(rungs.get(rungs.size() - 1));
        }
    }

    private static int left(List<Rung> rungs) {
        return rungs.get(rungs.size() - 1).left().size();
    }

    /** @param required how many of those that enter must finish it, the first ones */
    private Optional<Rung> rung(int number, int pieces, List<Candidate> entering, int required) {
        List<Candidate> finished = new ArrayList<>();
        for (Candidate candidate : entering) {
            boolean whole = !outOfTime;
            for (int piece = 0; piece < pieces && !outOfTime; piece++) {
                Step step = step(candidate.key(Kind.CHOOSING, piece), choosingTime());
                whole &= step == Step.TAKEN;
                outOfTime |= step == Step.TOO_LATE;
            }
            if (whole) {
                finished.add(candidate);
            }
        }
        if (!next.isEmpty()) {
            return Optional.empty();
        }
        List<Candidate> late = entering.stream()
                .filter(candidate -> !finished.contains(candidate))
                .toList();
        for (Candidate candidate : late) {
            if (lastStanding(candidate).isEmpty()) {
                cutShort = true;
                dropped.put(candidate, "no time left in rung " + number);
            }
        }
        return finished.size() < Math.max(2, required)
                ? Optional.empty()
                : Optional.of(ranked(number, pieces, finished, late.size()));
    }

    private Rung ranked(int number, int pieces, List<Candidate> finished, int late) {
        List<Standing> standings = standings(finished, pieces);
        Standing best = standings.get(0);
        double margin = number == 1 ? Math.log(ROUNDING_MARGIN) : 0;
        List<Candidate> left = new ArrayList<>();
        for (Standing standing : standings) {
            if (isWorse(standing) && standing.difference().low() > margin) {
                dropped.put(
                        standing.candidate(),
                        "rung " + number + ": " + standing.percent().decidingText(2) + " % against "
                                + best.candidate().label());
                roundings(standing.candidate())
                        .filter(rounded -> number == 1)
                        .forEach(rounded ->
                                dropped.put(rounded, "not measured: its scaling was dropped in rung " + number));
            } else {
                left.add(standing.candidate());
            }
        }
        return new Rung(number, pieces, standings, List.copyOf(left), late);
    }

    private static boolean isWorse(Standing standing) {
        return standing.difference().verdict(false) == Verdict.WORSE;
    }

    /** The best first. */
    private List<Standing> standings(List<Candidate> candidates, int pieces) {
        List<TextLosses> losses = candidates.stream()
                .map(candidate -> text(candidate, Kind.CHOOSING, pieces))
                .toList();
        TextLosses best = losses.stream()
                .min(Comparator.comparingDouble(TextLosses::mean))
                .orElseThrow();
        List<Standing> standings = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            TextLosses ours = losses.get(i);
            Interval difference = ours.equals(best) ? NONE : ours.less(best).orElseThrow();
            standings.add(new Standing(candidates.get(i), ours, difference));
        }
        standings.sort(Comparator.comparingDouble(standing -> standing.text().mean()));
        return standings;
    }

    private List<Candidate> withRoundings(List<Candidate> left) {
        return Stream.concat(left.stream(), left.stream().flatMap(this::roundings))
                .toList();
    }

    private Stream<Candidate> roundings(Candidate candidate) {
        return plan.candidates().stream()
                .filter(other -> other.encoding().resonance()
                        && other.factor() == candidate.factor()
                        && other.encoding().withoutResonance().equals(candidate.encoding()));
    }

    private void take(Rung last) {
        List<Candidate> able = last.standings().stream()
                .map(Standing::candidate)
                .filter(Candidate::isWritable)
                .toList();
        if (able.isEmpty()) {
            return;
        }
        writable = standings(able, last.pieces());
        undecided = writable.stream().filter(standing -> !isWorse(standing)).toList();
        Candidate simplest = undecided.stream()
                .map(Standing::candidate)
                .min(Comparator.comparing((Candidate candidate) ->
                                candidate.encoding().rounding().kind())
                        .thenComparing(ExtensionSelection::parameters)
                        .thenComparing(plan.candidates()::indexOf))
                .orElseThrow();
        chosen = Optional.of(simplest);
        finalists.add(simplest);
        Stream.concat(undecided.stream(), last.standings().stream())
                .map(Standing::candidate)
                .distinct()
                .filter(candidate -> !candidate.equals(simplest))
                .limit(MOST_FINALISTS - 1)
                .forEach(finalists::add);
        if (!finalists.contains(plan.baseline())) {
            finalists.add(plan.baseline());
        }
    }

    private static int parameters(Candidate candidate) {
        return candidate
                .encoding()
                .scalingMethod()
                .map(method -> method.parameters().size())
                .orElse(0);
    }

    /** What is told of the finalists, the most important first, as long as there is time. */
    private void report() {
        List<Measure> measures = new ArrayList<>(List.of(
                new Measure(Kind.REPORTING, 0),
                new Measure(Kind.WITHIN, 0),
                new Measure(Kind.NEEDLE, 0),
                new Measure(Kind.NEEDLE, 1),
                new Measure(Kind.NEEDLE, 2)));
        int pieces = Math.min(MOST_REPORTING, plan.reporting().size());
        for (int piece = 1; piece < pieces; piece++) {
            measures.add(new Measure(Kind.REPORTING, piece));
        }
        for (int depth = 3; depth < ExtensionPlan.DEPTHS.size(); depth++) {
            measures.add(new Measure(Kind.NEEDLE, depth));
        }
        for (Measure measure : measures) {
            for (Candidate candidate : finalists) {
                ExtensionKey key = candidate.key(measure.kind(), measure.number());
                if (!taken.containsKey(key) && step(key, time.all()) == Step.TOO_LATE) {
                    outOfTime = true;
                    return;
                }
            }
        }
    }

    /** Passes a measurement that is there; one that is missing is to be done if it is expected to end in time. */
    private Step step(ExtensionKey key, double allowance) {
        if (taken.containsKey(key)) {
            return Step.TAKEN;
        }
        Kind kind = key.measure().kind();
        double before = next.stream()
                .mapToDouble(other -> expectedSeconds(other.measure().kind()))
                .sum();
        if (!time.fits(before + expectedSeconds(kind), allowance)) {
            return Step.TOO_LATE;
        }
        ExtensionCell cell = results.get(key);
        if (cell != null
                && next.isEmpty()
                && cell.measured() instanceof GivenUp givenUp
                && givenUp.isFinal(plan.budgetSeconds())) {
            time.lost(givenUp.seconds());
            return Step.TOO_LATE;
        }
        if (cell == null || cell.measured() instanceof GivenUp || !next.isEmpty()) {
            next.add(key);
            return Step.MISSING;
        }
        taken.put(key, cell);
        time.took(timed(kind), cell.measured().seconds());
        return Step.TAKEN;
    }

    /** Text that is reported on takes as long as text to choose by. */
    private static Kind timed(Kind kind) {
        return kind == Kind.REPORTING ? Kind.CHOOSING : kind;
    }

    private double choosingTime() {
        return time.allBut(2 * (expectedSeconds(Kind.REPORTING) + expectedSeconds(Kind.WITHIN)));
    }

    /** Time that is left for what is begun next, s. */
    public double secondsLeft() {
        return time.left();
    }

    /** The budget under which a measurement that is to be made was given up before; empty if it was not. */
    public OptionalDouble givenUp(ExtensionKey key) {
        ExtensionCell cell = results.get(key);
        return cell != null && cell.measured() instanceof GivenUp before
                ? OptionalDouble.of(before.budgetSeconds())
                : OptionalDouble.empty();
    }

    /** What is to be measured next, as far as that is known; empty once nothing is left that there is time for. */
    public List<ExtensionKey> next() {
        return List.copyOf(next);
    }

    /** The comparisons that are finished. */
    public List<Rung> rungs() {
        return List.copyOf(rungs);
    }

    /** What is taken; empty while that is open, or if the budget ended before two candidates were measured. */
    public Optional<Candidate> chosen() {
        return chosen;
    }

    /** Whether a candidate was left unmeasured for want of time, also in a rung that does not count. */
    boolean isCutShort() {
        return cutShort;
    }

    /** Those of the last rung that can be written, against the best of them. */
    List<Standing> writable() {
        return writable;
    }

    /** Those that the best one which can be written does not surely beat in the last rung, it first. */
    List<Standing> undecided() {
        return undecided;
    }

    /** Who is reported on: what is taken first, the model as it is among them. */
    public List<Candidate> finalists() {
        return List.copyOf(finalists);
    }

    /** Why a candidate was dropped, and when; empty for one that was not. */
    public Optional<String> dropped(Candidate candidate) {
        return Optional.ofNullable(dropped.get(candidate));
    }

    /** Whether the budget left something unmeasured. */
    public boolean isOutOfTime() {
        return outOfTime;
    }

    /** Time that measuring took so far, s. */
    public double spent() {
        return time.spent();
    }

    /** Time that a measurement of a kind is expected to take, s. */
    double expectedSeconds(Kind kind) {
        return time.expected(timed(kind));
    }

    /** Where a candidate stood in the last rung that it finished. */
    Optional<Standing> lastStanding(Candidate candidate) {
        Optional<Standing> last = Optional.empty();
        for (Rung rung : rungs) {
            for (Standing standing : rung.standings()) {
                if (standing.candidate().equals(candidate)) {
                    last = Optional.of(standing);
                }
            }
        }
        return last;
    }

    /** Losses of the first pieces of a kind, as many as are there. */
    private TextLosses text(Candidate candidate, Kind kind, int most) {
        List<PerplexityCell> pieces = new ArrayList<>();
        for (int piece = 0; piece < most; piece++) {
            ExtensionCell cell = taken.get(candidate.key(kind, piece));
            if (cell == null) {
                break;
            }
            pieces.add(((OfText) cell.measured()).cell());
        }
        return new TextLosses(pieces);
    }

    /** Losses of all pieces of a kind that were read. */
    TextLosses text(Candidate candidate, Kind kind) {
        return text(candidate, kind, Integer.MAX_VALUE);
    }

    /** Losses of one candidate less another's, nats, on the pieces of a kind that both have read; empty if there is none. */
    Optional<Interval> difference(Kind kind, Candidate candidate, Candidate other) {
        return text(candidate, kind).less(text(other, kind));
    }

    /** The hidden numbers' losses by depth, ascending; nothing for depths that were not measured. */
    Map<Double, Double> needles(Candidate candidate) {
        Map<Double, Double> losses = new LinkedHashMap<>();
        ExtensionPlan.DEPTHS.stream().sorted().forEach(depth -> {
            int number = ExtensionPlan.DEPTHS.indexOf(depth);
            ExtensionCell cell = taken.get(candidate.key(Kind.NEEDLE, number));
            if (cell != null) {
                PasskeyTrial trial = ((OfNeedle) requireNonNull(cell).measured()).trial();
                losses.put(depth, trial.keyLoss());
            }
        });
        return losses;
    }

    /** Tokens of a candidate that were scored at the target length. */
    long tokensScored(Candidate candidate) {
        return Stream.of(Kind.CHOOSING, Kind.REPORTING)
                .mapToLong(kind -> text(candidate, kind).tokens())
                .sum();
    }
}
