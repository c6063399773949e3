package resonance.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of several paired comparisons that are made together, corrected for their number m.
 *
 * <pre>  p values    Holm: with p_(1) ≤ ... ≤ p_(m), corrected p_(i) = max over j ≤ i of min(1, (m − j + 1) · p_(j))
 *   intervals   Bonferroni: each of confidence 1 − 0.05 / m, so that all hold together in 95 % of all cases </pre>
 *
 * <p>Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979; Dunn, "Multiple
 * comparisons among means", Journal of the American Statistical Association 56, 1961. Both hold however the comparisons depend on
 * each other, which they do here: pairs share encodings, lengths share texts. Methods that use the dependence gain by it, and need to
 * estimate it, which a handful of units does not allow.
 *
 * <p>A difference is decided where its corrected p by t is at most 0.05. Holm decides whatever a Bonferroni interval does and
 * sometimes more, so an interval that just contains 0 may belong to a difference that is decided.
 *
 * @param units the differences
 * @param comparisons m: how many of those made together have at least two units
 * @param adjustedP corrected p by t; NaN of one unit
 * @param adjustedSignFlipP corrected p by sign flips; NaN of one unit, or of more than {@value PairedUnits#MOST_FLIPPED}
 */
public record PairedTest(PairedUnits units, int comparisons, double adjustedP, double adjustedSignFlipP) {
    /** Chance of one wrong decision or more among all comparisons, without any effect. */
    public static final double LEVEL = 1 - Interval.CONFIDENCE;

    /** Below a level by rounding alone. */
    private static final double ROUNDING = 1e-12;

    /** What sign flips say of a difference that t decides. */
    public enum SignFlips {
        /** They decide the same. */
        CONFIRM,
        /** They could, and don't. */
        DO_NOT_CONFIRM,
        /** They can't: there are too few units for so many comparisons. */
        TOO_FEW,
        /** They are not asked: with so many units t needs no normal differences, or t decides nothing. */
        NOT_ASKED
    }

    /** Comparisons that are made together, in their order. */
    public static List<PairedTest> together(List<PairedUnits> comparisons) {
        List<Double> student = comparisons.stream().map(PairedUnits::studentP).toList();
        List<Double> flipped = comparisons.stream()
                .map(units -> units.count() > PairedUnits.MOST_FLIPPED ? units.studentP() : units.signFlipP())
                .toList();
        List<Double> adjusted = holm(student);
        List<Double> adjustedFlipped = holm(flipped);
        int tested =
                (int) comparisons.stream().filter(units -> units.count() > 1).count();
        return IntStream.range(0, comparisons.size())
                .mapToObj(i -> new PairedTest(
                        comparisons.get(i),
                        tested,
                        adjusted.get(i),
                        comparisons.get(i).count() > PairedUnits.MOST_FLIPPED ? Double.NaN : adjustedFlipped.get(i)))
                .toList();
    }

    /** Corrected p values, in the order of the given ones; NaN is none, is not counted and stays. */
    static List<Double> holm(List<Double> values) {
        List<Integer> order = IntStream.range(0, values.size())
                .filter(i -> !Double.isNaN(values.get(i)))
                .boxed()
                .sorted(Comparator.comparing(values::get))
                .toList();
        List<Double> adjusted = new ArrayList<>(values);
        double greatest = 0;
        for (int i = 0; i < order.size(); i++) {
            greatest = Math.max(greatest, Math.min(1, (order.size() - i) * values.get(order.get(i))));
            adjusted.set(order.get(i), greatest);
        }
        return adjusted;
    }

    /** The mean with its 95 % interval, as if it stood alone. */
    public Interval interval() {
        return units.interval();
    }

    /** The mean with its simultaneous interval; without ends of one unit, or where all differences are alike. */
    public Interval simultaneous() {
        return units.alike()
                ? new Interval(units.count(), units.mean(), Double.NaN, Double.NaN)
                : units.interval(1 - LEVEL / comparisons);
    }

    /** What is decided at {@link #LEVEL} among all comparisons. */
    public Verdict verdict(boolean higherIsBetter) {
        if (!reaches(adjustedP) || units.mean() == 0) {
            return Verdict.UNDECIDED;
        }
        return units.mean() > 0 == higherIsBetter ? Verdict.BETTER : Verdict.WORSE;
    }

    /** What sign flips say of it. */
    public SignFlips signFlips() {
        if (!reaches(adjustedP) || units.count() > PairedUnits.MOST_FLIPPED) {
            return SignFlips.NOT_ASKED;
        }
        if (reaches(adjustedSignFlipP)) {
            return SignFlips.CONFIRM;
        }
        return units.count() < unitsNeeded(comparisons) ? SignFlips.TOO_FEW : SignFlips.DO_NOT_CONFIRM;
    }

    private static boolean reaches(double p) {
        return p <= LEVEL + ROUNDING;
    }

    /** The fewest units with which sign flips can decide the first of so many comparisons: 2^(1−n) ≤ 0.05 / m. */
    public static int unitsNeeded(int comparisons) {
        int units = 2;
        while (!reaches(comparisons * PairedUnits.leastSignFlipP(units))) {
            units++;
        }
        return units;
    }
}
