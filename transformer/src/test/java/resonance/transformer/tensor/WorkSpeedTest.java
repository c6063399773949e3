package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkSpeedTest {
    private static final ProductShape SHAPE = new ProductShape(64, 32, 64, true);
    private static final Machine MACHINE = new Machine("a CPU", "avx2", 2, "LibTorch 1", Map.of());
    private static final WorkSpeed READING =
            new WorkSpeed("reading", SHAPE, Precision.BFLOAT16, 2, ComputeDevice.CPU, 0.5);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private MeasurementCache cache() {
        return new MeasurementCache(folder.resolve("measured"));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("measured"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void whatWasDoneIsRememberedForItsKindAlone() {
        assertThat(READING.ofEarlierRuns(cache(), MACHINE)).isEmpty();
        READING.did(3e9, 6, cache(), MACHINE);
        assertThat(READING.ofEarlierRuns(cache(), MACHINE)).hasValue(5e8);
        Stream.of(
                        new WorkSpeed("asking", SHAPE, Precision.BFLOAT16, 2, ComputeDevice.CPU, 0.5),
                        new WorkSpeed("reading", SHAPE.withRows(1), Precision.BFLOAT16, 2, ComputeDevice.CPU, 0.5),
                        new WorkSpeed("reading", SHAPE, Precision.FLOAT32, 2, ComputeDevice.CPU, 0.5),
                        new WorkSpeed("reading", SHAPE, Precision.BFLOAT16, 1, ComputeDevice.CPU, 0.5),
                        new WorkSpeed("reading", SHAPE, Precision.BFLOAT16, 2, ComputeDevice.CUDA, 0.5))
                .forEach(other -> assertThat(other.ofEarlierRuns(cache(), MACHINE))
                        .as(other.toString())
                        .isEmpty());
        Machine another = new Machine("another CPU", "avx2", 2, "LibTorch 1", Map.of());
        assertThat(READING.ofEarlierRuns(cache(), another)).isEmpty();
    }

    @Test
    void laterWorkCountsAsLongAsItTookAndEarlierWorkAMinuteAtMost() {
        READING.did(60e9, 60, cache(), MACHINE);
        READING.did(4e9, 2, cache(), MACHINE);
        assertThat(READING.ofEarlierRuns(cache(), MACHINE).orElseThrow()).isCloseTo(64e9 / 62, within(1.0));
        READING.did(7200e9, 3600, cache(), MACHINE);
        assertThat(READING.ofEarlierRuns(cache(), MACHINE).orElseThrow())
                .isCloseTo((60 * 64e9 / 62 + 7200e9) / 3660, within(1e3));
        READING.did(30e9, 60, cache(), MACHINE);
        assertThat(READING.ofEarlierRuns(cache(), MACHINE).orElseThrow()).isBetween(1.2e9, 1.3e9);
    }

    /** Neither what is mostly warming up nor what is no number. */
    @ParameterizedTest
    @CsvSource({"1e9, 0.99", "0, 5", "-1, 5", "NaN, 5", "Infinity, 5", "1e9, NaN", "1e9, Infinity", "1e9, 0"})
    void whatTellsNothingIsNotKept(double multiplications, double seconds) {
        READING.did(multiplications, seconds, cache(), MACHINE);
        assertThat(READING.ofEarlierRuns(cache(), MACHINE)).isEmpty();
        assertThat(folder.resolve("measured")).doesNotExist();
    }

    @Test
    void aDamagedFileCountsAsNoneAndIsWrittenAnew() throws IOException {
        READING.did(3e9, 6, cache(), MACHINE);
        String whole = Files.readString(file());
        for (String damaged : List.of("", "{", whole.replace("seconds", "hours"), whole.replace("6.0", "-6.0"))) {
            Files.writeString(file(), damaged);
            assertThat(READING.ofEarlierRuns(cache(), MACHINE)).as(damaged).isEmpty();
        }
        READING.did(8e9, 4, cache(), MACHINE);
        assertThat(READING.ofEarlierRuns(cache(), MACHINE)).hasValue(2e9);
    }

    @Test
    void withoutAPlaceToKeepItNothingIsRememberedAndNothingFails() {
        MeasurementCache none = new MeasurementCache(null);
        READING.did(3e9, 6, none, MACHINE);
        assertThat(READING.ofEarlierRuns(none, MACHINE)).isEmpty();
    }

    /** 200 and 400 GFLOP/s a thread are 100 and 200 thousand million multiplications, of which a half. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, 2, 4, 2e11", "FLOAT32, 2, 4, 1e11", "BFLOAT16, 1, 4, 1e11", "BFLOAT16, 8, 2, 2e11"})
    void productsTellTheSpeedOfTheirThreadsButNoMoreThanThereAreCores(
            Precision precision, int threads, int cores, double expected) {
        WorkSpeed speed = new WorkSpeed("reading", SHAPE, precision, threads, ComputeDevice.CPU, 0.5);
        assertThat(speed.byProducts(new ProductRates(200, 400), cores)).isCloseTo(expected, within(1e-3));
    }

    @Test
    void noProductsAreMeasuredForAGpu() {
        assertThat(new WorkSpeed("reading", SHAPE, Precision.FLOAT32, 2, ComputeDevice.CUDA, 0.5).byProducts())
                .isEmpty();
    }

    @Test
    void refusesNoThreadsAndShares() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WorkSpeed("reading", SHAPE, Precision.FLOAT32, 0, ComputeDevice.CPU, 0.5))
                .withMessage("threads must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WorkSpeed("reading", SHAPE, Precision.FLOAT32, 1, ComputeDevice.CPU, 0))
                .withMessage("share must be above 0 and finite, was 0.0");
    }
}
