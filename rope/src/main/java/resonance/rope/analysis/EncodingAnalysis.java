package resonance.rope.analysis;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import resonance.rope.Refusal;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.StoredPeriods;

/**
 * An encoding of a model's shape, feature by feature: unscaled, scaled, and in use.
 *
 * <p>A model written with Resonance holds divisors, rounded to double or float32, and its frequencies are no longer exactly those
 * of its periods. Where {@link StoredPeriods} knows them again, periods and what follows from them (critical feature, gaps,
 * repeat period) are those; the frequencies are the file's.
 *
 * @param shape the model's, with the current length that scalings see which depend on it
 * @param targetLength L', tokens; feature gaps are those of positions from the trained length to here
 * @param rounding what is done to wavelengths after the scaling
 * @param stored the periods that the frequencies in use stand for, without rounding; empty if they stand for none
 * @param scaled after the scaling
 * @param used after the rounding; the same as {@code scaled} where there is none
 * @param analysis of the frequencies in use, or of those that they stand for
 */
public record EncodingAnalysis(
        RopeShape shape,
        long targetLength,
        Rounding rounding,
        Optional<StoredPeriods> stored,
        RopeFrequencies scaled,
        RopeFrequencies used,
        FeatureAnalysis analysis) {
    /**
     * One feature.
     *
     * @param index j
     * @param wavelength 2π/θ unscaled, tokens
     * @param scaledWavelength after the scaling, before rounding, tokens; infinite if it does not rotate
     * @param periodTokens tokens after which it repeats exactly, else 0
     * @param turns turns in a period; 1 for a whole wavelength, 0 without a period
     * @param radiansPerToken frequency in use
     * @param drift radians that it is away from the scaling's at the last position before the target length, turns included: what
     *     rounding costs; 0 without
     * @param preCritical whether the wavelength in use is below the trained length
     * @param featureGap 0 to 2, see {@link FeatureAnalysis#featureGap}
     */
    public record Feature(
            int index,
            double wavelength,
            double scaledWavelength,
            long periodTokens,
            long turns,
            double radiansPerToken,
            double drift,
            boolean preCritical,
            double featureGap) {}

    /** Most dimensions of a head that are analysed: real heads have a few hundred, and each pair is a row of a table. */
    public static final int LARGEST_HEAD_SIZE = 4096;

    /**
     * Analyses a scaling.
     *
     * @throws IllegalArgumentException if the scaling is not defined for the shape, the head is larger than {@link
     *     #LARGEST_HEAD_SIZE}, or the target length is out of range
     */
    public static EncodingAnalysis of(RopeScaling scaling, Rounding rounding, RopeShape shape, long targetLength) {
        return of(scaling, rounding, Rounding.NONE, shape, targetLength);
    }

    /**
     * Analyses a scaling that a file holds.
     *
     * @param said how the file says that its frequencies were rounded; none if it doesn't
     * @throws IllegalArgumentException as {@link #of(RopeScaling, Rounding, RopeShape, long)} does
     */
    public static EncodingAnalysis of(
            RopeScaling scaling, Rounding rounding, Rounding said, RopeShape shape, long targetLength) {
        if (shape.headSize() > LARGEST_HEAD_SIZE) {
            throw Refusal.was("headSize", "must be at most " + LARGEST_HEAD_SIZE, shape.headSize());
        }
        RopeFrequencies scaled = scaling.frequencies(shape);
        RopeFrequencies used =
                rounding.isNone() ? scaled : rounding.after(scaling).frequencies(shape);
        Optional<StoredPeriods> stored =
                rounding.isNone() ? StoredPeriods.in(used, said.bounded(shape.trainedLength())) : Optional.empty();
        FeatureAnalysis analysis =
                new FeatureAnalysis(stored.map(StoredPeriods::frequencies).orElse(used), shape.trainedLength());
        return new EncodingAnalysis(shape, targetLength, rounding, stored, scaled, used, analysis);
    }

    /** Every feature by index. */
    public List<Feature> features() {
        return IntStream.range(0, used.pairs()).mapToObj(this::feature).toList();
    }

    private Feature feature(int pair) {
        return new Feature(
                pair,
                2 * Math.PI / shape.radiansPerToken(pair),
                scaled.wavelength(pair),
                analysis.frequencies().periodTokens(pair),
                analysis.frequencies().turns(pair),
                used.radiansPerToken(pair),
                drift(pair),
                analysis.preCritical(pair),
                analysis.featureGap(pair, targetLength));
    }

    private double drift(int pair) {
        return Math.abs(used.radiansPerToken(pair) - scaled.radiansPerToken(pair)) * (targetLength - 1);
    }

    /** The largest drift of a pre-critical feature, radians; 0 if there is none. */
    public double largestDrift() {
        return IntStream.range(0, used.pairs())
                .filter(analysis::preCritical)
                .mapToDouble(this::drift)
                .max()
                .orElse(0);
    }

    /** Distances from the trained length to the target length at which the fast features nearly return. */
    public Aliases aliases() {
        return Aliases.of(analysis.frequencies(), shape.trainedLength(), targetLength);
    }

    /** Tokens after which all pre-critical features repeat together; empty if they don't repeat exactly. */
    public Optional<BigInteger> repeatPeriod() {
        return !rounding.isNone() || stored.isPresent() ? analysis.repeatPeriod() : Optional.empty();
    }
}
