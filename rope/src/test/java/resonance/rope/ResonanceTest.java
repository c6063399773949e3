package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import resonance.rope.analysis.FeatureAnalysis;

class ResonanceTest {
    private static final int TRAINED_LENGTH = 256;

    @Test
    void everyWavelengthIsTheNearestWholeNumberOfTokens() {
        for (int headSize : EveryScaling.HEAD_SIZES) {
            RopeShape shape = RopeShape.of(headSize, 10_000, TRAINED_LENGTH).withSequenceLength(1000);
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                RopeFrequencies inner = scaling.frequencies(shape);
                RopeFrequencies rounded = new Resonance(scaling).frequencies(shape);
                assertThat(rounded.attentionScale()).isEqualTo(inner.attentionScale());
                for (int pair = 0; pair < inner.pairs(); pair++) {
                    String place = scaling + ", pair " + pair + " of " + headSize / 2;
                    if (inner.radiansPerToken(pair) == 0) {
                        assertThat(rounded.periodTokens(pair)).as(place).isZero();
                        assertThat(rounded.radiansPerToken(pair)).as(place).isZero();
                        continue;
                    }
                    assertThat((double) rounded.periodTokens(pair))
                            .as(place)
                            .isCloseTo(inner.wavelength(pair), within(0.5));
                    assertThat(rounded.radiansPerToken(pair))
                            .as(place)
                            .isEqualTo(2 * Math.PI / rounded.periodTokens(pair));
                }
            }
        }
    }

    @Test
    void roundingTwiceChangesNothing() {
        for (int headSize : EveryScaling.HEAD_SIZES) {
            RopeShape shape = RopeShape.of(headSize, 500_000, 8192);
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                Resonance once = new Resonance(scaling);
                assertThat(new Resonance(once).frequencies(shape))
                        .as("%s", scaling)
                        .isEqualTo(once.frequencies(shape));
            }
        }
    }

    @Test
    void tiesGoToTheEvenWavelength() {
        // pi / (n / 2 + 1 / 4) has a wavelength of n + 1/2 tokens, exactly representable.
        assertThat(periodOf(2 * Math.PI / 6.5)).isEqualTo(6);
        assertThat(periodOf(2 * Math.PI / 7.5)).isEqualTo(8);
    }

    @Test
    void aWavelengthBelowOneTokenBecomesOne() {
        // A short LongRoPE divisor can make such a pair; rounded to 0 it would have no frequency.
        assertThat(periodOf(2 * Math.PI / 0.4)).isEqualTo(1);
        assertThat(periodOf(2 * Math.PI / 0.5)).isEqualTo(1);
        assertThat(periodOf(2 * Math.PI / 1.5)).isEqualTo(2);
    }

    private static long periodOf(double radiansPerToken) {
        RopeScaling custom = shape -> RopeFrequencies.of(new double[] {radiansPerToken}, 1);
        return new Resonance(custom).frequencies(RopeShape.of(2, 10_000, 8)).periodTokens(0);
    }

    @Test
    void everyPreCriticalFeatureTakesOnlyTrainedValues() {
        // Theorem 1: at any n there is an m below L with exactly the same cosine and sine.
        for (int headSize : EveryScaling.HEAD_SIZES) {
            RopeShape shape = RopeShape.of(headSize, 10_000, TRAINED_LENGTH);
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                RopeFrequencies frequencies = new Resonance(scaling).frequencies(shape);
                int pairs = frequencies.pairs();
                FeatureAnalysis analysis = new FeatureAnalysis(frequencies, TRAINED_LENGTH);
                int length = 4 * TRAINED_LENGTH;
                float[] cosines = new float[length * pairs];
                float[] sines = new float[length * pairs];
                RotaryTable.of(frequencies).fill(0, length, cosines, sines);
                for (int pair = 0; pair < pairs; pair++) {
                    for (int n = TRAINED_LENGTH; n < length && analysis.preCritical(pair); n++) {
                        int m = (int) (n % frequencies.periodTokens(pair));
                        assertThat(m).isLessThan(TRAINED_LENGTH);
                        assertThat(cosines[n * pairs + pair]).isEqualTo(cosines[m * pairs + pair]);
                        assertThat(sines[n * pairs + pair]).isEqualTo(sines[m * pairs + pair]);
                    }
                }
            }
        }
    }

    @Test
    void resonanceWithLinearScalingCanBeBuiltAndIsRight() {
        // Regression: the authors' class for this combination reads attributes that are never set.
        RopeFrequencies frequencies =
                new Resonance(new LinearScaling(4)).frequencies(RopeShape.of(64, 10_000, TRAINED_LENGTH));
        // 4 * 2*pi = 25.13, 4 * 2*pi * 10000^(1/32) = 33.51, ... * 10000^(2/32) = 44.69
        assertThat(frequencies.periodTokens(0)).isEqualTo(25);
        assertThat(frequencies.periodTokens(1)).isEqualTo(34);
        assertThat(frequencies.periodTokens(2)).isEqualTo(45);
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(2 * Math.PI / 25);
    }

    @Test
    void scalingsThatRecomputeAreRoundedAgainAtEveryLength() {
        for (RopeScaling dynamic :
                new RopeScaling[] {new DynamicNtkScaling(1), new DynamicYarnScaling(new YarnScaling(1, 2, 1))}) {
            Resonance resonance = new Resonance(dynamic);
            assertThat(resonance.dependsOnSequenceLength()).isTrue();
            RopeShape shape = RopeShape.of(64, 10_000, TRAINED_LENGTH);
            RopeFrequencies trained = resonance.frequencies(shape);
            assertThat(trained).isEqualTo(new Resonance(new NoScaling()).frequencies(shape));
            RopeFrequencies longer = resonance.frequencies(shape.withSequenceLength(1024));
            for (int pair = 0; pair < 32; pair++) {
                assertThat(longer.periodTokens(pair)).isPositive();
            }
            assertThat(longer.periodTokens(31)).isGreaterThan(trained.periodTokens(31));
        }
        assertThat(new Resonance(new YarnScaling(4)).dependsOnSequenceLength()).isFalse();
    }

    @Test
    void wavelengthsBeyondExactWholeNumbersAreLeftAsTheyAre() {
        RopeScaling slow = shape -> RopeFrequencies.of(new double[] {1e-30}, 1);
        RopeFrequencies frequencies = new Resonance(slow).frequencies(RopeShape.of(2, 10_000, 8));
        assertThat(frequencies.periodTokens(0)).isZero();
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(1e-30);
    }

    @Test
    @SuppressWarnings("NullAway")
    void rejectsNoInnerScaling() {
        assertThatThrownBy(() -> new Resonance(null)).hasMessage("inner must not be null");
    }
}
