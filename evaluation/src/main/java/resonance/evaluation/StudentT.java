package resonance.evaluation;

/**
 * Student's t distribution with a whole number of degrees of freedom ν.
 *
 * <pre>  θ = atan(t / √ν)          A(t | ν) = P(|T| &lt;= t)
 *   ν odd     A = 2/π · (θ + sin θ · (cos θ + 2/3 cos³ θ + ... + 2·4···(ν−3) / (1·3···(ν−2)) · cos^(ν−2) θ))
 *   ν even    A = sin θ · (1 + 1/2 cos² θ + ... + 1·3···(ν−3) / (2·4···(ν−2)) · cos^(ν−2) θ) </pre>
 *
 * <p>Finite sums, so exact but for rounding: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.7.3 and
 * 26.7.4. The sums have ν/2 terms, all positive.
 */
final class StudentT {

    /** Halvings of the angle: more than a double has bits. */
    private static final int HALVINGS = 64;

    private StudentT() {}

    /**
     * The t with P(|T| ≤ t) = confidence, by bisection over the angle θ.
     *
     * @param confidence above 0 and below 1
     * @param degreesOfFreedom ν, at least 1
     */
    static double twoSided(double confidence, int degreesOfFreedom) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be above 0 and below 1, was " + confidence);
        }
        if (degreesOfFreedom < 1) {
            throw new IllegalArgumentException("degreesOfFreedom must be at least 1, was " + degreesOfFreedom);
        }
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (within(middle, degreesOfFreedom) < confidence) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(degreesOfFreedom) * Math.tan((low + high) / 2);
    }

    /** A(t | ν) for t = √ν · tan θ. */
    private static double within(double angle, int degreesOfFreedom) {
        double cosine = Math.cos(angle);
        boolean odd = degreesOfFreedom % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = 0;
        for (int next = odd ? 3 : 2; next <= degreesOfFreedom; next += 2) {
            sum += term;
            term *= (next - 1.0) / next * cosine * cosine;
        }
        double sine = Math.sin(angle);
        return odd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
    }
}
