package resonance.rope;

/**
 * The fraction nearest to a number among those whose denominator does not exceed a bound.
 *
 * <p>By continued fractions: convergents q/p with {@code p' = a*p + p_before} as long as p' stays within the bound; the
 * nearest is then the last convergent or the largest semiconvergent that fits (Khinchin, "Continued Fractions", sections 5
 * and 6). The terms a come from the residuals {@code q - x*p}, each rounded once, so that no digit is lost on the way.
 *
 * @param turns numerator q, at least 0
 * @param tokens denominator p, at least 1; without a common divisor with {@code turns}
 */
record NearestFraction(long turns, long tokens) {
    /**
     * The nearest one; of two equally near the one with fewer tokens.
     *
     * @param turnsPerToken the number, at least 0 and finite
     * @param longestPeriod largest denominator, from 1 to 2^31 - 1
     */
    static NearestFraction to(double turnsPerToken, long longestPeriod) {
        NearestFraction before = new NearestFraction(1, 0);
        NearestFraction last = new NearestFraction((long) Math.floor(turnsPerToken), 1);
        double beforeResidual = 1;
        double residual = last.residual(turnsPerToken);
        while (residual != 0) {
            double term = Math.floor(-beforeResidual / residual);
            long most = (longestPeriod - before.tokens) / last.tokens;
            if (term > most) {
                NearestFraction between = last.times(most).plus(before);
                return between.tokens > 0 && between.distance(turnsPerToken) < last.distance(turnsPerToken)
                        ? between
                        : last;
            }
            NearestFraction next = last.times((long) term).plus(before);
            double nextResidual = next.residual(turnsPerToken);
            if (nextResidual * residual > 0) {
                // The quotient was rounded up to a whole number: one too many.
                next = last.times((long) term - 1).plus(before);
                nextResidual = next.residual(turnsPerToken);
            } else if (Math.abs(nextResidual) >= Math.abs(residual) && term < most) {
                next = last.times((long) term + 1).plus(before);
                nextResidual = next.residual(turnsPerToken);
            }
            before = last;
            beforeResidual = residual;
            last = next;
            residual = nextResidual;
        }
        return last;
    }

    private NearestFraction times(long times) {
        return new NearestFraction(times * turns, times * tokens);
    }

    private NearestFraction plus(NearestFraction other) {
        return new NearestFraction(turns + other.turns, tokens + other.tokens);
    }

    /** q - x*p, rounded once; positive if the fraction is above the number. */
    private double residual(double turnsPerToken) {
        return Math.fma(turnsPerToken, (double) -tokens, (double) turns);
    }

    /** |q/p - x|. */
    private double distance(double turnsPerToken) {
        return Math.abs(residual(turnsPerToken)) / tokens;
    }
}
