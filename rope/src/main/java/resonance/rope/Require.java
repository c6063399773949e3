package resonance.rope;

/** Refusals shared by this module: each names the argument, the rule and the value. */
final class Require {
    private Require() {}

    static double atLeast(String name, double value, double minimum) {
        if (!Double.isFinite(value) || value < minimum) {
            throw Refusal.was(name, "must be a finite number of at least " + PlainNumber.text(minimum), value);
        }
        return value;
    }

    static void finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw Refusal.was(name, "must be a finite number", value);
        }
    }

    static double above(String name, double value, double bound) {
        if (!Double.isFinite(value) || value <= bound) {
            throw Refusal.was(name, "must be a finite number above " + PlainNumber.text(bound), value);
        }
        return value;
    }

    static long atLeast(String name, long value, long minimum) {
        if (value < minimum) {
            throw Refusal.was(name, "must be at least " + minimum, value);
        }
        return value;
    }

    /** Refuses bounds unless {@code lower} is above 0 and {@code upper} above it. */
    static void bounds(String lowerName, double lower, String upperName, double upper) {
        above(lowerName, lower, 0);
        if (!Double.isFinite(upper) || upper <= lower) {
            throw notAbove(upperName, upper, lowerName, lower);
        }
    }

    static void fraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw Refusal.was(name, "must be from 0 to 1", value);
        }
    }

    /** The refusal of a value that another one must be below. */
    static Refusal notAbove(String name, double value, String lowerName, double lower) {
        return Refusal.was(name, "must be above {" + lowerName + "} (" + PlainNumber.text(lower) + ")", value);
    }

    /** Refuses what {@link RotaryTable#fill} can't do. */
    static void fillable(long firstPosition, int positions, int pairs, float[] cosines, float[] sines) {
        atLeast("firstPosition", firstPosition, 0);
        atLeast("positions", positions, 0);
        if (firstPosition > RopeFrequencies.LARGEST_POSITION - positions) {
            throw new IllegalArgumentException("firstPosition + positions must be at most 2^53, was " + firstPosition
                    + " + " + positions + "; larger whole numbers are not exact in double");
        }
        room(positions, pairs, cosines, sines);
    }

    /** Refuses positions that are not exact in double. */
    static void positions(long[] positions) {
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] < 0 || positions[i] >= RopeFrequencies.LARGEST_POSITION) {
                throw new IllegalArgumentException(
                        "positions[" + i + "] must be from 0 to 2^53 - 1, was " + positions[i]);
            }
        }
    }

    /** Refuses arrays too short for (positions, pairs). */
    static void room(int positions, int pairs, float[] cosines, float[] sines) {
        length("cosines", cosines, positions, pairs);
        length("sines", sines, positions, pairs);
    }

    private static void length(String name, float[] values, int positions, int pairs) {
        if (values.length < (long) positions * pairs) {
            throw new IllegalArgumentException(name + " must hold positions * pairs = " + positions + " * " + pairs
                    + " values, held " + values.length);
        }
    }

    /**
     * Number of positions in rows of shape (positions, heads, headSize); refuses a length that is not whole
     * positions.
     */
    static int wholePositions(float[] rows, int heads, int headSize) {
        atLeast("heads", heads, 1);
        long values = (long) heads * headSize;
        if (rows.length % values != 0) {
            throw new IllegalArgumentException("rows must hold a multiple of heads * headSize = " + heads + " * "
                    + headSize + " values, held " + rows.length);
        }
        return (int) (rows.length / values);
    }

    /** Refuses a rotation of {@code pairs} pairs in a head of this size. */
    static void pairsFit(int headSize, int pairs) {
        if (pairs < 1 || 2L * pairs > headSize) {
            throw new IllegalArgumentException(
                    "pairs must be from 1 to headSize/2 (headSize is " + headSize + "), was " + pairs);
        }
    }
}
