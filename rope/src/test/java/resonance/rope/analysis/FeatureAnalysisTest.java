package resonance.rope.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import resonance.rope.NoScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;

class FeatureAnalysisTest {
    private static final long SEED = 20261122;

    @Test
    void criticalFeaturesAreThePapers() {
        assertThat(plain(128, 2048).criticalFeature()).isEqualTo(41);
        assertThat(plain(128, 4096).criticalFeature()).isEqualTo(46);
        assertThat(plain(64, 64).criticalFeature()).isEqualTo(9);
        assertThat(plain(64, 256).criticalFeature()).isEqualTo(13);
        assertThat(plain(128, 4096).preCriticalFeatures()).isEqualTo(46);
        assertThat(plain(128, 1_000_000).criticalFeature()).isEqualTo(64);
        assertThat(plain(128, 4096).frequencies().wavelength(63)).isCloseTo(54_410.14, within(0.005));
    }

    @Test
    void repeatPeriodsAreThePapers() {
        BigInteger longer = resonant(128, 4096).repeatPeriod().orElseThrow();
        assertThat(longer.doubleValue()).isCloseTo(7.058e51, within(0.0005e51));
        BigInteger shorter = resonant(128, 2048).repeatPeriod().orElseThrow();
        assertThat(shorter.doubleValue()).isCloseTo(1.080e46, within(0.0005e46));
        assertThat(longer.mod(BigInteger.valueOf(6))).isZero();
        assertThat(plain(128, 4096).repeatPeriod()).isEmpty();
        assertThat(plain(128, 4).repeatPeriod()).contains(BigInteger.ONE);
    }

    @Test
    void preCriticalFeaturesHaveNoGapWithResonanceAndOneWithout() {
        for (int feature = 0; feature < 9; feature++) {
            assertThat(resonant(64, 64).featureGap(feature, 256))
                    .as("feature %s", feature)
                    .isZero();
            assertThat(plain(64, 64).featureGap(feature, 256))
                    .as("feature %s", feature)
                    .isPositive();
        }
        assertThat(resonant(64, 64).featureGap(9, 256)).isPositive();
    }

    @Test
    void gapsAreThoseOfEveryPairOfPositionsForAnyFrequency() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 300; trial++) {
            int trained = random.nextInt(1, 60);
            int target = trained + random.nextInt(0, 200);
            double radians = Math.PI * Math.exp(-6 * random.nextDouble());
            if (trial % 10 == 0) {
                radians = 2 * Math.PI / random.nextInt(1, 40);
            }
            FeatureAnalysis analysis = new FeatureAnalysis(RopeFrequencies.of(new double[] {radians}, 1), trained);
            assertThat(analysis.featureGap(0, target))
                    .as("seed %s, theta %s, %s to %s", SEED, radians, trained, target)
                    .isCloseTo(bruteForce(radians, trained, target), within(1e-12));
        }
    }

    @Test
    void gapsAreThoseOfEveryPairOfPositionsForWholePeriods() {
        for (int period = 1; period < 40; period++) {
            for (int trained = 1; trained < 45; trained++) {
                RopeFrequencies frequencies = RopeFrequencies.withPeriods(new double[1], new long[] {period}, 1);
                FeatureAnalysis analysis = new FeatureAnalysis(frequencies, trained);
                for (int target = trained; target < trained + 90; target += 1 + target % 7) {
                    assertThat(analysis.featureGap(0, target))
                            .as("period %s, %s to %s", period, trained, target)
                            .isCloseTo(bruteForce(2 * Math.PI / period, trained, target), within(1e-12));
                }
            }
        }
    }

    /** The definition, every n and every m. */
    private static double bruteForce(double radians, int trained, int target) {
        double largest = 0;
        for (int n = trained; n < target; n++) {
            double smallest = 2;
            for (int m = 0; m < trained; m++) {
                smallest = Math.min(smallest, 2 * Math.abs(Math.sin((m - n) * radians / 2)));
            }
            largest = Math.max(largest, smallest);
        }
        return largest;
    }

    @Test
    void aPairThatDoesNotRotateIsNeverOutOfRange() {
        FeatureAnalysis analysis = new FeatureAnalysis(RopeFrequencies.of(new double[] {1, 0}, 1), 64);
        assertThat(analysis.preCritical(1)).isFalse();
        assertThat(analysis.featureGap(1, 256)).isZero();
    }

    @Test
    void lengthsOutOfOrderAreRefused() {
        assertThatThrownBy(() -> plain(64, 64).featureGap(0, 63))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("targetLength must be from trainedLength (64) to 2^53, was 63");
        assertThatThrownBy(() -> plain(64, 0)).hasMessage("trainedLength must be at least 1, was 0");
        assertThat(plain(64, 64).featureGap(20, 64)).isZero();
    }

    private static FeatureAnalysis plain(int headSize, int trainedLength) {
        return analysis(new NoScaling(), headSize, trainedLength);
    }

    private static FeatureAnalysis resonant(int headSize, int trainedLength) {
        return analysis(new Resonance(new NoScaling()), headSize, trainedLength);
    }

    private static FeatureAnalysis analysis(RopeScaling scaling, int headSize, int trainedLength) {
        RopeShape shape = RopeShape.of(headSize, RopeShape.DEFAULT_BASE, 4096);
        return new FeatureAnalysis(scaling.frequencies(shape), trainedLength);
    }
}
