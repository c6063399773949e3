package resonance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.rope.PairLayout;

/** What is measured against each other computes the same. */
class RotationBenchmarkTest {
    private final RotationBenchmark benchmark = new RotationBenchmark();

    @ParameterizedTest
    @EnumSource(PairLayout.class)
    void theFastRotationTurnsRowsAsTheDefinitionDoes(PairLayout layout) {
        for (int headSize : new int[] {64, 128}) {
            float[] reference = benchmark.reference(rows(layout, headSize)).clone();
            float[] fast = benchmark.fast(rows(layout, headSize));
            assertThat(fast).as("%s %d", layout, headSize).hasSameSizeAs(reference);
            for (int i = 0; i < fast.length; i++) {
                assertThat(fast[i]).isCloseTo(reference[i], within(1e-6f));
            }
        }
    }

    @Test
    void aRotationKeepsTheLengthOfEveryRow() {
        RotationBenchmark.Rows rows = rows(PairLayout.INTERLEAVED, 64);
        double once = squares(benchmark.fast(rows));
        assertThat(squares(benchmark.fast(rows))).isCloseTo(once, within(1e-5 * once));
    }

    @Test
    void aTableThatHoldsItsPeriodsHasTheValuesOfOneThatComputesThem() {
        RotationBenchmark.Tables tables = new RotationBenchmark.Tables();
        float[] computed = benchmark.fillComputed(tables).clone();
        float[] compact = benchmark.fillCompact(tables).clone();
        assertThat(compact).isEqualTo(computed);
        assertThat(benchmark.fillUnrounded(tables)).hasSameSizeAs(computed).isNotEqualTo(computed);
    }

    private static RotationBenchmark.Rows rows(PairLayout layout, int headSize) {
        RotationBenchmark.Rows rows = new RotationBenchmark.Rows();
        rows.layout = layout;
        rows.headSize = headSize;
        rows.draw();
        return rows;
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return sum;
    }
}
