package resonance.evaluation.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.perplexity.PerplexityDifference;
import resonance.evaluation.search.FactorSearch.Evaluation;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.rope.EncodingName;

/** What scripts read of a search. */
final class SearchDocument {

    private SearchDocument() {}

    /**
     * Factors with their objective.
     *
     * @param proposal its number; 0 for a scaling made by hand
     * @param encoding of it
     * @param factor of it
     * @param objective mean loss on what is chosen by, nats; an estimate if it is not {@code whole}
     * @param whole whether all of that was read
     * @param divisors one a pair, before any rounding of wavelengths
     * @param attentionFactor factor on cosine and sine
     */
    record Line(
            int proposal,
            EncodingName encoding,
            double factor,
            double objective,
            boolean whole,
            List<Double> divisors,
            double attentionFactor) {
        static Line of(Evaluation evaluation) {
            Contender contender = evaluation.contender();
            return new Line(
                    contender.proposal(),
                    contender.encoding(),
                    contender.factor(),
                    evaluation.objective(),
                    evaluation.whole(),
                    contender.factors().divisors(),
                    contender.factors().attentionFactor());
        }
    }

    /**
     * What was measured of a finalist on what nothing was chosen by; null stands for what was not.
     *
     * @param label of it
     * @param encoding of it
     * @param perplexity at the target length
     * @param withinTrained perplexity within the trained length
     * @param needleLoss mean loss of the hidden numbers, nats
     * @param needleLossByDepth of the passkeys, by depth from 0 to 1
     */
    record Finalist(
            String label,
            EncodingName encoding,
            @Nullable Double perplexity,
            @Nullable Double withinTrained,
            @Nullable Double needleLoss,
            Map<Double, Double> needleLossByDepth) {}

    /**
     * The best found against another finalist, on what nothing was chosen by.
     *
     * @param measure {@code perplexity} and {@code withinTrained}, %, or {@code needleLoss}, nats
     * @param against label of the other
     * @param mean difference; below 0 the best found is better
     * @param low lower end of the 95 % interval
     * @param high upper end
     * @param verdict better, worse or undecided
     */
    record Difference(
            String measure,
            String against,
            double mean,
            @Nullable Double low,
            @Nullable Double high,
            String verdict) {
        static Difference of(String measure, Contender against, Interval interval) {
            return new Difference(
                    measure,
                    against.label(),
                    interval.mean(),
                    interval.lowOrNull(),
                    interval.highOrNull(),
                    interval.verdict(false).word());
        }
    }

    /** The document's values by name. */
    static Map<String, Object> of(SearchPlan plan, FactorSearch search, String verdict) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("best", search.best().map(Line::of).orElse(null));
        document.put("bestByHand", search.bestStart().map(Line::of).orElse(null));
        document.put("rival", search.rival().map(Contender::label).orElse(null));
        document.put("length", plan.length());
        document.put("objective", plan.objective().word());
        document.put("verdict", verdict);
        document.put("measuredSeconds", search.spent());
        document.put("outOfTime", search.isOutOfTime());
        document.put("evaluations", search.evaluations().stream().map(Line::of).toList());
        document.put(
                "finalists",
                search.finalists().stream()
                        .map(contender -> finalist(search, contender))
                        .toList());
        document.put("heldOut", differences(search));
        return document;
    }

    private static Finalist finalist(FactorSearch search, Contender contender) {
        Map<Needle, Double> needles = search.needles(contender);
        return new Finalist(
                contender.label(),
                contender.encoding(),
                search.text(contender, Stage.REPORTING).perplexity().orElse(null),
                search.text(contender, Stage.WITHIN).perplexity().orElse(null),
                needles.isEmpty() ? null : mean(needles),
                byDepth(needles));
    }

    private static List<Difference> differences(FactorSearch search) {
        List<Difference> differences = new ArrayList<>();
        for (int other = 1; other < search.finalists().size(); other++) {
            Contender found = search.finalists().get(0);
            Contender against = search.finalists().get(other);
            search.needleDifference(found, against)
                    .ifPresent(loss -> differences.add(Difference.of("needleLoss", against, loss)));
            percent(search, found, against, Stage.REPORTING)
                    .ifPresent(loss -> differences.add(Difference.of("perplexity", against, loss)));
            percent(search, found, against, Stage.WITHIN)
                    .ifPresent(loss -> differences.add(Difference.of("withinTrained", against, loss)));
        }
        return differences;
    }

    /** One's held-out perplexity against another's, %; empty if they read nothing in common. */
    static Optional<Interval> percent(FactorSearch search, Contender ours, Contender theirs, Stage stage) {
        return search.text(ours, stage).less(search.text(theirs, stage)).map(PerplexityDifference::inPercent);
    }

    /** Mean loss of needles. */
    static double mean(Map<Needle, Double> needles) {
        return needles.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean loss of those whose depth is chosen, by depth, ascending. */
    static Map<Double, Double> byDepth(Map<Needle, Double> needles) {
        Map<Double, Double> losses = new LinkedHashMap<>();
        needles.keySet().stream()
                .filter(Needle::hasDepth)
                .map(Needle::depth)
                .distinct()
                .sorted()
                .forEach(depth -> {
                    Map<Needle, Double> there = new LinkedHashMap<>(needles);
                    there.keySet().removeIf(needle -> needle.depth() != depth);
                    losses.put(depth, mean(there));
                });
        return losses;
    }
}
