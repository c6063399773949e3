package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RotaryTableTest {
    private static final long SEED = 20261122;

    /** 2*pi with 50 digits. */
    private static final BigDecimal TWO_PI = new BigDecimal("6.2831853071795864769252867665590057683943387987502");

    @Test
    void everyPairRepeatsExactlyAfterOneWavelength() {
        Random random = new Random(SEED);
        for (int headSize : EveryScaling.HEAD_SIZES) {
            RopeShape shape = RopeShape.of(headSize, 10_000, 256);
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                RopeFrequencies frequencies = new Resonance(scaling).frequencies(shape);
                int pairs = frequencies.pairs();
                for (int trial = 0; trial < 20; trial++) {
                    long position = random.nextInt(100_000);
                    int pair = random.nextInt(pairs);
                    long period = frequencies.periodTokens(pair);
                    long later = position + period * random.nextInt(1_000_000);
                    assertThat(row(frequencies, later)[pair])
                            .as("seed %s, %s, pair %s, %s and %s", SEED, scaling, pair, position, later)
                            .isEqualTo(row(frequencies, position)[pair]);
                }
            }
        }
    }

    private static float[] row(RopeFrequencies frequencies, long position) {
        float[] cosines = new float[frequencies.pairs()];
        float[] sines = new float[frequencies.pairs()];
        RotaryTable.of(frequencies).fill(position, 1, cosines, sines);
        return sines;
    }

    @Test
    void positionsUpToTenToTheTwelfthAreExactForAnyFrequency() {
        // Oracle: position * frequency mod 2*pi in decimals, so the angle is exact to double; what is left is one
        // rounding
        // of the angle, one of cosine and one to float. A float may differ where the double lies next to a tie.
        Random random = new Random(SEED);
        for (double base : new double[] {10_000, 500_000}) {
            for (RopeScaling scaling : new RopeScaling[] {new NoScaling(), new Resonance(new YarnScaling(8))}) {
                RopeFrequencies frequencies = scaling.frequencies(RopeShape.of(128, base, 4096));
                for (int trial = 0; trial < 200; trial++) {
                    long position = trial == 0 ? 1_000_000_000_000L : random.nextLong(1_000_000_000_000L);
                    float[] cosines = new float[64];
                    float[] sines = new float[64];
                    RotaryTable.of(frequencies).fill(position, 1, cosines, sines);
                    for (int pair = 0; pair < 64; pair++) {
                        double angle = exactAngle(frequencies, pair, position);
                        double scale = frequencies.attentionScale();
                        String place = "seed " + SEED + ", " + scaling + ", position " + position + ", pair " + pair;
                        assertNextTo(cosines[pair], scale * Math.cos(angle), place);
                        assertNextTo(sines[pair], scale * Math.sin(angle), place);
                    }
                }
            }
        }
    }

    private static double exactAngle(RopeFrequencies frequencies, int pair, long position) {
        BigDecimal tokens = BigDecimal.valueOf(position);
        long period = frequencies.periodTokens(pair);
        if (period > 0) {
            return TWO_PI.multiply(BigDecimal.valueOf(position % period))
                    .divide(BigDecimal.valueOf(period), MathContext.DECIMAL128)
                    .doubleValue();
        }
        BigDecimal product = tokens.multiply(new BigDecimal(frequencies.radiansPerToken(pair)));
        BigDecimal turns = product.divide(TWO_PI, 0, RoundingMode.HALF_EVEN);
        return product.subtract(turns.multiply(TWO_PI)).doubleValue();
    }

    /** Within 2e-15 (three roundings of numbers near 1) plus half a unit in float's last place. */
    private static void assertNextTo(float actual, double exact, String place) {
        double tolerance = 2e-15 + Math.ulp((float) exact) / 2.0;
        assertThat(Math.abs(actual - exact)).as(place).isLessThanOrEqualTo(tolerance);
    }

    @Test
    void theReducedAngleIsExactToTheLargestPosition() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 20_000; trial++) {
            long position = random.nextLong(1L << random.nextInt(1, 54));
            double radians = Math.exp(-14 * random.nextDouble());
            RopeFrequencies frequencies = RopeFrequencies.of(new double[] {radians}, 1);
            double difference = PairAngle.reduced(position, radians) - exactAngle(frequencies, 0, position);
            // At the ends of -pi .. pi the two may choose different turns.
            double distance = Math.abs(Math.IEEEremainder(difference, 2 * Math.PI));
            assertThat(distance)
                    .as("seed %s, position %s, frequency %s", SEED, position, radians)
                    .isLessThan(1e-15);
        }
    }

    @Test
    void theFastestFrequenciesAllowedStillGiveExactFloats() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 5_000; trial++) {
            long position = random.nextLong(1L << random.nextInt(1, 54));
            double radians = trial == 0 ? 1000 : Math.exp(random.nextDouble() * Math.log(1000));
            RopeFrequencies frequencies = RopeFrequencies.of(new double[] {radians}, 1);
            double angle = exactAngle(frequencies, 0, position);
            float[] cosine = new float[1];
            float[] sine = new float[1];
            RotaryTable.of(frequencies).fill(position, 1, cosine, sine);
            String place = "seed " + SEED + ", position " + position + ", frequency " + radians;
            assertThat(Math.abs(cosine[0] - Math.cos(angle))).as(place).isLessThan(Math.ulp(1f) / 4 + 1e-12);
            assertThat(Math.abs(sine[0] - Math.sin(angle))).as(place).isLessThan(Math.ulp(1f) / 4 + 1e-12);
        }
    }

    @Test
    void theCompactTableIsBitForBitTheComputedOne() {
        Random random = new Random(SEED);
        for (int headSize : EveryScaling.HEAD_SIZES) {
            RopeShape shape = RopeShape.of(headSize, 10_000, 256);
            for (RopeScaling scaling : EveryScaling.forHeadSize(headSize)) {
                RopeFrequencies frequencies = scaling.frequencies(shape);
                for (long longest : new long[] {0, 100, 1 << 20}) {
                    RotaryTable compact = RotaryTable.compact(frequencies, longest);
                    long first = random.nextLong(1_000_000_000_000L);
                    int positions = 300;
                    float[][] computed = new float[2][positions * frequencies.pairs()];
                    float[][] held = new float[2][positions * frequencies.pairs()];
                    RotaryTable.of(frequencies).fill(first, positions, computed[0], computed[1]);
                    compact.fill(first, positions, held[0], held[1]);
                    assertThat(held)
                            .as("seed %s, %s, from %s", SEED, scaling, first)
                            .isDeepEqualTo(computed);
                }
            }
        }
    }

    @Test
    void theCompactTableOfLlamaHolds405898Rows() {
        // paper.md: the sum of the rounded wavelengths for b = 10,000, d = 128.
        RopeFrequencies frequencies = new Resonance(new NoScaling()).frequencies(RopeShape.of(128, 10_000, 4096));
        assertThat(RotaryTable.compact(frequencies).heldRows()).isEqualTo(405_898);
        assertThat(RotaryTable.of(frequencies).heldRows()).isZero();
        assertThat(RotaryTable.compact(frequencies, 6).heldRows()).isEqualTo(6);
        assertThat(RotaryTable.compact(new NoScaling().frequencies(RopeShape.of(128, 10_000, 4096)))
                        .heldRows())
                .isZero();
    }

    @Test
    void rowsOfAnyPositionsAreTheRowsOfTheirRange() {
        RopeFrequencies frequencies = new Resonance(new YarnScaling(4)).frequencies(RopeShape.of(64, 10_000, 64));
        RotaryTable table = RotaryTable.compact(frequencies);
        float[] cosines = new float[500 * 32];
        float[] sines = new float[500 * 32];
        table.fill(0, 500, cosines, sines);
        float[] chosenCosines = new float[3 * 32];
        float[] chosenSines = new float[3 * 32];
        long[] positions = {499, 0, 77};
        table.fillAt(positions, chosenCosines, chosenSines);
        for (int row = 0; row < 3; row++) {
            for (int pair = 0; pair < 32; pair++) {
                int at = (int) positions[row] * 32 + pair;
                assertThat(chosenCosines[row * 32 + pair]).isEqualTo(cosines[at]);
                assertThat(chosenSines[row * 32 + pair]).isEqualTo(sines[at]);
            }
        }
        assertThat(cosines[5]).isEqualTo((float) frequencies.attentionScale());
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        RotaryTable table = RotaryTable.of(new NoScaling().frequencies(RopeShape.of(4, 10_000, 8)));
        float[] room = new float[4];
        assertThatThrownBy(() -> table.fill(-1, 2, room, room)).hasMessage("firstPosition must be at least 0, was -1");
        assertThatThrownBy(() -> table.fill(0, -2, room, room)).hasMessage("positions must be at least 0, was -2");
        assertThatThrownBy(() -> table.fill(0, 3, room, room))
                .hasMessage("cosines must hold positions * pairs = 3 * 2 values, held 4");
        assertThatThrownBy(() -> table.fill(0, 2, room, new float[3]))
                .hasMessage("sines must hold positions * pairs = 2 * 2 values, held 3");
        assertThatThrownBy(() -> table.fill(1L << 53, 1, room, room))
                .hasMessage("firstPosition + positions must be at most 2^53, was 9007199254740992 + 1; larger whole"
                        + " numbers are not exact in double");
        assertThatThrownBy(() -> table.fillAt(new long[] {7, -3}, room, room))
                .hasMessage("positions[1] must be from 0 to 2^53 - 1, was -3");
        assertThatThrownBy(() -> table.fillAt(new long[] {7, Long.MAX_VALUE}, room, room))
                .hasMessage("positions[1] must be from 0 to 2^53 - 1, was 9223372036854775807");
        assertThatThrownBy(() -> table.fillAt(new long[3], room, room))
                .hasMessage("cosines must hold positions * pairs = 3 * 2 values, held 4");
        assertThat(room).as("nothing is written before a refusal").containsOnly(0);
        assertThatThrownBy(() -> RotaryTable.compact(table.frequencies(), 1L << 31))
                .hasMessage("longestHeldPeriod must be at most 2^30, was 2147483648; pairs with a longer period are"
                        + " computed");
    }
}
