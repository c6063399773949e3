package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resonance with a bound on its periods, over every scaling of the catalogue. */
class BoundedPeriodsTest {
    private static final List<Rounding> ROUNDINGS = List.of(
            Rounding.tokens(2),
            Rounding.tokens(64),
            Rounding.tokens(8192),
            Rounding.wavelengths(2),
            Rounding.wavelengths(64));

    private interface Law {
        void check(Rounding rounding, RopeFrequencies inner, RopeFrequencies rounded, int pair, String place);
    }

    private static void forEveryPair(Law law) {
        for (Rounding rounding : ROUNDINGS) {
            for (int headSize : EveryScaling.HEAD_SIZES) {
                RopeShape shape = RopeShape.of(headSize, 10_000, 64).withSequenceLength(256);
                for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                    RopeFrequencies inner = scaling.frequencies(shape);
                    RopeFrequencies rounded = new Resonance(scaling, rounding).frequencies(shape);
                    assertThat(rounded.attentionScale()).isEqualTo(inner.attentionScale());
                    for (int pair = 0; pair < inner.pairs(); pair++) {
                        law.check(rounding, inner, rounded, pair, rounding + " over " + scaling + ", pair " + pair);
                    }
                }
            }
        }
    }

    @Test
    void noPeriodExceedsItsBoundButThatOfAWavelengthAboveIt() {
        forEveryPair((rounding, inner, rounded, pair, place) -> {
            double wavelength = inner.wavelength(pair);
            if (Double.isInfinite(wavelength)) {
                assertThat(rounded.periodTokens(pair)).as(place).isZero();
                assertThat(rounded.turns(pair)).as(place).isZero();
                return;
            }
            double bound = rounding.kind() == Rounding.Kind.TOKENS ? rounding.bound() : rounding.bound() * wavelength;
            if (bound > wavelength) {
                assertThat((double) rounded.periodTokens(pair)).as(place).isBetween(1.0, bound);
            } else {
                assertThat((double) rounded.periodTokens(pair)).as(place).isEqualTo(Math.rint(wavelength));
                assertThat(rounded.turns(pair)).as(place).isEqualTo(1);
            }
        });
    }

    @Test
    void noPairDriftsFasterThanItsBoundAllows() {
        forEveryPair((rounding, inner, rounded, pair, place) -> {
            long period = rounded.periodTokens(pair);
            double bound = rounding.kind() == Rounding.Kind.TOKENS
                    ? rounding.bound()
                    : Math.floor(rounding.bound() * inner.wavelength(pair));
            if (period > 0 && bound > inner.wavelength(pair)) {
                assertThat(Math.abs(rounded.radiansPerToken(pair) - inner.radiansPerToken(pair)))
                        .as(place)
                        .isLessThanOrEqualTo(Math.PI / bound * (1 + 1e-12));
            }
        });
    }

    @Test
    void valuesRepeatBitForBitAfterThePeriodAndNotBefore() {
        forEveryPair((rounding, inner, rounded, pair, place) -> {
            long period = rounded.periodTokens(pair);
            if (period == 0 || period > 10_000) {
                return;
            }
            for (long position : new long[] {0, 1, period - 1, period / 2}) {
                double angle = rounded.angle(pair, position);
                assertThat(rounded.angle(pair, position + period)).as(place).isEqualTo(angle);
                assertThat(rounded.angle(pair, position + 1_000_003 * period))
                        .as(place)
                        .isEqualTo(angle);
            }
            for (long position = 1; position < period; position++) {
                assertThat(rounded.angle(pair, position)).as(place).isNotZero();
            }
        });
    }

    @Test
    void anglesAreThoseOfTheFraction() {
        RopeFrequencies frequencies =
                RopeFrequencies.withPeriods(new double[1], new long[] {2_147_483_647}, new long[] {1_000_000_007}, 1);
        for (long position : new long[] {0, 1, 7, 123_456_789, 1L << 40, (1L << 53) - 1}) {
            BigInteger residue = BigInteger.valueOf(position)
                    .multiply(BigInteger.valueOf(1_000_000_007))
                    .mod(BigInteger.valueOf(2_147_483_647));
            double turn = residue.doubleValue() / 2_147_483_647;
            double expected = 2 * Math.PI * (turn > 0.5 ? turn - 1 : turn);
            assertThat(frequencies.angle(0, position)).isCloseTo(expected, within(1e-15 * 4));
        }
    }

    @Test
    void wavelengthAndFrequencyAreThoseOfTheFraction() {
        RopeFrequencies frequencies = RopeFrequencies.withPeriods(new double[1], new long[] {44}, new long[] {7}, 1);
        assertThat(frequencies.wavelength(0)).isEqualTo(44 / 7.0);
        assertThat(frequencies.radiansPerToken(0)).isEqualTo(2 * Math.PI * 7 / 44);
    }

    @Test
    void pairsOfPlainRopeAtSixtyFourTokensAreTheNearestFractions() {
        RopeFrequencies frequencies =
                new Resonance(new NoScaling(), Rounding.tokens(64)).frequencies(RopeShape.of(64, 10_000, 64));
        assertThat(java.util.stream.IntStream.range(0, 9)
                        .mapToObj(pair -> frequencies.periodTokens(pair) + "/" + frequencies.turns(pair)))
                .containsExactly("44/7", "42/5", "56/5", "15/1", "20/1", "53/2", "35/1", "47/1", "63/1");
    }

    @Test
    void aBoundBeyondEveryPeriodLeavesTheScalingToTheLastBits() {
        RopeFrequencies plain = new NoScaling().frequencies(RopeShape.of(64, 10_000, 64));
        RopeFrequencies rounded = new Resonance(new NoScaling(), Rounding.tokens(Integer.MAX_VALUE))
                .frequencies(RopeShape.of(64, 10_000, 64));
        assertThat(rounded.radiansPerToken()).containsExactly(plain.radiansPerToken(), within(1e-15));
    }

    @Test
    void tablesRepeatWithThePeriodWhetherHeldOrComputed() {
        RopeFrequencies frequencies =
                new Resonance(new YarnScaling(4), Rounding.wavelengths(16)).frequencies(RopeShape.of(64, 10_000, 64));
        int pairs = frequencies.pairs();
        int rows = 300;
        float[] computed = new float[rows * pairs];
        float[] sines = new float[rows * pairs];
        RotaryTable.of(frequencies).fill(0, rows, computed, sines);
        float[] held = new float[rows * pairs];
        float[] heldSines = new float[rows * pairs];
        RotaryTable.compact(frequencies).fill(0, rows, held, heldSines);
        assertThat(held).isEqualTo(computed);
        assertThat(heldSines).isEqualTo(sines);
        for (int pair = 0; pair < pairs; pair++) {
            int period = (int) Math.min(rows, frequencies.periodTokens(pair));
            for (int row = period; row < rows; row++) {
                assertThat(computed[row * pairs + pair]).isEqualTo(computed[(row - period) * pairs + pair]);
            }
        }
    }

    @Test
    void refusesTurnsThatAreNotThoseOfAPeriod() {
        refuses(
                new long[] {6},
                new long[] {0},
                "turns[0] must be 1, or below 2^31 like the period and without a common"
                        + " divisor with it (6), was 0");
        refuses(
                new long[] {6},
                new long[] {4},
                "turns[0] must be 1, or below 2^31 like the period and without a common"
                        + " divisor with it (6), was 4");
        refuses(new long[] {0}, new long[] {1}, "turns[0] must be 0 without a period, was 1");
        refuses(
                new long[] {1L << 31},
                new long[] {3},
                "turns[0] must be 1, or below 2^31 like the period and without a"
                        + " common divisor with it (2147483648), was 3");
        refuses(new long[] {6}, new long[] {}, "turns must hold one value per pair (1), was 0");
    }

    private static void refuses(long[] periods, long[] turns, String message) {
        assertThatThrownBy(() -> RopeFrequencies.withPeriods(new double[1], periods, turns, 1))
                .hasMessage(message);
    }
}
