package resonance.rope.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The points 0, x, 2x, 3x, ... on a circle of M = 2^62 steps, where x is an angle a token: position n is the point
 * n * x mod M, computed without rounding.
 *
 * <p>{@link #firstIn} finds the first of them in an arc by Euclid's algorithm: if no multiple of x below M is in the arc, the
 * first that is has gone around j times, and j is the first number for which j * (M mod x) mod x is in another arc. Every step
 * at least halves the circle, so there are at most 62.
 */
final class CircleOrbit {
    /** Steps of a turn, M. */
    static final long TURN = 1L << 62;

    /** What {@link #firstIn} gives where there is none up to here. */
    static final long NEVER = 1L << 60;

    /** 1/(2*pi) to 40 digits. */
    private static final BigDecimal TURNS_PER_RADIAN = new BigDecimal("0.1591549430918953357688837633725143620345");

    private final long step;

    /** The last hit of {@link #find}: hits * step = wholeTurns * turn + place. */
    private long hits;

    private long wholeTurns;
    private long place;

    private CircleOrbit(long step) {
        this.step = step;
    }

    /** The orbit of a frequency, rounded to the nearest step a token. */
    static CircleOrbit of(double radiansPerToken) {
        return ofStep(new BigDecimal(radiansPerToken)
                        .multiply(TURNS_PER_RADIAN)
                        .multiply(BigDecimal.valueOf(TURN))
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .toBigInteger()
                        .longValue()
                & (TURN - 1));
    }

    /** The orbit of a step from 0 to M - 1. */
    static CircleOrbit ofStep(long step) {
        return new CircleOrbit(step);
    }

    /** Where position n is, 0 to M - 1; n up to 2^62. */
    long at(long position) {
        return (position * step) & (TURN - 1);
    }

    /**
     * The first n of at least {@code from} whose point is in an arc, at most {@link #NEVER}.
     *
     * @param low first step of the arc, taken modulo M
     * @param high last step of the arc, at most M - 1 after {@code low}; taken modulo M
     */
    long firstIn(long low, long high, long from) {
        long start = at(from);
        long first = (low - start) & (TURN - 1);
        long last = (high - start) & (TURN - 1);
        if (first > last) { // the arc holds the point 0
            return from;
        }
        return find(step, TURN, first, last) ? Math.min(NEVER, from + hits) : NEVER;
    }

    /** Finds the smallest k whose k * stride mod turn is from {@code low} to {@code high}, both from 0 to turn - 1. */
    private boolean find(long stride, long turn, long low, long high) {
        if (low == 0) {
            return found(0, 0, 0);
        }
        if (stride == 0) {
            return false;
        }
        if (stride > turn - stride) { // the other way around is shorter
            if (!find(turn - stride, turn, turn - high, turn - low)) {
                return false;
            }
            return found(hits, hits - wholeTurns - 1, turn - place);
        }
        long steps = (low + stride - 1) / stride;
        if (steps * stride <= high) {
            return found(steps, 0, steps * stride);
        }
        // Neither end is a multiple of the stride, and none lies between: they are in the same order modulo it.
        if (!find(turn % stride, stride, stride - high % stride, stride - low % stride)) {
            return false;
        }
        long quotient = turn / stride;
        if (hits > NEVER / quotient) {
            return false;
        }
        long last = (low + place + stride - 1) / stride;
        return found(quotient * hits + wholeTurns + last, hits, last * stride - place);
    }

    private boolean found(long k, long turns, long point) {
        hits = k;
        wholeTurns = turns;
        place = point;
        return k < NEVER;
    }
}
