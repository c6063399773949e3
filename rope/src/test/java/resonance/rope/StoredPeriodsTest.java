package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredPeriodsTest {
    private static final int TRAINED_LENGTH = 4096;

    /** How a file holds a divisor: a configuration in double, a GGUF file in float32. */
    private enum File {
        DOUBLE,
        FLOAT32;

        private double held(double divisor) {
            return this == DOUBLE ? divisor : (float) divisor;
        }
    }

    private static RopeShape shape(int headSize) {
        return RopeShape.of(headSize, 500_000, TRAINED_LENGTH).withSequenceLength(1000);
    }

    /** As a file holds an encoding: a divisor of the unscaled frequency for every pair. */
    private static RopeFrequencies through(File file, RopeFrequencies exported, RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        for (int pair = 0; pair < radians.length; pair++) {
            double wanted = exported.radiansPerToken(pair);
            radians[pair] = wanted == 0 ? 0 : radians[pair] / file.held(radians[pair] / wanted);
        }
        return RopeFrequencies.of(radians, exported.attentionScale());
    }

    @Test
    void wholeWavelengthsAreReadBackFromFloat32UpToTheLastThatItTellsApart() {
        for (int headSize : EveryScaling.HEAD_SIZES) {
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                RopeFrequencies exported = new Resonance(scaling).frequencies(shape(headSize));
                StoredPeriods read = StoredPeriods.in(through(File.FLOAT32, exported, shape(headSize)))
                        .orElseThrow();
                for (int pair = 0; pair < exported.pairs(); pair++) {
                    long period = exported.periodTokens(pair);
                    assertThat(read.frequencies().periodTokens(pair))
                            .as("%s, pair %d of %d", scaling, pair, headSize / 2)
                            .isEqualTo(period < 1 << 22 ? period : 0);
                }
                assertThat(read.frequencies().attentionScale()).isEqualTo(exported.attentionScale());
                assertThat(read.areWhole()).isTrue();
                assertThat(read.text()).isEqualTo("whole wavelengths");
            }
        }
    }

    static Stream<Rounding> roundings() {
        return Stream.of(
                Rounding.WHOLE,
                Rounding.tokens(16),
                Rounding.tokens(64),
                Rounding.tokens(8192),
                Rounding.wavelengths(2),
                Rounding.wavelengths(4),
                Rounding.wavelengths(16),
                Rounding.wavelengths(64));
    }

    /** The configurations that export writes hold their divisors in double: nothing is lost. */
    @ParameterizedTest
    @MethodSource("roundings")
    void everyPeriodIsReadBackFromDouble(Rounding rounding) {
        for (int headSize : EveryScaling.HEAD_SIZES) {
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                RopeFrequencies exported = rounding.after(scaling).frequencies(shape(headSize));
                Optional<StoredPeriods> read = StoredPeriods.in(through(File.DOUBLE, exported, shape(headSize)));
                assertThat(read.map(StoredPeriods::frequencies))
                        .as("%s %s, head size %d", rounding, scaling, headSize)
                        .contains(exported);
                assertThat(read.orElseThrow().relativeRounding()).isEqualTo(0x1p-49);
            }
        }
    }

    /** Of float32 those whose p*q is at most 2^12, and never another one. */
    @ParameterizedTest
    @MethodSource("roundings")
    void whateverIsReadBackFromFloat32IsWhatWasExported(Rounding rounding) {
        RopeShape shape = shape(128);
        for (RopeScaling scaling : EveryScaling.forHeadSize(128)) {
            RopeFrequencies exported = rounding.after(scaling).frequencies(shape);
            Optional<StoredPeriods> read = StoredPeriods.in(through(File.FLOAT32, exported, shape));
            boolean simple = exported.periodTokens(0) * exported.turns(0) <= 1 << 12;
            assertThat(read.isPresent()).as("%s %s", rounding, scaling).isEqualTo(simple);
            for (int pair = 0; pair < exported.pairs() && simple; pair++) {
                RopeFrequencies told = read.orElseThrow().frequencies();
                boolean certain = exported.periodTokens(pair) * exported.turns(pair) <= 1 << 12;
                if (certain || told.turns(pair) > 0) {
                    String place = rounding + " " + scaling + ", pair " + pair;
                    assertThat(told.periodTokens(pair)).as(place).isEqualTo(exported.periodTokens(pair));
                    assertThat(told.turns(pair)).as(place).isEqualTo(exported.turns(pair));
                }
            }
        }
    }

    /** Of a bound of 16 wavelengths all up to 10,000 tokens: 16 * 1.5 * 16 * lambda^2 is at most 2^22 * lambda. */
    @ParameterizedTest
    @MethodSource("roundings")
    void whatAFileSaysOfItsRoundingTellsMorePeriodsInFloat32(Rounding rounding) {
        RopeShape shape = shape(128);
        for (RopeScaling scaling : EveryScaling.forHeadSize(128)) {
            RopeFrequencies exported = rounding.after(scaling).frequencies(shape);
            RopeFrequencies stored = through(File.FLOAT32, exported, shape);
            RopeFrequencies told = StoredPeriods.in(stored, rounding)
                    .map(StoredPeriods::frequencies)
                    .orElse(stored);
            for (int pair = 0; pair < exported.pairs(); pair++) {
                double wavelength = exported.wavelength(pair);
                boolean certain = rounding.equals(Rounding.wavelengths(16)) && wavelength < 10_000;
                if (certain || told.turns(pair) > 0) {
                    String place = rounding + " " + scaling + ", pair " + pair;
                    assertThat(told.periodTokens(pair)).as(place).isEqualTo(exported.periodTokens(pair));
                    assertThat(told.turns(pair)).as(place).isEqualTo(exported.turns(pair));
                }
            }
        }
    }

    @Test
    void whatAFileSaysCountsForNothingWhereItsFrequenciesSayOtherwise() {
        RopeFrequencies plain = through(File.FLOAT32, new YarnScaling(4).frequencies(shape(128)), shape(128));
        assertThat(StoredPeriods.in(plain, Rounding.wavelengths(16))).isEmpty();
        assertThat(StoredPeriods.in(plain, Rounding.tokens(64))).isEmpty();
        assertThat(StoredPeriods.in(plain, Rounding.WHOLE)).isEmpty();
        RopeFrequencies whole = through(File.FLOAT32, new Resonance(new NoScaling()).frequencies(shape(64)), shape(64));
        assertThat(StoredPeriods.in(whole, Rounding.NONE)).isEqualTo(StoredPeriods.in(whole));
        assertThat(EncodingName.roundingOf("resonance-x16-yarn")).isEqualTo(Rounding.wavelengths(16));
        assertThat(EncodingName.roundingOf("from elsewhere")).isEqualTo(Rounding.NONE);
    }

    @Test
    void periodsBelowABoundAndWholeOnesAboveItAreReadBackFromFloat32ToTheSlowest() {
        RopeFrequencies exported =
                Rounding.tokens(64).after(new YarnScaling(4)).frequencies(RopeShape.of(64, 100_000, 8192));
        StoredPeriods read = StoredPeriods.in(through(File.FLOAT32, exported, RopeShape.of(64, 100_000, 8192)))
                .orElseThrow();
        assertThat(read.frequencies()).isEqualTo(exported);
        assertThat(read.count()).isEqualTo(32);
        assertThat(read.areWhole()).isFalse();
        assertThat(read.text()).isEqualTo("periods of up to 7 turns and 53 tokens, or whole wavelengths");
    }

    @Test
    void noScalingWithoutRoundingHasPeriods() {
        for (int headSize : EveryScaling.HEAD_SIZES) {
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                for (File file : File.values()) {
                    RopeFrequencies stored = through(file, scaling.frequencies(shape(headSize)), shape(headSize));
                    assertThat(StoredPeriods.in(stored).isPresent())
                            .as("%s, head size %d", scaling, headSize)
                            .isEqualTo(scaling instanceof Resonance);
                }
            }
        }
        assertThat(StoredPeriods.in(RopeFrequencies.of(new double[] {0, 1e-9}, 1)))
                .isEmpty();
    }

    /** 2*pi is 710/113 to 8.5e-8: in float32 one pair of plain RoPE can't be told from it, and proves nothing. */
    @Test
    void theFastestPairOfPlainRopeIsNotTakenForAFraction() {
        assertThat(2 * Math.PI).isCloseTo(710.0 / 113, within(2 * Math.PI * 0x1p-23));
        assertThat(StoredPeriods.in(RopeFrequencies.of(new double[] {1}, 1))).isEmpty();
        assertThat(StoredPeriods.in(RopeFrequencies.of(new double[] {1, 2 * Math.PI / 25}, 1)))
                .isEmpty();
    }

    /** Lists of divisors such as searches find, float32 and rounded to a few digits: seed 11. */
    @Test
    void tenThousandRandomListsOfDivisorsHaveNoPeriods() {
        Random random = new Random(11);
        for (int trial = 0; trial < 10_000; trial++) {
            RopeShape shape = RopeShape.of(2 + 2 * random.nextInt(64), 10_000 + random.nextInt(1_000_000), 4096);
            double[] radians = shape.radiansPerToken();
            for (int pair = 0; pair < radians.length; pair++) {
                double divisor = 1 + random.nextInt(4000) / 100.0;
                radians[pair] /= trial % 2 == 0 ? divisor : (float) (divisor * random.nextDouble(1, 2));
            }
            assertThat(StoredPeriods.in(RopeFrequencies.of(radians, 1)))
                    .as("seed 11, trial %d", trial)
                    .isEmpty();
        }
    }

    @Test
    void aFewFractionsAmongOtherFrequenciesAreNoProofUnlessTheFastestAreSimpleOnes() {
        double turn = 2 * Math.PI;
        double[] simple = {turn * 7 / 44, turn * 5 / 42, 0.3, 0.2};
        StoredPeriods read = StoredPeriods.in(RopeFrequencies.of(simple, 1)).orElseThrow();
        assertThat(List.of(0, 1, 2, 3))
                .extracting(pair -> read.frequencies().periodTokens(pair))
                .containsExactly(44L, 42L, 0L, 0L);
        assertThat(read.count()).isEqualTo(2);
        assertThat(read.text()).isEqualTo("periods of up to 7 turns and 44 tokens");
        double[] later = {0.9, turn * 7 / 44, turn * 5 / 42, 0.2};
        assertThat(StoredPeriods.in(RopeFrequencies.of(later, 1))).isEmpty();
    }

    @Test
    void aPairThatTurnsMoreThanOnceATokenHasItsPeriodToo() {
        double turn = 2 * Math.PI;
        RopeFrequencies read = StoredPeriods.in(RopeFrequencies.of(new double[] {turn * 7 / 3, turn * 3 / 2}, 1))
                .orElseThrow()
                .frequencies();
        assertThat(read.turns(0)).isEqualTo(7);
        assertThat(read.periodTokens(0)).isEqualTo(3);
        assertThat(read.periodTokens(1)).isEqualTo(2);
    }
}
