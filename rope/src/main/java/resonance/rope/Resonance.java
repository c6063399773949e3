package resonance.rope;

import static java.util.Objects.requireNonNull;

/**
 * Rounds every wavelength of another scaling to a whole number of tokens, so that a pair repeats exactly once its
 * period is over.
 *
 * <pre>
 *   lambda_j  = 2*pi / theta_j        wavelength of pair j after the inner scaling, tokens
 *   lambda'_j = round(lambda_j)       nearest whole number, ties to even
 *   theta'_j  = 2*pi / lambda'_j      new frequency, radians per token,  j = 0 .. headSize/2 - 1 </pre>
 *
 * <p>For every pair with {@code lambda'_j <= trainedLength} and every later position n there is a trained position
 * with exactly the same value, n mod lambda'_j (theorem 1). The attention scale is the inner one. An inner scaling
 * that recomputes with the length is rounded again each time, since {@link #frequencies} asks it each time.
 *
 * <p>Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 4, algorithm 1. Differs from the authors' code:
 * wavelengths are rounded from double, not from float, which can matter only within 1 part in 10^7 of a tie; a pair
 * that does not rotate, or whose wavelength exceeds 2^53 tokens, is left as it is.
 *
 * @param inner the scaling applied first
 */
public record Resonance(RopeScaling inner) implements RopeScaling {
    public Resonance {
        requireNonNull(inner, "inner must not be null");
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        RopeFrequencies scaled = inner.frequencies(shape);
        long[] periods = new long[scaled.pairs()];
        for (int pair = 0; pair < periods.length; pair++) {
            double wavelength = Math.max(1, Math.rint(scaled.wavelength(pair)));
            if (wavelength <= Require.LARGEST_POSITION) {
                periods[pair] = (long) wavelength;
            }
        }
        return RopeFrequencies.withPeriods(scaled.radiansPerToken(), periods, scaled.attentionScale());
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return inner.dependsOnSequenceLength();
    }
}
