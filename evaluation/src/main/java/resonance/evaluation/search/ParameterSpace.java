package resonance.evaluation.search;

import java.util.ArrayList;
import java.util.List;
import resonance.rope.RopeShape;

/**
 * A few parameters that the known scalings share: another base, a ramp to a divisor, and the factor on cosine and sine.
 *
 * <pre>
 *   P = headSize/2 pairs, L the trained length, b the base, s the factor
 *   B      the base is multiplied by it: 1 .. the larger of NTK-aware's and the critical base's for 2s
 *   f      divisor of the slow pairs, 1 .. 2s (evenly in ln f)
 *   low    pair at which the ramp begins, 0 .. P-1;     high = low + width, width 0.001 .. P
 *   g_j    = (j - low) / (high - low), held to 0 .. 1
 *   divisor of pair j = B^(j/P) / (1 - g_j + g_j/f)
 *   attention factor  = 1 + a*0.2*ln(2s) </pre>
 *
 * <p>A point is (ln B, ln f, low, width, a). YaRN is one (B = 1), and so are NTK-aware scaling and the critical base (f = 1);
 * MrRoPE's curve is nearly one. Ours: no paper searches these together.
 */
record ParameterSpace(RopeShape shape, double factor) implements FactorSpace {
    private static final double SMALLEST_WIDTH = 0.001; // as YaRN's ramp

    @Override
    public int dimensions() {
        return 5;
    }

    @Override
    public Factors at(double[] point) {
        double base = point[0] * mostOfBase();
        double divisor = Math.exp(point[1] * Math.log(2 * factor));
        double low = point[2] * (shape.pairs() - 1);
        double width = Math.max(SMALLEST_WIDTH, point[3] * shape.pairs());
        List<Double> divisors = new ArrayList<>();
        for (int pair = 0; pair < shape.pairs(); pair++) {
            double ramp = Math.max(0, Math.min(1, (pair - low) / width));
            divisors.add(Math.exp(base * pair / shape.pairs()) / (1 - ramp + ramp / divisor));
        }
        return new Factors(divisors, 1 + point[4] * FactorSpace.attentionRange(factor)).rounded();
    }

    /** Of ln B. */
    private double mostOfBase() {
        double most = Math.log(2 * factor);
        double aware = shape.pairs() > 1 ? most * shape.pairs() / (shape.pairs() - 1) : 0;
        double turns = Math.log(shape.trainedLength() / (2 * Math.PI));
        return turns > 1 ? Math.max(aware, Math.log(shape.base()) * most / turns) : aware;
    }

    /** Of a changed base and of a ramp, each without the other, the nearer one. */
    @Override
    public double[] nearest(Factors factors) {
        double attention = FactorSpace.coordinate(factors.attentionFactor() - 1, FactorSpace.attentionRange(factor));
        int last = shape.pairs() - 1;
        double slowest = factors.divisors().get(last);
        double lnBase = last == 0 ? 0 : Math.log(slowest) * shape.pairs() / last;
        double[] ofBase = {FactorSpace.coordinate(lnBase, mostOfBase()), 0, 0, 1, attention};
        int low = 0;
        while (low < last && factors.divisors().get(low + 1) < 1 + 1e-6) {
            low++;
        }
        int high = last;
        while (high > low && factors.divisors().get(high - 1) > slowest * (1 - 1e-6)) {
            high--;
        }
        double[] ofRamp = {
            0,
            FactorSpace.coordinate(Math.log(slowest), Math.log(2 * factor)),
            last == 0 ? 0 : low / (double) last,
            (high - low) / (double) shape.pairs(),
            attention
        };
        return at(ofBase).distance(factors) < at(ofRamp).distance(factors) ? ofBase : ofRamp;
    }
}
