package resonance.evaluation.sidebyside;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.Interval;
import resonance.evaluation.PairedUnits;
import resonance.evaluation.perplexity.PairedLosses;
import resonance.evaluation.perplexity.PerplexityDifference.OfDocument;
import resonance.evaluation.perplexity.PerplexityProtocol.Weighting;
import resonance.evaluation.perplexity.WindowLosses;
import resonance.evaluation.sidebyside.Measured.Unit;

/**
 * A row held against the baseline in one column, on what is the same for both.
 *
 * <pre>  at least two seeds of both    a seed's difference is the weighted mean over its units; seeds are the units of the interval
 *   else, several units           units are documents, questions or trials; a side with several seeds counts by their mean
 *   else, one document            units are its windows, or blocks of it, as in a perplexity of one text </pre>
 *
 * <p>So an interval over seeds speaks of other trainings on the same texts and questions, and one over questions of other questions to
 * the same models.
 *
 * @param differences row minus baseline, in the unit that is averaged; empty if nothing is paired
 * @param unit what the differences' units are
 * @param paired units that are the same for both
 * @param reasons why others are not, in words; empty if all are
 */
record Pairing(Optional<PairedUnits> differences, String unit, int paired, Set<String> reasons) {
    private static final String SEED = "seed";

    /** Longer values, such as hashes, say nothing to a reader. */
    private static final int LONGEST_SHOWN = 40;

    Pairing {
        reasons = new LinkedHashSet<>(reasons);
    }

    /** The mean difference with its interval; empty if nothing is paired. */
    Optional<Interval> difference() {
        return differences.map(PairedUnits::interval);
    }

    /**
     * Pairs the trainings of two rows.
     *
     * @param unit what the table's units are called
     */
    static Pairing of(Map<String, Measured> row, Map<String, Measured> baseline, String unit) {
        Set<String> reasons = new LinkedHashSet<>();
        Set<String> seeds = new LinkedHashSet<>(row.keySet());
        seeds.retainAll(baseline.keySet());
        boolean bySeed = seeds.size() > 1;
        if (bySeed) {
            unmatched(row.keySet(), seeds, "the baseline", reasons);
            unmatched(baseline.keySet(), seeds, "the row", reasons);
        }
        List<Measured> ours = bySeed ? of(row, seeds) : List.copyOf(row.values());
        List<Measured> theirs = bySeed ? of(baseline, seeds) : List.copyOf(baseline.values());
        List<String> places = common(ours, theirs, bySeed, unit, reasons);
        Set<String> unpaired = tasks(concatenated(ours, theirs));
        places.forEach(place -> unpaired.remove(unit(ours.get(0), place).task()));
        if (!places.isEmpty() && !unpaired.isEmpty()) {
            reasons.add("no " + unit + " of " + String.join(", ", unpaired) + " is paired");
        }
        if (!unpaired.isEmpty()) {
            return new Pairing(Optional.empty(), unit, 0, reasons);
        }
        if (!finite(ours, places) || !finite(theirs, places)) {
            reasons.add("a loss is not finite");
            return new Pairing(Optional.empty(), unit, 0, reasons);
        }
        if (bySeed) {
            List<Double> differences = new ArrayList<>();
            for (int seed = 0; seed < ours.size(); seed++) {
                differences.add(difference(List.of(ours.get(seed)), List.of(theirs.get(seed)), places)
                        .mean());
            }
            return new Pairing(Optional.of(PairedUnits.of(differences)), SEED, seeds.size(), reasons);
        }
        return overUnits(ours, theirs, places, unit, reasons);
    }

    private static Pairing overUnits(
            List<Measured> ours, List<Measured> theirs, List<String> places, String unit, Set<String> reasons) {
        if (places.size() == 1) {
            List<WindowLosses> windows = meanWindows(ours, places.get(0));
            if (!windows.isEmpty()) {
                List<WindowLosses> others = meanWindows(theirs, places.get(0));
                Weighting weighting = unit(ours.get(0), places.get(0)).weighting();
                OfDocument document = PairedLosses.between(places.get(0), windows, others, weighting);
                return new Pairing(
                        Optional.of(PairedLosses.units(windows, others, weighting)),
                        document.unit().word(),
                        document.loss().units(),
                        reasons);
            }
        }
        return new Pairing(Optional.of(difference(ours, theirs, places)), unit, places.size(), reasons);
    }

