package resonance.cli;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import resonance.rope.FeatureAnalysis;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;

/**
 * The features of one encoding as {@code resonance rope} prints them; the components are the keys of its JSON document.
 *
 * <p>A model written with Resonance holds its frequencies as float32 numbers, which are no longer exactly those of whole
 * wavelengths. Where {@link Resonance#readBack} knows them again, the rounded wavelengths and what follows from them
 * (critical feature, gaps, repeat period) are those of the whole numbers; the frequencies are the file's.
 *
 * @param headSize dimensions that rotate
 * @param base rotary base
 * @param trainedLength L, tokens
 * @param targetLength L', tokens; the feature gaps are those of positions from L to here
 * @param sequenceLength current length, tokens, as scalings see it that depend on it
 * @param scaling name of the scaling, see {@link ShownEncoding}
 * @param factor s, as far as the scaling reads it
 * @param resonance whether wavelengths are rounded after the scaling
 * @param wholeToFloat32 whether wavelengths are whole numbers but for a file's float32
 * @param criticalFeature c, the first feature whose wavelength in use is at least L
 * @param preCriticalFeatures number of features whose wavelength in use is below L
 * @param repeatPeriod tokens after which all pre-critical features repeat together, in decimal; null if they
 *     are not whole numbers
 * @param attentionScale factor on cosine and sine
 * @param features every feature by index
 */
record FeatureTable(
        int headSize,
        double base,
        int trainedLength,
        long targetLength,
        long sequenceLength,
        String scaling,
        double factor,
        boolean resonance,
        boolean wholeToFloat32,
        int criticalFeature,
        int preCriticalFeatures,
        @Nullable String repeatPeriod,
        double attentionScale,
        List<Feature> features) {
    /**
     * One feature. A wavelength is null where the feature does not rotate.
     *
     * @param index j
     * @param wavelength 2π/θ unscaled, tokens
     * @param scaledWavelength after the scaling, before rounding, tokens
     * @param roundedWavelength whole number of tokens; null where it is not one
     * @param radiansPerToken frequency in use
     * @param preCritical whether the wavelength in use is below the trained length
     * @param featureGap 0 to 2, see {@link FeatureAnalysis#featureGap}
     */
    record Feature(
            int index,
            @Nullable Double wavelength,
            @Nullable Double scaledWavelength,
            @Nullable Long roundedWavelength,
            double radiansPerToken,
            boolean preCritical,
            double featureGap) {}

    /** Analyses an encoding of this shape. */
    static FeatureTable of(RopeShape shape, long targetLength, ShownEncoding encoding) {
        RopeFrequencies used = encoding.used();
        Optional<RopeFrequencies> readBack = encoding.resonance() ? Optional.empty() : Resonance.readBack(used);
        RopeFrequencies analysed = readBack.orElse(used);
        FeatureAnalysis analysis = new FeatureAnalysis(analysed, shape.trainedLength());
        List<Feature> features = new ArrayList<>();
        for (int j = 0; j < used.pairs(); j++) {
            features.add(new Feature(
                    j,
                    finite(2 * Math.PI / shape.radiansPerToken(j)),
                    finite(encoding.scaled().wavelength(j)),
                    analysed.periodTokens(j) > 0 ? analysed.periodTokens(j) : null,
                    used.radiansPerToken(j),
                    analysis.preCritical(j),
                    analysis.featureGap(j, targetLength)));
        }
        boolean whole = encoding.resonance() || readBack.isPresent();
        return new FeatureTable(
                shape.headSize(),
                shape.base(),
                shape.trainedLength(),
                targetLength,
                shape.sequenceLength(),
                encoding.scaling(),
                encoding.factor(),
                encoding.resonance(),
                readBack.isPresent(),
                analysis.criticalFeature(),
                analysis.preCriticalFeatures(),
                whole ? analysis.repeatPeriod().map(BigInteger::toString).orElse(null) : null,
                used.attentionScale(),
                List.copyOf(features));
    }

    private static @Nullable Double finite(double wavelength) {
        return Double.isFinite(wavelength) ? wavelength : null;
    }

    /** Prints the table for people. */
    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "Head size %d, base %s, trained length %d, target length %d%n",
                headSize,
                plain(base),
                trainedLength,
                targetLength);
        out.printf(
                Locale.ROOT,
                "Scaling %s%s, %s, attention scale %.6g%n%n",
                scaling,
                scaling.equals("none") || factor == 1 ? "" : " with factor " + plain(factor),
                resonance ? "with resonance" : wholeToFloat32 ? "wavelengths whole to float32" : "without resonance",
                attentionScale);
        String row = resonance || wholeToFloat32
                ? "%7s %14s %14s %10s %16s  %-13s %10s%n"
                : "%7s %14s %14s%.0s %16s  %-13s %10s%n";
        out.printf(row, "feature", "wavelength", "scaled", "rounded", "radians/token", "critical", "gap");
        for (Feature feature : features) {
            out.printf(
                    Locale.ROOT,
                    row,
                    feature.index,
                    wavelength(feature.wavelength),
                    wavelength(feature.scaledWavelength),
                    feature.roundedWavelength == null ? "-" : feature.roundedWavelength,
                    String.format(Locale.ROOT, "%.8g", feature.radiansPerToken),
                    feature.preCritical ? "pre-critical" : "post-critical",
                    gap(feature.featureGap));
        }
        out.printf(
                Locale.ROOT,
                "%nCritical feature: %d (%d of %d features turn fully within the trained length)%n",
                criticalFeature,
                preCriticalFeatures,
                features.size());
        out.printf(
                "Repeat period of the pre-critical features: %s%n",
                repeatPeriod == null ? "none, wavelengths are not whole numbers" : repeatPeriod + " tokens");
        if (wholeToFloat32) {
            out.println(
                    "Rounded, critical, gap and repeat period are those of the whole numbers that the file's float32"
                            + " numbers stand for.");
        }
    }

    private static String wavelength(@Nullable Double tokens) {
        return tokens == null ? "no rotation" : String.format(Locale.ROOT, "%.3f", tokens);
    }

    private static String gap(double gap) {
        return gap == 0 ? "0" : String.format(Locale.ROOT, "%.6f", gap);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
