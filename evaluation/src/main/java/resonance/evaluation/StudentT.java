package resonance.evaluation;

import org.hipparchus.distribution.continuous.TDistribution;

/** Student's t distribution with a whole number of degrees of freedom ν. */
final class StudentT {
    /** Of a quantile. */
    private static final double ACCURACY = 1e-13;

    private StudentT() {}

    /**
     * The t with P(|T| ≤ t) = confidence.
     *
     * @param confidence above 0 and below 1
     * @param degreesOfFreedom ν, at least 1
     */
    static double twoSided(double confidence, int degreesOfFreedom) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be above 0 and below 1, was " + confidence);
        }
        return -distribution(degreesOfFreedom).inverseCumulativeProbability((1 - confidence) / 2);
    }

    /** P(|T| ≥ |t|), to its last digits however small. */
    static double twoSidedP(double t, int degreesOfFreedom) {
        return 2 * distribution(degreesOfFreedom).cumulativeProbability(-Math.abs(t));
    }

    private static TDistribution distribution(int degreesOfFreedom) {
        if (degreesOfFreedom < 1) {
            throw new IllegalArgumentException("degreesOfFreedom must be at least 1, was " + degreesOfFreedom);
        }
        return new TDistribution(degreesOfFreedom, ACCURACY);
    }
}
