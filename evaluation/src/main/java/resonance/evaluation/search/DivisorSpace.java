package resonance.evaluation.search;

import java.util.ArrayList;
import java.util.List;
import resonance.rope.RopeShape;

/**
 * A divisor for every pair, as LongRoPE2 restricts them: not decreasing, from the critical pair on between s and 2s, and NTK-aware
 * below it.
 *
 * <pre>
 *   P = headSize/2 pairs, L the trained length, b the base, s the factor
 *   c      critical pair, from ceil(P*log_b(L/20pi)) to ceil(P*log_b(L/2pi)), held to 0 .. P-1
 *   d(k)   ln of the divisor at knot k of {@value #KNOTS}, evenly spaced from c to P-1:
 *          d(0) = ln s + u_0*ln 2,     d(k) = d(k-1) + u_k*(ln 2s - d(k-1)),     0 &lt;= u_k &lt;= 1
 *   ln of the divisor of pair j = d(0)*j/c                   for j &lt; c    (another base)
 *                                 linear between knots       for j &gt;= c
 *   attention factor            = 1 + a*0.2*ln(2s) </pre>
 *
 * <p>A point is (c, u_0 .. u_3, a), six numbers whatever the head size. LongRoPE2 ("LongRoPE2: Near-Lossless LLM Context Window
 * Scaling", 2025, arXiv:2502.20082) has a number of its own for each pair and an evolutionary search of thousands of evaluations
 * on GPUs; a curve of {@value #KNOTS} knots leaves out what a single pair may gain and needs some ten evaluations a number. The
 * critical pair is not rounded here, so that small steps have small effects, and the attention factor is searched too. Shares of
 * what is left to 2s make every point valid, where bounds on differences would have to be repaired.
 */
record DivisorSpace(RopeShape shape, double factor) implements FactorSpace {
    private static final int KNOTS = 4;

    /** Turns within the trained length that make a pair's training whole: between one and ten, says LongRoPE2. */
    private static final double MOST_TURNS = 10;

    @Override
    public int dimensions() {
        return KNOTS + 2;
    }

    @Override
    public Factors at(double[] point) {
        double critical = firstCritical() + point[0] * (lastCritical() - firstCritical());
        double[] knots = new double[KNOTS];
        double before = Math.log(factor);
        double most = Math.log(2 * factor);
        for (int knot = 0; knot < KNOTS; knot++) {
            before += point[1 + knot] * (most - before);
            knots[knot] = before;
        }
        List<Double> divisors = new ArrayList<>();
        for (int pair = 0; pair < shape.pairs(); pair++) {
            divisors.add(
                    Math.exp(pair < critical ? knots[0] * pair / critical : between(knots, along(pair, critical))));
        }
        return new Factors(divisors, 1 + point[KNOTS + 1] * FactorSpace.attentionRange(factor)).rounded();
    }

    /** Where a pair lies between the first knot (0) and the last. */
    private double along(int pair, double critical) {
        double slow = shape.pairs() - 1 - critical;
        return slow <= 0 ? KNOTS - 1 : (KNOTS - 1) * (pair - critical) / slow;
    }

    private static double between(double[] knots, double along) {
        int knot = (int) Math.min(KNOTS - 2, along);
        return knots[knot] + (along - knot) * (knots[knot + 1] - knots[knot]);
    }

    private double firstCritical() {
        return critical(MOST_TURNS);
    }

    private double lastCritical() {
        return critical(1);
    }

    private double critical(double turns) {
        double pair = shape.pairs() * Math.log(shape.trainedLength() / (turns * 2 * Math.PI)) / Math.log(shape.base());
        return Math.max(0, Math.min(shape.pairs() - 1, Math.ceil(pair)));
    }

    @Override
    public double[] nearest(Factors factors) {
        double[] point = new double[dimensions()];
        point[0] = 1;
        double critical = lastCritical();
        double before = Math.log(factor);
        double most = Math.log(2 * factor);
        for (int knot = 0; knot < KNOTS; knot++) {
            int pair = (int) Math.rint(critical + (shape.pairs() - 1 - critical) * knot / (KNOTS - 1));
            double wanted = Math.log(factors.divisors().get(pair));
            point[1 + knot] = FactorSpace.coordinate(wanted - before, most - before);
            before += point[1 + knot] * (most - before);
        }
        point[KNOTS + 1] = FactorSpace.coordinate(factors.attentionFactor() - 1, FactorSpace.attentionRange(factor));
        return point;
    }
}
