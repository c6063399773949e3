package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Rounds every wavelength of another scaling to a whole number of tokens, so that a pair repeats exactly once its
 * period is over.
 *
 * <pre>
 *   lambda_j  = 2*pi / theta_j        wavelength of pair j after the inner scaling, tokens
 *   lambda'_j = round(lambda_j)       nearest whole number, ties to even, at least 1
 *   theta'_j  = 2*pi / lambda'_j      new frequency, radians per token,  j = 0 .. headSize/2 - 1 </pre>
 *
 * <p>For every pair with {@code lambda'_j <= trainedLength} and every later position n there is a trained position
 * with exactly the same value, n mod lambda'_j (theorem 1). The attention scale is the inner one. An inner scaling
 * that recomputes with the length is rounded again each time, since {@link #frequencies} asks it each time.
 *
 * <p>Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 4, algorithm 1. Differs from the authors' code:
 * wavelengths are rounded from double, not from float, which can matter only within 1 part in 10^7 of a tie; a pair
 * that does not rotate, or whose wavelength exceeds 2^53 tokens, is left as it is, and a wavelength of at most half a
 * token becomes 1, where their division by 0 gives no number.
 *
 * @param inner the scaling applied first
 */
public record Resonance(RopeScaling inner) implements RopeScaling {
    /** Twice the rounding of one float32, relative to the value. */
    private static final double FLOAT32_ROUNDING = 0x1p-23;

    /** Tokens; from here on float32 can't tell a whole wavelength from its neighbours. */
    private static final double LONGEST_TOLD_APART = 0x1p22;

    public Resonance {
        requireNonNull(inner, "inner must not be null");
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        RopeFrequencies scaled = inner.frequencies(shape);
        long[] periods = new long[scaled.pairs()];
        for (int pair = 0; pair < periods.length; pair++) {
            double wavelength = Math.max(1, Math.rint(scaled.wavelength(pair)));
            if (wavelength <= RopeFrequencies.LARGEST_POSITION) {
                periods[pair] = (long) wavelength;
            }
        }
        return RopeFrequencies.withPeriods(scaled.radiansPerToken(), periods, scaled.attentionScale());
    }

    /**
     * The whole wavelengths behind frequencies that passed through a file as float32 numbers: exported with Resonance and
     * read back, they are whole but for that rounding.
     *
     * <p>A single wavelength may be nearly whole by chance, all of them are not. So this is empty unless every wavelength
     * below 2^22 tokens is within 2^-23 of a whole number, relative to itself, and there is one. Longer ones stay as they
     * are.
     */
    public static Optional<RopeFrequencies> readBack(RopeFrequencies stored) {
        long[] periods = new long[stored.pairs()];
        boolean found = false;
        for (int pair = 0; pair < periods.length; pair++) {
            double wavelength = stored.wavelength(pair);
            if (wavelength >= LONGEST_TOLD_APART) {
                continue;
            }
            double whole = Math.rint(wavelength);
            if (whole < 1 || Math.abs(wavelength - whole) > FLOAT32_ROUNDING * wavelength) {
                return Optional.empty();
            }
            periods[pair] = (long) whole;
            found = true;
        }
        return found
                ? Optional.of(RopeFrequencies.withPeriods(stored.radiansPerToken(), periods, stored.attentionScale()))
                : Optional.empty();
    }

    @Override
    public double factor() {
        return inner.factor();
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return inner.dependsOnSequenceLength();
    }
}