    /** Of the sides' means over seeds; tasks count alike, whatever number of their questions is paired. */
    private static PairedUnits difference(List<Measured> ours, List<Measured> theirs, List<String> places) {
        List<Unit> units =
                places.stream().map(place -> unit(ours.get(0), place)).toList();
        return PairedUnits.ofGroups(
                units.stream().map(Unit::task).toList(),
                places.stream()
                        .map(place -> mean(ours, place) - mean(theirs, place))
                        .toList(),
                units.stream().map(Unit::weight).toList());
    }

    private static List<Measured> of(Map<String, Measured> bySeed, Set<String> seeds) {
        return seeds.stream()
                .map(seed -> Objects.requireNonNull(bySeed.get(seed)))
                .toList();
    }

    private static void unmatched(Set<String> all, Set<String> common, String other, Set<String> reasons) {
        List<String> alone = all.stream().filter(seed -> !common.contains(seed)).toList();
        if (!alone.isEmpty()) {
            reasons.add("seed " + String.join(", ", alone) + " is missing in " + other);
        }
    }

    /** Places that every training of both sides has, and that are the same there: in each pair, or in all of them. */
    private static List<String> common(
            List<Measured> ours, List<Measured> theirs, boolean inPairs, String unit, Set<String> reasons) {
        List<Measured> all = concatenated(ours, theirs);
        Set<String> missing = new LinkedHashSet<>();
        all.forEach(measured -> missing.addAll(measured.units().keySet()));
        int known = missing.size();
        List<String> places = new ArrayList<>();
        for (String place : ours.get(0).units().keySet()) {
            if (!all.stream().allMatch(measured -> measured.units().containsKey(place))) {
                continue;
            }
            missing.remove(place);
            Set<String> differing = new LinkedHashSet<>();
            for (int i = 0; i < all.size(); i++) {
                Measured other = inPairs ? all.get(i % ours.size()) : all.get(0);
                differing.add(differing(
                        unit(other, place).identity(), unit(all.get(i), place).identity()));
            }
            differing.remove("");
            if (differing.isEmpty()) {
                places.add(place);
            } else {
                reasons.add("other " + String.join(" and other ", differing));
            }
        }
        if (!missing.isEmpty()) {
            reasons.add(missing.size() + " of " + known + " " + unit + "s " + (missing.size() == 1 ? "is" : "are")
                    + " not in both");
        }
        return places;
    }

    /** Every task of a column; the empty one where it is no mean of tasks. */
    private static Set<String> tasks(List<Measured> all) {
        Set<String> tasks = new LinkedHashSet<>();
        all.forEach(measured -> measured.units().values().forEach(unit -> tasks.add(unit.task())));
        return tasks;
    }

    private static List<Measured> concatenated(List<Measured> ours, List<Measured> theirs) {
        List<Measured> all = new ArrayList<>(ours);
        all.addAll(theirs);
        return all;
    }

    /** What sets two units apart: "precision (bfloat16, float32)"; hashes by their name alone. */
    static String differing(Map<String, String> one, Map<String, String> other) {
        Map<String, String> differing = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>(one.keySet());
        names.addAll(other.keySet());
        for (String name : names) {
            String here = one.getOrDefault(name, "none");
            String there = other.getOrDefault(name, "none");
            if (!here.equals(there)) {
                boolean show = here.length() <= LONGEST_SHOWN && there.length() <= LONGEST_SHOWN;
                differing.put(name, show ? name + " (" + here + ", " + there + ")" : name);
            }
        }
        return String.join(", ", differing.values());
    }

    private static boolean finite(List<Measured> side, List<String> places) {
        return side.stream()
                .allMatch(measured -> places.stream()
                        .allMatch(place -> Double.isFinite(unit(measured, place).value())));
    }

    private static double mean(List<Measured> side, String place) {
        return side.stream()
                .mapToDouble(measured -> unit(measured, place).value())
                .average()
                .orElseThrow();
    }

    private static List<WindowLosses> meanWindows(List<Measured> side, String place) {
        return WindowLosses.mean(
                side.stream().map(measured -> unit(measured, place).windows()).toList());
    }

    private static Unit unit(Measured measured, String place) {
        @Nullable Unit unit = measured.units().get(place);
        return Objects.requireNonNull(unit, "a place must be one of all sides");
    }
}
