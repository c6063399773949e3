package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final long SEED = 20261122;

    @Test
    void theReferenceTurnsAPairByItsAngle() {
        float[] cosines = {(float) Math.cos(0.3), (float) Math.cos(2)};
        float[] sines = {(float) Math.sin(0.3), (float) Math.sin(2)};
        float[] adjacent = {1, 0, 0, 1, 9};
        Rotation.reference(PairLayout.INTERLEAVED, 5, 2).rotate(adjacent, 1, cosines, sines);
        assertThat(adjacent).containsExactly(cosines[0], sines[0], -sines[1], cosines[1], 9);
        float[] halves = {1, 0, 0, 1, 9};
        Rotation.reference(PairLayout.HALF_SPLIT, 5, 2).rotate(halves, 1, cosines, sines);
        assertThat(halves).containsExactly(cosines[0], -sines[1], sines[0], cosines[1], 9);
    }

    @Test
    void theFastVersionIsBitForBitTheReference() {
        Random random = new Random(SEED);
        for (PairLayout layout : PairLayout.values()) {
            for (int headSize : new int[] {2, 6, 64, 80, 128, 129}) {
                for (int pairs : new int[] {1, headSize / 4, headSize / 2}) {
                    for (int heads : new int[] {1, 3, 8, 9}) {
                        if (pairs == 0) {
                            continue;
                        }
                        int positions = 7;
                        float[] rows = floats(random, positions * heads * headSize);
                        float[] cosines = floats(random, positions * pairs + 5);
                        float[] sines = floats(random, positions * pairs + 5);
                        Rotation reference = Rotation.reference(layout, headSize, pairs);
                        Rotation fast = Rotation.fast(layout, headSize, pairs);
                        String place = "seed " + SEED + ", " + fast + ", heads " + heads;
                        float[] expected = rows.clone();
                        reference.rotate(expected, heads, cosines, sines);
                        float[] actual = rows.clone();
                        fast.rotate(actual, heads, cosines, sines);
                        assertThat(actual).as(place).isEqualTo(expected);
                        reference.rotateBack(expected, heads, cosines, sines);
                        fast.rotateBack(actual, heads, cosines, sines);
                        assertThat(actual).as(place).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void rotatingBackRestoresTheRowsWhateverTheAttentionScale() {
        Random random = new Random(SEED);
        RopeFrequencies frequencies = new YarnScaling(16).frequencies(RopeShape.of(64, 10_000, 64));
        for (PairLayout layout : PairLayout.values()) {
            Rotation rotation = Rotation.fast(layout, 96, 32);
            float[] rows = floats(random, 50 * 4 * 96);
            float[] turned = rows.clone();
            float[] cosines = new float[50 * 32];
            float[] sines = new float[50 * 32];
            RotaryTable.of(frequencies).fill(1000, 50, cosines, sines);
            rotation.rotate(turned, 4, cosines, sines);
            assertThat(turned).isNotEqualTo(rows);
            rotation.rotateBack(turned, 4, cosines, sines);
            for (int i = 0; i < rows.length; i++) {
                // A handful of float roundings of values below 2.
                assertThat(turned[i]).as("seed %s, value %s", SEED, i).isCloseTo(rows[i], within(1e-6f));
            }
        }
    }

    @Test
    void rotatingBackIsTheInverseMatrixOfEveryPair() {
        Random random = new Random(SEED);
        for (Rotation rotation : new Rotation[] {
            Rotation.reference(PairLayout.HALF_SPLIT, 2, 1), Rotation.fast(PairLayout.INTERLEAVED, 2, 1)
        }) {
            for (int trial = 0; trial < 200; trial++) {
                float[] row = floats(random, 2);
                double angle = 2 * Math.PI * random.nextDouble();
                double scale = 0.5 + random.nextDouble();
                float[] cosine = {(float) (scale * Math.cos(angle))};
                float[] sine = {(float) (scale * Math.sin(angle))};
                double first = (row[0] * Math.cos(angle) + row[1] * Math.sin(angle)) / scale;
                double second = (row[1] * Math.cos(angle) - row[0] * Math.sin(angle)) / scale;
                rotation.rotateBack(row, 1, cosine, sine);
                // A few float roundings of values below 3.
                assertThat((double) row[0]).as("seed %s, trial %s", SEED, trial).isCloseTo(first, within(2e-6));
                assertThat((double) row[1]).as("seed %s, trial %s", SEED, trial).isCloseTo(second, within(2e-6));
            }
        }
    }

    @Test
    void productsOfQueriesAndKeysDependOnTheDistanceOnly() {
        Random random = new Random(SEED);
        for (PairLayout layout : PairLayout.values()) {
            for (RopeScaling scaling : EveryScaling.forHeadSize(64)) {
                RopeFrequencies frequencies = scaling.frequencies(RopeShape.of(64, 10_000, 64));
                RotaryTable table = RotaryTable.of(frequencies);
                Rotation rotation = Rotation.fast(layout, 64, 32);
                float[] query = floats(random, 64);
                float[] key = floats(random, 64);
                double near = product(rotation, table, query, 20, key, 3);
                double far = product(rotation, table, query, 1_000_020, key, 1_000_003);
                assertThat(far).as("seed %s, %s, %s", SEED, layout, scaling).isCloseTo(near, within(2e-5));
            }
        }
    }

    private static double product(
            Rotation rotation, RotaryTable table, float[] query, long at, float[] key, long from) {
        float[] q = query.clone();
        float[] k = key.clone();
        rotation.rotateAt(q, 1, at, table);
        rotation.rotateAt(k, 1, new long[] {from}, table);
        double sum = 0;
        for (int i = 0; i < q.length; i++) {
            sum += (double) q[i] * k[i];
        }
        return sum;
    }

    @Test
    void partialRotaryLeavesTheRestOfTheHeadUntouched() {
        Random random = new Random(SEED);
        float[] rows = floats(random, 5 * 2 * 80);
        for (PairLayout layout : PairLayout.values()) {
            float[] turned = rows.clone();
            RotaryTable table = RotaryTable.of(new NoScaling().frequencies(RopeShape.of(32, 10_000, 64)));
            Rotation.fast(layout, 80, 16).rotateAt(turned, 2, 100, table);
            for (int i = 0; i < rows.length; i++) {
                if (i % 80 >= 32) {
                    assertThat(turned[i]).isEqualTo(rows[i]);
                }
            }
        }
    }

    @Test
    void reorderedProjectionsGiveTheSameQueriesInTheOtherLayout() {
        Random random = new Random(SEED);
        int heads = 3;
        int headSize = 12;
        int rotarySize = 8;
        int columns = 5;
        RotaryTable table = RotaryTable.of(new NoScaling().frequencies(RopeShape.of(rotarySize, 10_000, 64)));
        float[] weight = floats(random, heads * headSize * columns);
        float[] input = floats(random, columns);
        int[] source = PairLayout.INTERLEAVED.sourceRows(PairLayout.HALF_SPLIT, heads, headSize, rotarySize);
        float[] halves = multiply(weight, input);
        Rotation.fast(PairLayout.HALF_SPLIT, headSize, rotarySize / 2).rotateAt(halves, heads, 17, table);
        float[] adjacent = multiply(PairLayout.reorderRows(weight, columns, source), input);
        Rotation.fast(PairLayout.INTERLEAVED, headSize, rotarySize / 2).rotateAt(adjacent, heads, 17, table);
        assertThat(adjacent).isEqualTo(PairLayout.reorderRows(halves, 1, source));
        int[] back = PairLayout.HALF_SPLIT.sourceRows(PairLayout.INTERLEAVED, heads, headSize, rotarySize);
        assertThat(PairLayout.reorderRows(PairLayout.reorderRows(weight, columns, source), columns, back))
                .isEqualTo(weight);
    }

    @Test
    void rowsMoveAsConvertersToLlamaFilesMoveThem() {
        // peers.md 3.5: per head, new row 2i + j is old row j * d/2 + i.
        int[] source = PairLayout.INTERLEAVED.sourceRows(PairLayout.HALF_SPLIT, 2, 6, 6);
        assertThat(source).containsExactly(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11);
    }

    private static float[] multiply(float[] matrix, float[] vector) {
        float[] product = new float[matrix.length / vector.length];
        for (int i = 0; i < matrix.length; i++) {
            product[i / vector.length] += matrix[i] * vector[i % vector.length];
        }
        return product;
    }

    @Test
    void noRowsAreRotatedWithoutAnError() {
        // 2^20 heads of 4096 overflow an int to 0.
        for (int heads : new int[] {1, 1 << 20}) {
            Rotation.fast(PairLayout.HALF_SPLIT, 4096, 1).rotate(new float[0], heads, new float[0], new float[0]);
        }
        RotaryTable table = RotaryTable.of(new NoScaling().frequencies(RopeShape.of(2, 10_000, 8)));
        Rotation whole = Rotation.fast(PairLayout.HALF_SPLIT, 4096, 1);
        whole.rotateAt(new float[0], 1 << 20, new long[0], table);
        assertThatThrownBy(() -> whole.rotateAt(new float[0], 1 << 20, new long[3], table))
                .hasMessage("positions must be one per 1048576 rows (0), were 3");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Rotation rotation = Rotation.fast(PairLayout.HALF_SPLIT, 4, 2);
        RotaryTable table = RotaryTable.of(new NoScaling().frequencies(RopeShape.of(8, 10_000, 8)));
        assertThatThrownBy(() -> Rotation.fast(PairLayout.HALF_SPLIT, 4, 3))
                .hasMessage("pairs must be from 1 to headSize/2 (headSize is 4), was 3");
        assertThatThrownBy(() -> rotation.rotate(new float[12], 2, new float[8], new float[8]))
                .hasMessage("rows must hold a multiple of heads * headSize = 2 * 4 values, held 12");
        assertThatThrownBy(() -> rotation.rotate(new float[8], 0, new float[8], new float[8]))
                .hasMessage("heads must be at least 1, was 0");
        assertThatThrownBy(() -> rotation.rotate(new float[8], 1, new float[3], new float[8]))
                .hasMessage("cosines must hold positions * pairs = 2 * 2 values, held 3");
        assertThatThrownBy(() -> rotation.rotateAt(new float[8], 1, 0, table))
                .hasMessage("table must have as many pairs as the rotation (2), had 4");
        assertThatThrownBy(() -> rotation.rotateAt(new float[8], 1, new long[] {1}, table))
                .hasMessage("positions must be one per 1 rows (2), were 1");
        assertThatThrownBy(() -> PairLayout.INTERLEAVED.sourceRows(PairLayout.HALF_SPLIT, 1, 4, 3))
                .hasMessage("rotarySize must be even, at least 2 and at most headSize (4), was 3");
        assertThatThrownBy(() -> PairLayout.reorderRows(new float[5], 2, new int[2]))
                .hasMessage("matrix must hold rows * columns = 2 * 2 values, held 5");
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat(-1, 1);
        }
        return values;
    }
}
