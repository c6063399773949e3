package resonance.rope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.EncodingName;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;
import resonance.rope.analysis.EncodingAnalysis.Feature;

/** The analysis of every encoding of the catalogue against its definitions, position by position. */
class CatalogueAnalysisTest {
    private static final int PAIRS = 8;
    private static final int TRAINED = 64;
    private static final int TARGET = 160;
    private static final RopeShape SHAPE = RopeShape.of(2 * PAIRS, 10_000, TRAINED);
    private static final ScalingSettings SETTINGS = ScalingSettings.ofFactor(2.5)
            .with(LongRopeScaling.SHORT_FACTORS, Collections.nCopies(PAIRS, 1.25))
            .with(LongRopeScaling.LONG_FACTORS, Collections.nCopies(PAIRS, 2.5))
            .with(ProportionalScaling.ROTATED_SHARE, 0.5);

    static List<EncodingName> encodings() {
        List<EncodingName> encodings = new ArrayList<>(RopeEncodings.standard().encodings());
        for (ScalingMethod method : RopeEncodings.standard().methods()) {
            encodings.add(new EncodingName(method, Rounding.tokens(16)));
            encodings.add(new EncodingName(method, Rounding.wavelengths(4)));
        }
        return encodings;
    }

    private static EncodingAnalysis analysis(EncodingName encoding) {
        return EncodingAnalysis.of(encoding.withoutResonance().scaling(SETTINGS), encoding.rounding(), SHAPE, TARGET);
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyFeatureIsThatOfTheScalingsFrequencies(EncodingName encoding) {
        RopeFrequencies scaled = encoding.withoutResonance().scaling(SETTINGS).frequencies(SHAPE);
        List<Feature> features = analysis(encoding).features();
        assertThat(features).extracting(Feature::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        for (Feature feature : features) {
            double turn = 2 * Math.PI;
            double wavelength = turn / scaled.radiansPerToken(feature.index());
            boolean whole = encoding.rounding().equals(Rounding.WHOLE) && Double.isFinite(wavelength);
            boolean rounded = encoding.resonance() && Double.isFinite(wavelength);
            double inUse = whole
                    ? Math.max(1, Math.rint(wavelength))
                    : rounded ? feature.periodTokens() / (double) feature.turns() : wavelength;
            assertThat(feature.wavelength())
                    .isCloseTo(turn * Math.pow(10_000, feature.index() / (double) PAIRS), withinPercentage(1e-10));
            assertThat(feature.scaledWavelength()).isEqualTo(wavelength);
            assertThat(feature.periodTokens() > 0).isEqualTo(rounded);
            if (whole) {
                assertThat(feature.periodTokens()).isEqualTo((long) inUse);
                assertThat(feature.turns()).isEqualTo(1);
            }
            assertThat(feature.radiansPerToken()).isCloseTo(turn / inUse, within(1e-15));
            assertThat(feature.preCritical()).isEqualTo(inUse < TRAINED);
        }
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyGapIsTheWorstOfAllLaterPositions(EncodingName encoding) {
        for (Feature feature : analysis(encoding).features()) {
            double worst = 0;
            for (int later = TRAINED; later < TARGET; later++) {
                double nearest = 2;
                for (int trained = 0; trained < TRAINED; trained++) {
                    double angle = (later - trained) * feature.radiansPerToken();
                    nearest = Math.min(nearest, 2 * Math.abs(Math.sin(angle / 2)));
                }
                worst = Math.max(worst, nearest);
            }
            assertThat(feature.featureGap()).as("feature %s", feature.index()).isCloseTo(worst, within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void theRepeatPeriodIsTheFirstPositionWhereEveryPreCriticalFeatureBeginsAnew(EncodingName encoding) {
        EncodingAnalysis analysis = analysis(encoding);
        List<Long> periods = analysis.features().stream()
                .filter(Feature::preCritical)
                .map(Feature::periodTokens)
                .toList();
        if (!encoding.resonance()) {
            assertThat(analysis.repeatPeriod()).isEmpty();
            return;
        }
        long position = 1;
        while (begunSince(position, periods) < periods.size()) {
            position++;
        }
        assertThat(analysis.repeatPeriod()).contains(BigInteger.valueOf(position));
    }

    private static long begunSince(long position, List<Long> periods) {
        return periods.stream().filter(period -> position % period == 0).count();
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyAngleIsThatOfItsPositionWithinOneTurn(EncodingName encoding) {
        RopeFrequencies used = encoding.scaling(SETTINGS).frequencies(SHAPE);
        for (int pair = 0; pair < PAIRS; pair++) {
            FeatureAngles angles = FeatureAngles.of(used, pair, TARGET);
            assertThat(angles.feature()).isEqualTo(pair);
            assertThat(angles.wavelength()).isEqualTo(used.wavelength(pair));
            assertThat(angles.radians()).hasSize(TARGET).allMatch(angle -> angle >= 0 && angle < 2 * Math.PI);
            for (int position : IntStream.range(0, TARGET).toArray()) {
                double angle = position * used.radiansPerToken(pair);
                double shown = angles.radians().get(position);
                assertThat(Math.cos(shown)).isCloseTo(Math.cos(angle), within(1e-12));
                assertThat(Math.sin(shown)).isCloseTo(Math.sin(angle), within(1e-12));
            }
        }
    }
}
