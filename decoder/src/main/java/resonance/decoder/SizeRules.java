package resonance.decoder;

import resonance.rope.Refusal;

/** The refusals that sizes and factors of a decoder share. */
final class SizeRules {
    private SizeRules() {}

    static int requireAtLeast(String name, int value, int least) {
        require(value >= least, name, "at least " + least, value);
        return value;
    }

    static void requireAboveZero(String name, double value) {
        require(value > 0 && value < Double.POSITIVE_INFINITY, name, "above 0 and finite", value);
    }

    /** @throws IllegalArgumentException unless a value follows its rule */
    static void require(boolean follows, String name, String rule, Object value) {
        if (!follows) {
            throw Refusal.of(name, "must be " + rule, "was " + value);
        }
    }
}
