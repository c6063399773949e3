package resonance.rope;

/**
 * The angle of one pair at one position, reduced to about -pi .. pi.
 *
 * <p>Periods: {@code 2*pi * r / p} for r = (position mod p) * q mod p, a whole number, brought into -p/2 .. p/2 first.
 * Other frequencies: h + l = position * theta exactly (two doubles, by fused multiply-add); k = round(h / 2*pi); the
 * result is h + l - k * (C1 + C2) with C1 + C2 = 2*pi to 107 bits (Cody and Waite's reduction). k * C1 is likewise
 * held in two doubles, and h - fl(k * C1) is exact, so only the last sum rounds.
 */
final class PairAngle {
    private static final double TWO_PI = 2 * Math.PI;

    /** 2*pi minus the double {@link #TWO_PI}, correct to double precision. */
    private static final double TWO_PI_REST = 2.4492935982947064e-16;

    private PairAngle() {}

    static double of(RopeFrequencies frequencies, int pair, long position) {
        long period = frequencies.periodTokens(pair);
        if (period > 0) {
            long turns = frequencies.turns(pair);
            long remainder = position % period;
            return inPeriod(turns == 1 ? remainder : remainder * (turns % period) % period, period);
        }
        return reduced(position, frequencies.radiansPerToken(pair));
    }

    /** The angle of {@code remainder} steps of a period's share of the circle, remainder from 0 to period - 1. */
    static double inPeriod(long remainder, long period) {
        long nearest = remainder > period - remainder ? remainder - period : remainder;
        return TWO_PI * nearest / period;
    }

    /** position * radiansPerToken mod 2*pi; position up to 2^53. */
    static double reduced(long position, double radiansPerToken) {
        double tokens = (double) position;
        double high = tokens * radiansPerToken;
        double low = Math.fma(tokens, radiansPerToken, -high);
        double turns = Math.rint(high / TWO_PI);
        double wholeHigh = turns * TWO_PI;
        double wholeLow = Math.fma(turns, TWO_PI, -wholeHigh);
        return (high - wholeHigh) + ((low - wholeLow) - turns * TWO_PI_REST);
    }
}
