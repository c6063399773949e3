package resonance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.posgen.PosgenManifest;
import resonance.posgen.PosgenSplits;

/** What is measured is the work that it is said to be. */
class PosgenBenchmarkTest {
    private final PosgenBenchmark benchmark = new PosgenBenchmark();

    private void prepare(String task) throws IOException {
        benchmark.task = task;
        benchmark.prepare();
    }

    @AfterEach
    void removeFiles() throws IOException {
        benchmark.removeFiles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"recursive", "cot", "semi-recursive"})
    void theFastWayAndTheDefinitionGrowTheSameRows(String task) throws IOException {
        prepare(task);
        int[] fast = benchmark.extend().clone();
        int[] naive = benchmark.naive().clone();
        assertThat(fast).hasSize(256 * 512);
        assertThat(naive).isEqualTo(fast);
        assertThat(Arrays.stream(fast).min()).hasValue(0);
        assertThat(Arrays.stream(fast).max()).hasValue(16);
    }

    @Test
    void aRowThatHasGrownKeepsItsSeedsSoTheWorkCanBeDoneAgain() throws IOException {
        prepare("cot");
        int[] once = benchmark.extend().clone();
        assertThat(benchmark.extend()).isEqualTo(once);
    }

    @Test
    void splitsAndFilesAreAsLargeAsTheFiguresSay() throws IOException {
        prepare("recursive");
        PosgenSplits splits = benchmark.draw();
        assertThat(splits.train().flat().remaining()).isEqualTo(10_000 * 512);
        PosgenManifest first = benchmark.files();
        assertThat(first.files()).extracting(file -> file.rows()).containsExactly(10_000, 1_000, 1_000);
        assertThat(benchmark.files().files()).isEqualTo(first.files());
    }
}
