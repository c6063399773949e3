package resonance.rope.analysis;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.IntStream;
import resonance.rope.Refusal;
import resonance.rope.RopeFrequencies;

/**
 * What frequencies say about positions beyond the trained length, feature by feature, without a model.
 *
 * <p>Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, sections 3.2 and 4. All lengths are tokens; all
 * wavelengths are those in use, after scaling and rounding. Paper to code: L = {@code trainedLength}, L' =
 * {@code targetLength}, c = {@link #criticalFeature}.
 *
 * @param frequencies the encoding in use
 * @param trainedLength L, the length the model saw with these frequencies; at least 1
 */
public record FeatureAnalysis(RopeFrequencies frequencies, int trainedLength) {
    public FeatureAnalysis {
        requireNonNull(frequencies, "frequencies must not be null");
        if (trainedLength < 1) {
            throw Refusal.was("trainedLength", "must be at least 1", trainedLength);
        }
    }

    /** True if the whole circle is covered in training: wavelength below the trained length. */
    public boolean preCritical(int pair) {
        return frequencies.wavelength(pair) < trainedLength;
    }

    /**
     * c: the first feature with a wavelength of at least the trained length; the number of pairs if there is none.
     * Wavelengths that grow with the index (all but some LongRoPE lists) make c also the number of pre-critical
     * features.
     */
    public int criticalFeature() {
        return (int) pairs().takeWhile(this::preCritical).count();
    }

    /** Number of features whose wavelength is below the trained length. */
    public int preCriticalFeatures() {
        return (int) pairs().filter(this::preCritical).count();
    }

    private IntStream pairs() {
        return IntStream.range(0, frequencies.pairs());
    }

    /**
     * The distance after which all pre-critical features repeat together: the least common multiple of their periods, in
     * tokens. Empty if one of them has none; 1 if there is no pre-critical feature.
     */
    public Optional<BigInteger> repeatPeriod() {
        return repeatPeriod(pairs().filter(this::preCritical).boxed().toList());
    }

    /**
     * The distance after which some features repeat together: the least common multiple of their periods p, in tokens, however
     * many turns each makes in it and however large the number is. Empty if one of them has no period; 1 if there are none.
     */
    public Optional<BigInteger> repeatPeriod(Collection<Integer> features) {
        BigInteger multiple = BigInteger.ONE;
        for (int pair : features) {
            if (frequencies.periodTokens(pair) == 0) {
                return Optional.empty();
            }
            BigInteger tokens = BigInteger.valueOf(frequencies.periodTokens(pair));
            multiple = multiple.divide(multiple.gcd(tokens)).multiply(tokens);
        }
        return Optional.of(multiple);
    }

    /**
     * The feature gap: how far, at worst, a feature at a position beyond the trained length is from the nearest value
     * it took in training, as a distance on the unit circle, 0 to 2 (eq. 8 without the dependence on the input).
     *
     * <pre>  max over n in [L, L') of  min over m in [0, L) of  2 * |sin((m - n) * theta / 2)| </pre>
     *
     * <p>Every n and every m counts; nothing is sampled, and no length takes longer than another. It is exactly 0 for a
     * feature that repeats within the trained length. For a wavelength that is not whole, the frequency is held to 2^-63 of a
     * turn a token: an error of at most targetLength times that, 7e-10 at 10^9 tokens.
     *
     * @param targetLength L', at least the trained length; if equal there is no later position and the gap is 0
     */
    public double featureGap(int pair, long targetLength) {
        if (targetLength < trainedLength || targetLength > RopeFrequencies.LARGEST_POSITION) {
            throw Refusal.was(
                    "targetLength", "must be from {trainedLength} (" + trainedLength + ") to 2^53", targetLength);
        }
        if (targetLength == trainedLength) {
            return 0;
        }
        long period = frequencies.periodTokens(pair);
        if (period > 0 && period <= trainedLength) {
            return 0;
        }
        double worst = frequencies.turns(pair) == 1
                ? wholePeriodGap(period, targetLength)
                : AngleWindow.largestMinimum(frequencies, pair, trainedLength, targetLength);
        return 2 * Math.sin(worst / 2);
    }

    /**
     * The gap of a whole wavelength P above the trained length, as an angle. Trained positions fill the arc 0 .. L-1 of P points; a later one, at n
     * mod P, is n-(L-1) steps past its end and P-n steps before its start. That is largest half way, or at the last
     * position if it comes before.
     */
    private double wholePeriodGap(long period, long targetLength) {
        long last = Math.min(targetLength, period) - 1;
        long farthest = Math.min(last, (period + trainedLength - 1) / 2);
        long steps = Math.min(farthest - (trainedLength - 1), period - farthest);
        return 2 * Math.PI * steps / period;
    }
}
