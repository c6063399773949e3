package resonance.evaluation.search;

/**
 * The factors that are searched among: every point of a cube with sides from 0 to 1 stands for valid ones, whose divisors do not
 * decrease from pair to pair.
 */
sealed interface FactorSpace permits DivisorSpace, ParameterSpace {
    /** Sides of the cube. */
    int dimensions();

    /** What a point stands for. */
    Factors at(double[] point);

    /** A point whose factors are near to given ones, to begin there. */
    double[] nearest(Factors factors);

    /** Largest factor on cosine and sine that is tried: YaRN's is {@code 1 + 0.1*ln(s)}, this goes to {@code 1 + 0.2*ln(2s)}. */
    static double attentionRange(double factor) {
        return 0.2 * Math.log(2 * factor);
    }

    /** The coordinate of a value from 0 to its largest one. */
    static double coordinate(double value, double largest) {
        return largest <= 0 ? 0 : Math.min(1, Math.max(0, value / largest));
    }
}
