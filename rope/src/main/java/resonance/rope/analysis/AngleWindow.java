package resonance.rope.analysis;

import resonance.rope.RopeFrequencies;

/**
 * The largest of the smallest angles between a later position and all trained ones, for any frequency, in a time that grows
 * with neither length.
 *
 * <p>Position n and trained position m differ by k = n - m tokens, an angle of ||k * theta|| (distance to the nearest multiple
 * of 2*pi). For a given n, k runs over the L values n-L+1 .. n, so the wanted number is the largest t such that L distances in
 * a row, among 1 .. L'-1, have an angle of at least t: that the points k * theta stay out of the arc (-t, t) for that long.
 *
 * <p>Points of a rotation return to an arc after p, q or p + q tokens and never otherwise, where p is the first distance that
 * moves a point ahead by less than the arc's length, and q the first that moves it back by less (the three-distance theorem in
 * the form of Slater, "Gaps and steps for the sequence n theta mod 1", Proc. Cambridge Phil. Soc. 63, 1967). So the points of
 * the arc that stay away for more than L tokens fill an arc of their own, and what is asked is whether one of the distances 0
 * .. L'-1-L is in it. Both are questions to {@link CircleOrbit}, and t is found by halving.
 */
final class AngleWindow {
    private AngleWindow() {}

    /** Distances up to here have the exact angle of their frequency; of farther ones, what rounding it to steps left. */
    private static final long NEAR = 1L << 32;

    /**
     * The result in radians, 0 to pi; {@code targetLength} is above {@code trainedLength}. The frequency is held to 2^-63 of a
     * turn a token, which distances multiply: 7e-10 radians at 10^9 tokens.
     */
    static double largestMinimum(RopeFrequencies frequencies, int pair, int trainedLength, long targetLength) {
        CircleOrbit orbit = CircleOrbit.of(frequencies.radiansPerToken(pair));
        long angle = largestMinimum(orbit, trainedLength, targetLength);
        if (angle == 0) {
            return 0;
        }
        long before = lastBeforeStay(orbit, angle, trainedLength);
        long nearest = Math.min(orbit.firstIn(angle, angle, before + 1), orbit.firstIn(-angle, -angle, before + 1));
        return nearest <= NEAR ? Math.abs(frequencies.angle(pair, nearest)) : 2 * Math.PI * angle / CircleOrbit.TURN;
    }

    /** The same in steps of {@link CircleOrbit}, without error. */
    static long largestMinimum(CircleOrbit orbit, int trainedLength, long targetLength) {
        long known = 0;
        long tooLarge = CircleOrbit.TURN / 2 + 1;
        while (tooLarge - known > 1) {
            long angle = (known + tooLarge) >>> 1;
            if (lastBeforeStay(orbit, angle, trainedLength) <= targetLength - 1 - trainedLength) {
                known = angle;
            } else {
                tooLarge = angle;
            }
        }
        return known;
    }

    /** The first distance after which the points stay out of the open arc (-angle, angle) for {@code length} tokens. */
    private static long lastBeforeStay(CircleOrbit orbit, long angle, int length) {
        long width = 2 * angle - 2; // from the arc's first step to its last
        long ahead = orbit.firstIn(0, width, 1);
        long back = orbit.firstIn(-width, 0, 1);
        if (ahead + back <= length) {
            return CircleOrbit.NEVER;
        }
        long first = ahead <= length ? angle - orbit.at(ahead) : 1 - angle;
        long last = back <= length ? orbit.at(-back) - angle : angle - 1;
        return first > last ? CircleOrbit.NEVER : orbit.firstIn(first, last, 0);
    }
}
