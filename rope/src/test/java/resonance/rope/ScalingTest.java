package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScalingTest {
    private static final RopeShape POSGEN = RopeShape.of(64, 10_000, 64);

    @Test
    void factorOneIsNoScaling() {
        RopeFrequencies unscaled = new NoScaling().frequencies(POSGEN);
        for (RopeScaling scaling : List.of(
                new LinearScaling(1),
                new NtkAwareScaling(1),
                AdjustedBaseScaling.multipliedBy(1),
                new DynamicNtkScaling(1),
                new NtkByPartsScaling(1),
                new YarnScaling(1),
                new PaperYarnScaling(1),
                new DynamicYarnScaling(new YarnScaling(1)),
                new Llama3Scaling(1),
                new ProportionalScaling(1, 1),
                new CriticalNtkScaling(1),
                new MixedRadixScaling(1),
                new ClippedScaling(0))) {
            RopeFrequencies frequencies = scaling.frequencies(POSGEN);
            assertThat(frequencies.attentionScale()).as("%s", scaling).isEqualTo(1);
            for (int pair = 0; pair < 32; pair++) {
                assertThat(frequencies.radiansPerToken(pair))
                        .as("%s, pair %s", scaling, pair)
                        .isCloseTo(unscaled.radiansPerToken(pair), within(1e-15 * unscaled.radiansPerToken(pair)));
            }
        }
    }

    @Test
    void ntkStretchesTheSlowestPairByTheFactorAndTheFastestNotAtAll() {
        RopeFrequencies frequencies = new NtkAwareScaling(8).frequencies(POSGEN);
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(1);
        assertThat(frequencies.wavelength(31))
                .isCloseTo(8 * 2 * Math.PI / POSGEN.radiansPerToken(31), within(1e-9 * frequencies.wavelength(31)));
    }

    @Test
    void criticalNtkLetsThePairThatTurnedOnceInTrainingTurnOnceInTheTargetLength() {
        RopeShape llama = RopeShape.of(128, 500_000, 8192);
        RopeFrequencies frequencies = new CriticalNtkScaling(16).frequencies(llama);
        // ln lambda is linear in the index; the critical pair is no whole one.
        double critical = 64 * Math.log(8192 / (2 * Math.PI)) / Math.log(500_000);
        double perPair = Math.log(frequencies.wavelength(1) / frequencies.wavelength(0));
        assertThat(Math.exp(Math.log(2 * Math.PI) + critical * perPair)).isCloseTo(16 * 8192, within(1e-6));
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(1);
    }

    /** A base that others computed: the discussion of Mistral-Large-Instruct-2407's configuration, number 16. */
    @Test
    void theCriticalBaseIsThatOfAPublishedExample() {
        RopeShape mistral = RopeShape.of(128, 1_000_000, 32_768);
        assertThat(new CriticalNtkScaling(4).scaledBase(mistral)).isCloseTo(9_370_821, within(0.5));
    }

    @Test
    void theCriticalBaseNeedsALengthInWhichAPairTurnsOnceAndANumberThatIsFinite() {
        refuses(
                () -> new CriticalNtkScaling(2).frequencies(RopeShape.of(8, 10_000, 6)),
                "trainedLength must be above 2*pi for critical NTK scaling, was 6; no pair makes a whole turn in less,"
                        + " use ntk");
        assertThat(new CriticalNtkScaling(2).scaledBase(RopeShape.of(8, 10_000, 7)))
                .isGreaterThan(10_000);
        refuses(
                () -> new CriticalNtkScaling(1000).frequencies(RopeShape.of(8, 1e6, 7)),
                "factor must leave the critical base a finite number for base 1000000 and trainedLength 7, was 1000;"
                        + " take a smaller one");
    }

    @Test
    void mixedRadixSlowsEveryPairOfTheRampAgainstTheOneBeforeByEvenlyGrowingFactors() {
        // c(32) = 20.9 and c(1) = 45.03: the ramp runs from pair 20 to pair 46, w = 26.
        RopeShape llama = RopeShape.of(128, 10_000, 4096);
        RopeFrequencies frequencies = new MixedRadixScaling(8).frequencies(llama);
        double[] slowed = new double[64];
        for (int pair = 0; pair < slowed.length; pair++) {
            slowed[pair] = llama.radiansPerToken(pair) / frequencies.radiansPerToken(pair);
        }
        double step = 2 * Math.log(8) / (26 * 27);
        for (int pair = 1; pair < slowed.length; pair++) {
            double k = pair > 20 && pair <= 46 ? pair - 20 : 0;
            assertThat(Math.log(slowed[pair] / slowed[pair - 1]))
                    .as("pair %s", pair)
                    .isCloseTo(k * step, within(1e-13));
        }
        assertThat(slowed[20]).isEqualTo(1);
        assertThat(slowed[46]).isCloseTo(8, within(1e-14));
        assertThat(frequencies.attentionScale()).isEqualTo(new YarnScaling(8).attentionScale());
    }

    @Test
    void mixedRadixWithoutAPairBetweenItsBoundsIsAStep() {
        // L = 6 < 2*pi: c(32) = -4.0 and c(1) = -0.06, so the ramp would end where it begins, at pair 0.
        RopeShape shorter = RopeShape.of(64, 10_000, 6);
        RopeFrequencies frequencies = new MixedRadixScaling(4).frequencies(shorter);
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(1);
        for (int pair = 1; pair < 32; pair++) {
            assertThat(frequencies.radiansPerToken(pair)).isEqualTo(shorter.radiansPerToken(pair) / 4);
        }
        assertThat(new MixedRadixScaling(4).frequencies(RopeShape.of(64, 10_000, 1)))
                .isEqualTo(frequencies);
        assertThat(new MixedRadixScaling(4).frequencies(RopeShape.of(2, 10_000, 64)))
                .isEqualTo(RopeFrequencies.of(new double[] {1}, YarnScaling.magnitude(4, 1)));
    }

    @Test
    void clippingBringsTheSlowestPairToRestAndLeavesThoseBeforeTheShareAlone() {
        RopeShape llama = RopeShape.of(128, 500_000, 8192);
        RopeFrequencies frequencies =
                ClippedScaling.METHOD.scaling(ScalingSettings.DEFAULTS).frequencies(llama);
        for (int pair = 0; pair <= 44; pair++) {
            assertThat(frequencies.radiansPerToken(pair)).isEqualTo(llama.radiansPerToken(pair));
        }
        assertThat(frequencies.radiansPerToken(45)).isLessThan(llama.radiansPerToken(45));
        assertThat(frequencies.radiansPerToken(63)).isZero();
        assertThat(frequencies.attentionScale()).isEqualTo(1);
    }

    @Test
    void oneClippedPairKeepsItsFrequencyAndAllOfThemBeginWithTheFastest() {
        RopeShape few = RopeShape.of(4, 10_000, 64);
        RopeFrequencies unscaled = new NoScaling().frequencies(few);
        assertThat(new ClippedScaling(0.49).frequencies(few)).isEqualTo(unscaled);
        assertThat(new ClippedScaling(0.5).frequencies(few)).isEqualTo(unscaled);
        assertThat(new ClippedScaling(1).frequencies(few)).isEqualTo(RopeFrequencies.of(new double[] {1, 0}, 1));
        assertThat(new Resonance(new ClippedScaling(1)).frequencies(few).periodTokens(1))
                .isZero();
    }

    @Test
    void yarnsRampUsesTheTrainedLengthNotTheExtrapolatedOne() {
        // Regression: the authors' PosGen code hands 256 to the ramp where 64 belongs. With 64 and bounds 2 and 1 the
        // ramp
        // runs from pair floor(5.66) = 5 to ceil(8.06) = 9; with 256 it would run from 10 to 13.
        YarnScaling yarn = new YarnScaling(4, 2, 1);
        RopeFrequencies frequencies = yarn.frequencies(POSGEN.withSequenceLength(256));
        for (int pair = 0; pair < 32; pair++) {
            double kept = frequencies.radiansPerToken(pair) / POSGEN.radiansPerToken(pair);
            double interpolated = Math.min(1, Math.max(0, (pair - 5) / 4.0));
            assertThat(kept).as("pair %s", pair).isCloseTo(1 - interpolated * 0.75, within(1e-15));
        }
        assertThat(frequencies).isEqualTo(yarn.frequencies(POSGEN));
        assertThat(yarn.dependsOnSequenceLength()).isFalse();
    }

    @Test
    void theTwoFormsOfYarnDifferOnlyOnTheRamp() {
        RopeShape llama = RopeShape.of(128, 10_000, 4096);
        RopeFrequencies published = new YarnScaling(8).frequencies(llama);
        RopeFrequencies printed = new PaperYarnScaling(8).frequencies(llama);
        assertThat(printed.attentionScale()).isEqualTo(published.attentionScale());
        int different = 0;
        for (int pair = 0; pair < 64; pair++) {
            double turns = 4096 / (2 * Math.PI / llama.radiansPerToken(pair));
            boolean same = Math.abs(printed.radiansPerToken(pair) / published.radiansPerToken(pair) - 1) < 1e-15;
            // The published ramp is rounded outward by up to one pair on either side.
            if (turns > 32 * 1.16 || turns < 1 / 1.16) {
                assertThat(same).as("pair %s", pair).isTrue();
            }
            if (!same) {
                different++;
            }
        }
        assertThat(different).isBetween(20, 28);
    }

    @Test
    void dynamicScalingsStretchWithTheText() {
        DynamicYarnScaling dynamic = new DynamicYarnScaling(new YarnScaling(1, 2, 1));
        assertThat(dynamic.frequencies(POSGEN.withSequenceLength(256)))
                .isEqualTo(new YarnScaling(4, 2, 1).frequencies(POSGEN));
        assertThat(dynamic.frequencies(POSGEN.withSequenceLength(10))).isEqualTo(dynamic.frequencies(POSGEN));
        DynamicNtkScaling ntk = new DynamicNtkScaling(1);
        assertThat(ntk.frequencies(POSGEN.withSequenceLength(256)))
                .isEqualTo(new NtkAwareScaling(4).frequencies(POSGEN));
        assertThat(ntk.frequencies(POSGEN.withSequenceLength(10))).isEqualTo(new NoScaling().frequencies(POSGEN));
    }

    @Test
    void aFineTunedDynamicYarnStartsFromItsFactor() {
        DynamicYarnScaling dynamic = new DynamicYarnScaling(new YarnScaling(4));
        assertThat(dynamic.frequencies(POSGEN)).isEqualTo(new YarnScaling(4).frequencies(POSGEN));
        assertThat(dynamic.frequencies(POSGEN.withSequenceLength(512)))
                .isEqualTo(new YarnScaling(8).frequencies(POSGEN));
    }

    @Test
    void longRopeSwitchesListsBeyondTheTrainedLength() {
        RopeShape shape = RopeShape.of(4, 10_000, 100);
        LongRopeScaling scaling = new LongRopeScaling(List.of(1.0, 2.0), List.of(1.0, 4.0), 4, OptionalDouble.empty());
        assertThat(scaling.dependsOnSequenceLength()).isTrue();
        assertThat(scaling.frequencies(shape).radiansPerToken(1)).isEqualTo(0.01 / 2);
        assertThat(scaling.frequencies(shape.withSequenceLength(101)).radiansPerToken(1))
                .isEqualTo(0.01 / 4);
        assertThat(new LongRopeScaling(List.of(1.0), List.of(1.0), 4, OptionalDouble.empty()).dependsOnSequenceLength())
                .isFalse();
    }

    @Test
    void proportionalLeavesTheSlowPairsStanding() {
        RopeFrequencies frequencies = new ProportionalScaling(0.25, 1).frequencies(POSGEN);
        assertThat(frequencies.radiansPerToken(7)).isEqualTo(POSGEN.radiansPerToken(7));
        assertThat(frequencies.radiansPerToken(8)).isZero();
        assertThat(frequencies.wavelength(8)).isInfinite();
    }

    @Test
    void aFactorBelow1QuickensEveryPairThatItTouchesAndLeavesTheMagnitudeAlone() {
        assertThat(new LinearScaling(0.5).frequencies(POSGEN).radiansPerToken(0))
                .isEqualTo(2);
        RopeFrequencies yarn = new YarnScaling(0.5).frequencies(POSGEN);
        assertThat(yarn.attentionScale()).isEqualTo(1);
        assertThat(yarn.radiansPerToken(31)).isEqualTo(2 * POSGEN.radiansPerToken(31));
        assertThat(new DynamicNtkScaling(0).frequencies(POSGEN.withSequenceLength(1000)))
                .isEqualTo(new NoScaling().frequencies(POSGEN));
        assertThat(new Llama3Scaling(0.5).frequencies(POSGEN).radiansPerToken(31))
                .isEqualTo(2 * POSGEN.radiansPerToken(31));
    }

    @Test
    void boundsInTheWrongOrderTurnTheRampAround() {
        RopeFrequencies turned = new YarnScaling(4, 1, 32).frequencies(POSGEN);
        // c(1) = 8.06 and c(32) = -3.98: the ramp falls from pair -3 to pair 8.
        assertThat(turned.radiansPerToken(0)).isCloseTo(8 / 11.0 / 4 + 3 / 11.0, within(1e-15));
        assertThat(turned.radiansPerToken(31)).isEqualTo(POSGEN.radiansPerToken(31));
        Llama3Scaling cut = new Llama3Scaling(8, 4, 1);
        for (int pair = 0; pair < POSGEN.pairs(); pair++) {
            double own = POSGEN.radiansPerToken(pair);
            double turns = POSGEN.trainedLength() * own / (2 * Math.PI);
            assertThat(cut.frequencies(POSGEN).radiansPerToken(pair)).isEqualTo(turns < 4 ? own / 8 : own);
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        refuses(() -> new LinearScaling(0), "factor must be a finite number above 0, was 0");
        refuses(
                () -> LinearScaling.METHOD.scaling(ScalingSettings.ofFactor(0.5)),
                "factor must be a finite number of at least 1, was 0.5");
        refuses(() -> new NtkAwareScaling(Double.NaN), "factor must be a finite number of at least 1, was NaN");
        refuses(() -> AdjustedBaseScaling.to(1), "newBase must be a finite number above 1, was 1");
        refuses(
                () -> new AdjustedBaseScaling(2, OptionalDouble.of(500_000)),
                "factor must be 1 where newBase is given, was 2");
        refuses(() -> AdjustedBaseScaling.multipliedBy(0.5), "factor must be a finite number of at least 1, was 0.5");
        refuses(() -> new DynamicNtkScaling(-1), "factor must be a finite number of at least 0, was -1");
        refuses(() -> new NtkByPartsScaling(2, 1, 2), "betaFast must be above betaSlow (2), was 1");
        refuses(() -> new YarnScaling(2, 2, 0), "betaSlow must be a finite number above 0, was 0");
        refuses(
                () -> new YarnScaling(2, 32, 1, true, OptionalDouble.of(0), 0, 0),
                "attentionFactor must be a finite number above 0, was 0");
        refuses(
                () -> new YarnScaling(2, 32, 1, true, OptionalDouble.empty(), Double.NaN, 0),
                "mscale must be a finite number, was NaN");
        refuses(
                () -> YarnScaling.METHOD.scaling(ScalingSettings.ofFactor(2)
                        .with(YarnScaling.BETA_FAST, 1.0)
                        .with(YarnScaling.BETA_SLOW, 2.0)),
                "betaFast must be above betaSlow (2), was 1");
        refuses(
                () -> new PaperYarnScaling(Double.POSITIVE_INFINITY),
                "factor must be a finite number of at least 1, was Infinity");
        refuses(() -> new Llama3Scaling(8, 0, 4), "lowFrequencyFactor must be a finite number above 0, was 0");
        refuses(
                () -> Llama3Scaling.METHOD.scaling(
                        ScalingSettings.ofFactor(8).with(Llama3Scaling.LOW_FREQUENCY_FACTOR, 5.0)),
                "highFrequencyFactor must be above lowFrequencyFactor (5), was 4");
        refuses(() -> new CriticalNtkScaling(0.5), "factor must be a finite number of at least 1, was 0.5");
        refuses(() -> new MixedRadixScaling(0.5), "factor must be a finite number of at least 1, was 0.5");
        refuses(() -> new MixedRadixScaling(4, 1, 2), "betaFast must be above betaSlow (2), was 1");
        refuses(() -> new ClippedScaling(1.5), "clippedShare must be from 0 to 1, was 1.5");
        refuses(() -> new ProportionalScaling(1.5, 1), "rotatedShare must be from 0 to 1, was 1.5");
        refuses(
                () -> new LongRopeScaling(List.of(1.0), List.of(), 4, OptionalDouble.empty()),
                "longFactors must be as many as shortFactors (1), were 0");
        refuses(
                () -> new LongRopeScaling(List.of(0.0), List.of(1.0), 4, OptionalDouble.empty()),
                "shortFactors[0] must be a finite number above 0, was 0");
        refuses(
                () -> new LongRopeScaling(List.of(1.0), List.of(1.0), 4, OptionalDouble.empty()).frequencies(POSGEN),
                "shortFactors and longFactors must hold one divisor per pair (32 for headSize 64), held 1");
        refuses(
                () -> new NtkAwareScaling(2).frequencies(RopeShape.of(2, 10_000, 64)),
                "headSize must be above 2 for NTK-aware scaling, was 2; a single pair has no slower one to stretch,"
                        + " use linear");
    }

    @Test
    void shapesOutOfRangeAreRefusedByName() {
        refuses(
                () -> RopeShape.of(63, 10_000, 64),
                "headSize must be even and at least 2, was 63; a rotation turns pairs of dimensions");
        refuses(() -> RopeShape.of(64, 1, 64), "base must be a finite number above 1, was 1");
        refuses(() -> RopeShape.of(64, 10_000, 0), "trainedLength must be at least 1, was 0");
        refuses(() -> POSGEN.withSequenceLength(0), "sequenceLength must be at least 1, was 0");
        refuses(() -> RopeShape.rotarySize(64, -0.5), "partialRotaryFactor must be from 0 to 1, was -0.5");
        refuses(() -> RopeShape.rotarySize(-64, 0.5), "headDimension must be at least 1, was -64");
    }

    @Test
    void aPairThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> POSGEN.radiansPerToken(32)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> POSGEN.radiansPerToken(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void frequenciesOutOfRangeAreRefusedByName() {
        refuses(() -> RopeFrequencies.of(new double[0], 1), "radiansPerToken must hold at least one pair, was empty");
        refuses(
                () -> RopeFrequencies.of(new double[] {1, -1}, 1),
                "radiansPerToken[1] must be a finite number of at least 0, was -1");
        refuses(
                () -> RopeFrequencies.of(new double[] {1, 1000.5}, 1),
                "radiansPerToken[1] must be at most 1000, was 1000.5; a pair that turns more than once a token says"
                        + " nothing more by turning faster");
        refuses(() -> RopeFrequencies.of(new double[] {1}, 0), "attentionScale must be a finite number above 0, was 0");
        refuses(
                () -> RopeFrequencies.withPeriods(new double[] {1}, new long[2], 1),
                "periodTokens must hold one value per pair (1), was 2");
        refuses(
                () -> RopeFrequencies.withPeriods(new double[] {1}, new long[] {-6}, 1),
                "periodTokens[0] must be at least 0, was -6");
        refuses(
                () -> RopeFrequencies.withPeriods(new double[] {1}, new long[] {Long.MAX_VALUE}, 1),
                "periodTokens[0] must be at most 2^53, was 9223372036854775807; use 0 for no period");
    }

    @Test
    void frequenciesAreCopiedInAndOut() {
        double[] radians = {1, 0.5};
        RopeFrequencies frequencies = RopeFrequencies.of(radians, 1);
        radians[0] = 7;
        frequencies.radiansPerToken()[1] = 7;
        assertThat(frequencies).isEqualTo(RopeFrequencies.of(new double[] {1, 0.5}, 1));
        assertThat(frequencies.hashCode())
                .isEqualTo(RopeFrequencies.of(new double[] {1, 0.5}, 1).hashCode());
        assertThat(frequencies).isNotEqualTo(RopeFrequencies.of(new double[] {1, 0.5}, 1.5));
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
