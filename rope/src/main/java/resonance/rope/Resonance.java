package resonance.rope;

import static java.util.Objects.requireNonNull;

/**
 * Gives every pair of another scaling an exact period: p tokens in which it makes q turns.
 *
 * <pre>
 *   lambda_j  = 2*pi / theta_j        wavelength of pair j after the inner scaling, tokens
 *   q_j / p_j nearest to 1 / lambda_j
 *             with q_j = 1                               {@link Rounding#WHOLE}: p_j = round(lambda_j), ties to even, at least 1
 *             with p_j at most the bound                 {@link Rounding#tokens}, {@link Rounding#wavelengths}
 *             with p_j at most L = trainedLength         {@link Rounding#SEARCHED}, but for the fastest pairs
 *   theta'_j  = 2*pi * q_j / p_j      new frequency, radians per token,  j = 0 .. headSize/2 - 1 </pre>
 *
 * <p>For every pair with {@code p_j <= trainedLength} and every later position n there is a trained position with exactly
 * the same value, n mod p_j (theorem 1, which holds for any p). The attention scale is the inner one. An inner scaling
 * that recomputes with the length is rounded again each time, since {@link #frequencies} asks it each time.
 *
 * <p>With whole wavelengths: Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 4, algorithm 1. Differs from the
 * authors' code: wavelengths are rounded from double, not from float, which can matter only within 1 part in 10^7 of a tie; a
 * pair that does not rotate, or whose wavelength exceeds 2^53 tokens, is left as it is, and a wavelength of at most half a
 * token becomes 1, where their division by 0 gives no number.
 *
 * <p>With a bound: ours; the paper names better combinations of wavelengths as future work. Fractions with p up to P lie so
 * close that a frequency moves by at most {@code pi / P}, and mostly by about {@code 2*pi / P^2}; over n tokens the pair drifts
 * n times that from the inner scaling's. A wavelength of the bound or above is rounded to a whole one; a bound in wavelengths
 * counts those of the pair itself, rounded down to tokens and below 2^31.
 *
 * <p>Searched: ours. The fastest pairs, at most eight, get other periods of at most L, each within 6 % of its frequency, such
 * that the worst alias from L to 4L is weak ({@link NearReturn}; not further than 32,768 tokens beyond L). It is for models that are trained with it, on few tokens, where whole wavelengths have strong aliases and all wavelengths large
 * gaps. A model trained otherwise must not be given it: 6 % of the fastest pair are a turn every hundred tokens. At thousands of
 * trained tokens fractions below L lie within 0.01 radians of every frequency anyway, and aliases are plain RoPE's as well.
 *
 * @param inner the scaling applied first
 * @param rounding which periods; not {@link Rounding#NONE}
 */
public record Resonance(RopeScaling inner, Rounding rounding) implements RopeScaling {
    public Resonance {
        requireNonNull(inner, "inner must not be null");
        requireNonNull(rounding, "rounding must not be null");
        if (rounding.isNone()) {
            throw Refusal.was("rounding", "must be whole or have a bound", "none")
                    .cure("use the inner scaling alone");
        }
    }

    /** Whole wavelengths, as in the paper. */
    public Resonance(RopeScaling inner) {
        this(inner, Rounding.WHOLE);
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        RopeFrequencies scaled = inner.frequencies(shape);
        long[] periods = new long[scaled.pairs()];
        long[] turns = new long[scaled.pairs()];
        if (rounding.kind() == Rounding.Kind.SEARCHED) {
            long[][] searched = WavelengthSearch.periodsAndTurns(scaled, shape.trainedLength());
            System.arraycopy(searched[0], 0, periods, 0, periods.length);
            System.arraycopy(searched[1], 0, turns, 0, turns.length);
        }
        for (int pair = 0; pair < periods.length; pair++) {
            if (periods[pair] > 0) {
                continue; // searched
            }
            double wavelength = scaled.wavelength(pair);
            long longest = longestPeriod(wavelength, shape.trainedLength());
            if (longest > wavelength) {
                NearestFraction nearest = NearestFraction.to(1 / wavelength, longest);
                periods[pair] = nearest.tokens();
                turns[pair] = nearest.turns();
            } else if (Math.rint(wavelength) <= RopeFrequencies.LARGEST_POSITION) {
                periods[pair] = (long) Math.max(1, Math.rint(wavelength));
                turns[pair] = 1;
            }
        }
        return RopeFrequencies.withPeriods(scaled.radiansPerToken(), periods, turns, scaled.attentionScale());
    }

    /** The most tokens that a pair's period may have if it is to be a fraction; 0 if it is to be a whole wavelength. */
    private long longestPeriod(double wavelength, int trainedLength) {
        return switch (rounding.kind()) {
            case NONE, WHOLE -> 0;
            case TOKENS -> rounding.bound();
            case SEARCHED -> trainedLength;
            case WAVELENGTHS -> {
                double tokens = Math.floor(rounding.bound() * wavelength);
                yield tokens <= Integer.MAX_VALUE ? (long) tokens : 0;
            }
        };
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
