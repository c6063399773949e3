package resonance.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import resonance.rope.NearReturn;
import resonance.rope.PlainNumber;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.StoredPeriods;
import resonance.rope.analysis.Aliases;
import resonance.rope.analysis.Aliases.Alias;
import resonance.rope.analysis.EncodingAnalysis;
import resonance.rope.analysis.FeatureAnalysis;

/**
 * The features of one encoding as {@code resonance rope} prints them; the components are the keys of its JSON document.
 *
 * @param headSize dimensions that rotate
 * @param base rotary base
 * @param trainedLength L, tokens
 * @param targetLength L', tokens; the feature gaps are those of positions from L to here
 * @param sequenceLength current length, tokens, as scalings see it that depend on it
 * @param scaling name of the scaling, see {@link ShownEncoding}
 * @param factor s, as far as the scaling reads it
 * @param resonance whether wavelengths are rounded after the scaling
 * @param wholeToFloat32 whether wavelengths are whole numbers but for a file's rounding
 * @param storedPeriods the periods that a file's frequencies stand for, in words; null if they stand for none
 * @param criticalFeature c, the first feature whose wavelength in use is at least L
 * @param preCriticalFeatures number of features whose wavelength in use is below L
 * @param repeatPeriod tokens after which all pre-critical features repeat together, in decimal; null if they
 *     are not whole numbers
 * @param attentionScale factor on cosine and sine
 * @param features every feature by index
 * @param fastFeatures indices of the features that aliases are returns of, see {@link NearReturn}
 * @param fastRepeatPeriod tokens after which these repeat together, in decimal; null if they never do exactly
 * @param aliases distances from L on at which they nearly return, strongest first; empty if L' is L
 * @param aliasesSearchedTo the first distance that was not looked at for aliases; L' unless that is too far
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
        String rounding,
        boolean wholeToFloat32,
        @Nullable String storedPeriods,
        int criticalFeature,
        int preCriticalFeatures,
        double largestDrift,
        @Nullable String repeatPeriod,
        double attentionScale,
        List<Feature> features,
        List<Integer> fastFeatures,
        @Nullable String fastRepeatPeriod,
        List<Alias> aliases,
        long aliasesSearchedTo) {
    private static final int MOST_DIGITS = 15;

    /**
     * One feature. A wavelength is null where the feature does not rotate.
     *
     * @param index j
     * @param wavelength 2π/θ unscaled, tokens
     * @param scaledWavelength after the scaling, before rounding, tokens
     * @param roundedWavelength whole number of tokens; null where it is not one
     * @param periodTokens tokens after which it repeats exactly; null if it never does
     * @param turns turns in a period; null without one
     * @param radiansPerToken frequency in use
     * @param drift radians that rounding moves it by at the target length
     * @param preCritical whether the wavelength in use is below the trained length
     * @param featureGap 0 to 2, see {@link FeatureAnalysis#featureGap}
     */
    record Feature(
            int index,
            @Nullable Double wavelength,
            @Nullable Double scaledWavelength,
            @Nullable Long roundedWavelength,
            @Nullable Long periodTokens,
            @Nullable Long turns,
            double radiansPerToken,
            double drift,
            boolean preCritical,
            double featureGap) {
        private static Feature of(EncodingAnalysis.Feature feature) {
            return new Feature(
                    feature.index(),
                    finite(feature.wavelength()),
                    finite(feature.scaledWavelength()),
                    feature.turns() == 1 ? feature.periodTokens() : null,
                    feature.turns() > 0 ? feature.periodTokens() : null,
                    feature.turns() > 0 ? feature.turns() : null,
                    feature.radiansPerToken(),
                    feature.drift(),
                    feature.preCritical(),
                    feature.featureGap());
        }
    }

    /** Analyses an encoding of this shape. */
    static FeatureTable of(ShownEncoding shown, Rounding rounding, RopeShape shape, long targetLength) {
        return of(shown, rounding, Rounding.NONE, shape, targetLength);
    }

    /** Analyses an encoding of a file that says it was rounded in this way. */
    static FeatureTable of(ShownEncoding shown, Rounding rounding, Rounding said, RopeShape shape, long targetLength) {
        EncodingAnalysis analysis = EncodingAnalysis.of(shown.scaling(), rounding, said, shape, targetLength);
        Aliases aliases = analysis.aliases();
        return new FeatureTable(
                shape.headSize(),
                shape.base(),
                shape.trainedLength(),
                targetLength,
                shape.sequenceLength(),
                shown.name(),
                shown.factor(),
                !rounding.isNone(),
                rounding.toString(),
                analysis.stored().filter(StoredPeriods::areWhole).isPresent(),
                analysis.stored().map(StoredPeriods::text).orElse(null),
                analysis.analysis().criticalFeature(),
                analysis.analysis().preCriticalFeatures(),
                analysis.largestDrift(),
                analysis.repeatPeriod().map(BigInteger::toString).orElse(null),
                analysis.used().attentionScale(),
                analysis.features().stream().map(Feature::of).toList(),
                aliases.features(),
                aliases.features().isEmpty()
                        ? null
                        : analysis.analysis()
                                .repeatPeriod(aliases.features())
                                .map(BigInteger::toString)
                                .orElse(null),
                aliases.strongest(),
                aliases.searchedTo());
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
                PlainNumber.text(base),
                trainedLength,
                targetLength);
        out.printf(
                Locale.ROOT,
                "Scaling %s%s, %s, attention scale %.6g%n%n",
                scaling,
                scaling.equals("none") || factor == 1 ? "" : " with factor " + PlainNumber.text(factor),
                resonance
                        ? "with resonance" + (rounding.equals("whole") ? "" : " " + rounding)
                        : storedPeriods == null ? "without resonance" : "read as " + storedPeriods,
                attentionScale);
        String row = resonance || storedPeriods != null
                ? "%7s %14s %14s %10s %16s  %-13s %10s%n"
                : "%7s %14s %14s%.0s %16s  %-13s %10s%n";
        out.printf(
                row,
                "feature",
                "wavelength",
                "scaled",
                bounded() ? "period" : "rounded",
                "radians/token",
                "critical",
                "gap");
        for (Feature feature : features) {
            out.printf(
                    Locale.ROOT,
                    row,
                    feature.index,
                    wavelength(feature.wavelength),
                    wavelength(feature.scaledWavelength),
                    period(feature),
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
        if (resonance) {
            out.printf(
                    Locale.ROOT,
                    "Largest drift of a pre-critical feature from the scaling up to the target length: %.4g radians%n",
                    largestDrift);
        }
        out.printf(
                "Repeat period of the pre-critical features: %s%n",
                preCriticalFeatures == 0
                        ? "none, there are no such features"
                        : repeatPeriod != null
                                ? tokens(repeatPeriod)
                                : storedPeriods == null
                                        ? "none, wavelengths are not whole numbers"
                                        : "not known, rounded numbers tell short periods only");
        if (storedPeriods != null) {
            out.println((wholeToFloat32 ? "Rounded" : "Period")
                    + ", critical, gap and repeat period are those that the file's rounded numbers stand for.");
        }
        if (!aliases.isEmpty()) {
            printAliases(out);
        }
    }

    private void printAliases(PrintWriter out) {
        out.printf(
                "%nAliases: distances from %d to %d at which the fast features (%s) nearly return%n",
                trainedLength, aliasesSearchedTo - 1, indices(fastFeatures));
        out.printf("%10s %12s  %s%n", "distance", "similarity", "features that return");
        for (Alias alias : aliases) {
            out.printf(
                    Locale.ROOT,
                    "%10d %12s  %s%n",
                    alias.distance(),
                    String.format(Locale.ROOT, "%.3f", alias.similarity()),
                    indices(alias.pairs()));
        }
        if (fastRepeatPeriod != null) {
            out.printf("Together the fast features repeat exactly after %s.%n", tokens(fastRepeatPeriod));
        }
        if (aliasesSearchedTo < targetLength) {
            out.printf("Farther distances, up to the target length, were not searched.%n");
        }
    }

    /** Ascending indices, three and more in a row as {@code 0-21}. */
    private static String indices(List<Integer> pairs) {
        List<String> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= pairs.size(); i++) {
            if (i == pairs.size() || pairs.get(i) != pairs.get(i - 1) + 1) {
                int first = pairs.get(from);
                int last = pairs.get(i - 1);
                runs.add(first == last ? "" + first : first + (last == first + 1 ? ", " : "-") + last);
                from = i;
            }
        }
        return String.join(", ", runs);
    }

    /** Tokens, in full where people can read that: {@code 120 tokens}, {@code 4.84e+75 tokens}. */
    private static String tokens(String decimal) {
        String shown =
                decimal.length() <= MOST_DIGITS ? decimal : String.format(Locale.ROOT, "%.2e", new BigDecimal(decimal));
        return shown + " tokens";
    }

    private boolean bounded() {
        return resonance ? !rounding.equals("whole") : storedPeriods != null && !wholeToFloat32;
    }

    /** A whole wavelength, or tokens and turns: {@code 44/7}. */
    private static String period(Feature feature) {
        if (feature.periodTokens == null || feature.turns == null) {
            return "-";
        }
        return feature.turns == 1 ? feature.periodTokens.toString() : feature.periodTokens + "/" + feature.turns;
    }

    private static String wavelength(@Nullable Double tokens) {
        return tokens == null ? "no rotation" : String.format(Locale.ROOT, "%.3f", tokens);
    }

    private static String gap(double gap) {
        return gap == 0 ? "0" : String.format(Locale.ROOT, "%.6f", gap);
    }
}
