package resonance.rope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.analysis.EncodingAnalysis.Feature;

class EncodingAnalysisTest {
    private static final RopeShape SHAPE = RopeShape.of(8, 10_000, 128);

    @Test
    void aFeatureIsShownUnscaledScaledAndRounded() {
        Feature slow = EncodingAnalysis.of(new LinearScaling(4), Rounding.WHOLE, SHAPE, 512)
                .features()
                .get(1);
        assertThat(slow.wavelength()).isCloseTo(20 * Math.PI, within(1e-12));
        assertThat(slow.scaledWavelength()).isCloseTo(80 * Math.PI, within(1e-12));
        assertThat(slow.periodTokens()).isEqualTo(251);
        assertThat(slow.radiansPerToken()).isEqualTo(2 * Math.PI / 251);
        assertThat(slow.preCritical()).isFalse();
    }

    @Test
    void onlyWholeWavelengthsRepeatTogether() {
        assertThat(EncodingAnalysis.of(new LinearScaling(4), Rounding.NONE, SHAPE, 512)
                        .repeatPeriod())
                .isEmpty();
        assertThat(EncodingAnalysis.of(new LinearScaling(4), Rounding.WHOLE, SHAPE, 512)
                        .repeatPeriod())
                .contains(BigInteger.valueOf(25));
    }

    @Test
    void wholeNumbersAreKnownAgainInAFilesFloat32() {
        RopeFrequencies exact = new Resonance(new LinearScaling(4)).frequencies(SHAPE);
        double[] stored = Arrays.stream(exact.radiansPerToken())
                .map(radians -> (float) radians)
                .toArray();
        RopeScaling file = shape -> RopeFrequencies.of(stored, 1);
        EncodingAnalysis analysis = EncodingAnalysis.of(file, Rounding.NONE, SHAPE, 512);
        assertThat(analysis.stored())
                .hasValueSatisfying(periods -> assertThat(periods.areWhole()).isTrue());
        assertThat(analysis.repeatPeriod()).contains(BigInteger.valueOf(25));
        assertThat(analysis.features()).extracting(Feature::periodTokens).containsExactly(25L, 251L, 2513L, 25133L);
        assertThat(analysis.features().get(1).radiansPerToken()).isEqualTo(stored[1]);
    }

    @Test
    void aFeatureThatDoesNotRotateHasAnInfiniteWavelengthAndNoPeriod() {
        Feature still = EncodingAnalysis.of(new ProportionalScaling(0.5, 1), Rounding.WHOLE, SHAPE, 512)
                .features()
                .get(3);
        assertThat(still.scaledWavelength()).isInfinite();
        assertThat(still.periodTokens()).isZero();
    }

    @Test
    void aTargetShorterThanTheTrainedLengthIsRefused() {
        EncodingAnalysis analysis = EncodingAnalysis.of(new NoScaling(), Rounding.NONE, SHAPE, 127);
        assertThatThrownBy(analysis::features)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targetLength must be from trainedLength (128) to 2^53, was 127");
    }

    @Test
    void anglesOfAWholeWavelengthRepeatExactly() {
        FeatureAngles angles = FeatureAngles.of(new Resonance(new NoScaling()).frequencies(SHAPE), 0, 13);
        assertThat(angles.wavelength()).isEqualTo(6);
        assertThat(angles.radians().subList(6, 12)).isEqualTo(angles.radians().subList(0, 6));
        FeatureAngles plain = FeatureAngles.of(new NoScaling().frequencies(SHAPE), 0, 8);
        assertThat(plain.radians()).isEqualTo(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7 % (2 * Math.PI)));
    }

    @Test
    void theWidestGapIsAmongFeaturesThatBothCover() {
        FeatureAnalysis plain = new FeatureAnalysis(new NoScaling().frequencies(SHAPE), 128);
        FeatureAnalysis rounded = new FeatureAnalysis(new Resonance(new NoScaling()).frequencies(SHAPE), 128);
        int widest = FeatureAngles.widestGap(plain, rounded, 512).orElseThrow();
        for (int j = 0; j < 2; j++) {
            assertThat(plain.featureGap(j, 512)).isLessThanOrEqualTo(plain.featureGap(widest, 512));
        }
        FeatureAnalysis none = new FeatureAnalysis(new NoScaling().frequencies(SHAPE), 6);
        assertThat(FeatureAngles.widestGap(none, rounded, 512)).isEqualTo(OptionalInt.empty());
    }

    @Test
    void aHeadLargerThanAnyTableShowsIsRefused() {
        RopeShape shape = RopeShape.of(300_000, 10_000, 4096);
        assertThatThrownBy(() -> EncodingAnalysis.of(new NoScaling(), Rounding.NONE, shape, 8192))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("headSize must be at most 4096, was 300000");
    }

    /** Counting positions, this took minutes and gigabytes. */
    @Test
    @Timeout(10)
    void noLengthTakesLongerThanAnother() {
        RopeShape shape = RopeShape.of(1024, 10_000, Integer.MAX_VALUE);
        EncodingAnalysis analysis = EncodingAnalysis.of(new NoScaling(), Rounding.NONE, shape, 1L << 53);
        assertThat(analysis.features()).allMatch(feature -> feature.featureGap() > 0 && feature.featureGap() < 1e-5);
    }

    @Test
    void fractionsShowPeriodsTurnsAndWhatTheyCost() {
        RopeShape shape = RopeShape.of(64, 100_000, 8192);
        EncodingAnalysis whole = EncodingAnalysis.of(new NoScaling(), Rounding.WHOLE, shape, 32_768);
        EncodingAnalysis fractions = EncodingAnalysis.of(new NoScaling(), Rounding.tokens(8192), shape, 32_768);
        Feature fastest = fractions.features().get(0);
        assertThat(fastest.periodTokens()).isEqualTo(710);
        assertThat(fastest.turns()).isEqualTo(113);
        assertThat(fastest.drift()).isCloseTo(32_767 * Math.abs(2 * Math.PI * 113 / 710 - 1), within(1e-9));
        assertThat(fractions.features())
                .filteredOn(Feature::preCritical)
                .allMatch(feature -> feature.featureGap() == 0);
        assertThat(whole.features()).filteredOn(Feature::preCritical).allMatch(feature -> feature.featureGap() == 0);
        assertThat(fractions.largestDrift()).isLessThan(0.006);
        assertThat(whole.largestDrift()).isGreaterThan(1000);
        assertThat(EncodingAnalysis.of(new NoScaling(), Rounding.NONE, shape, 32_768)
                        .largestDrift())
                .isZero();
    }
}
