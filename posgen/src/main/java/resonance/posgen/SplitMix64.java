package resonance.posgen;

/**
 * The SplitMix64 random generator: output i is a fixed mixing of seed + (i+1) * 0x9E3779B97F4A7C15.
 *
 * <p>Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with the mixing constants of
 * Stafford's variant 13. It is written out here so that a seed gives the same data on every JVM, for ever.
 */
final class SplitMix64 {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    /** 64 random bits. */
    long next() {
        state += STEP;
        long mixed = state;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** A number in [0, 1), one of 2^53 evenly spaced ones. */
    double unit() {
        return (next() >>> 11) * 0x1p-53;
    }

    /**
     * A number in 0 ... bound-1, each exactly as likely, for a bound of at least 1.
     *
     * <p>Takes the upper 63 bits of {@link #next} modulo the bound, and draws again while they fall in the incomplete last
     * stretch of that length below 2^63.
     */
    long below(long bound) {
        while (true) {
            long bits = next() >>> 1;
            long number = bits % bound;
            if (bits - number <= Long.MAX_VALUE - (bound - 1)) {
                return number;
            }
        }
    }
}
