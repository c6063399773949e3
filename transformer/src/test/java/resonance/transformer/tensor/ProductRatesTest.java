package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductRatesTest {
    private static final ProductShape SHAPE = new ProductShape(64, 32, 64, true);
    private static final Machine MACHINE = new Machine("a CPU", "avx2", 2, "LibTorch 1", Map.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Rates in GFLOP/s: Xeon and EPYC as they were measured, ties, and what is within the noise. */
    @ParameterizedTest
    @CsvSource({
        "161, 83, FLOAT32",
        "199, 420, BFLOAT16",
        "100, 1, FLOAT32",
        "100, 100, FLOAT32",
        "100, 105, FLOAT32",
        "100, 105.1, BFLOAT16",
        "105, 100, FLOAT32",
        "0.001, 0.0011, BFLOAT16",
    })
    void theFasterFormatIsTakenAndFloat32UnlessItMatters(double float32, double bfloat16, Precision faster) {
        assertThat(new ProductRates(float32, bfloat16).faster()).isEqualTo(faster);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void ratesAreNumbersAboveNothing(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProductRates(1, rate))
                .withMessage("rates must be above 0 and finite, were 1.0 and " + rate);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProductRates(rate, 1))
                .withMessage("rates must be above 0 and finite, were " + rate + " and 1.0");
    }

    @Test
    void formatsAreMeasuredInTurnAndTheFirstRoundDoesNotCount() {
        List<Precision> order = new ArrayList<>();
        ProductRates rates = ProductRates.measure(1e9, ProductRates.ENOUGH_SECONDS, precision -> {
            order.add(precision);
            // The first products are slow, or unbelievably fast: neither may count.
            return order.size() == 1 ? 5 : order.size() == 2 ? 1e-9 : precision == Precision.FLOAT32 ? 0.01 : 0.005;
        });
        assertThat(rates.float32()).isCloseTo(100, within(1e-9));
        assertThat(rates.bfloat16()).isCloseTo(200, within(1e-9));
        for (int i = 0; i < order.size(); i++) {
            assertThat(order.get(i)).isEqualTo(i % 2 == 0 ? Precision.FLOAT32 : Precision.BFLOAT16);
        }
    }

    @Test
    void slowMomentsOfTheMachineDecideNothing() {
        int[] rounds = new int[1];
        ProductRates rates = ProductRates.measure(1e9, ProductRates.ENOUGH_SECONDS, precision -> {
            rounds[0]++;
            // float32 is twice as fast, but has a quiet moment in one round of three only.
            boolean quiet = rounds[0] % 6 == 5;
            return precision == Precision.BFLOAT16 ? 0.012 : quiet ? 0.006 : 0.054;
        });
        assertThat(rates.faster()).isEqualTo(Precision.FLOAT32);
    }

    /** Seconds of a round of either format, and the rounds that count. */
    @ParameterizedTest
    @CsvSource({"1, 2", "0.05, 2", "0.02, 3", "0.006, 3", "0.001, 15", "0.00001, 1500"})
    void measuringTakesAFewHundredthsOfASecondWhereTheMachineAllows(double seconds, int expected) {
        int[] rounds = new int[1];
        ProductRates.measure(1e9, ProductRates.ENOUGH_SECONDS, precision -> {
            rounds[0]++;
            return seconds;
        });
        assertThat(rounds[0] / 2 - 1).isBetween(expected, expected + 1);
    }

    @Test
    void whatWasMeasuredIsNotMeasuredAgainUntilTheFileIsDamaged() throws IOException {
        LibTorch.load();
        MeasurementCache cache = new MeasurementCache(folder.resolve("measured"));
        ProductRates first = ProductRates.of(SHAPE, cache, MACHINE);
        assertThat(first.float32()).isPositive();
        assertThat(first.bfloat16()).isPositive();
        assertThat(first.of(Precision.FLOAT32)).isEqualTo(first.float32());
        assertThat(first.of(Precision.BFLOAT16)).isEqualTo(first.bfloat16());
        assertThat(ProductRates.of(SHAPE, cache, MACHINE)).isEqualTo(first);
        Path file = files().get(0);
        assertThat(Files.readString(file))
                .contains("\"product\" : \"64 x 32 x 64, with gradients\"", "\"kernels\" : \"");
        String changed = Files.readString(file).replaceAll("\"float32\" : [0-9.E-]+", "\"float32\" : 1234.5");
        Files.writeString(file, changed);
        assertThat(ProductRates.of(SHAPE, cache, MACHINE).float32()).isEqualTo(1234.5);
        Files.writeString(file, changed.replace("float32", "float64"));
        assertThat(ProductRates.of(SHAPE, cache, MACHINE).float32()).isNotEqualTo(1234.5);
        assertThat(files()).hasSize(1);
        ProductRates.of(new ProductShape(1, 32, 64, false), cache, MACHINE);
        assertThat(files()).hasSize(2);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("measured"))) {
            return files.toList();
        }
    }

    /** A process in which the native library emulates bfloat16, whatever the CPU's flags say. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] arguments) {
            ProductShape shape = new ProductShape(256, 128, 512, true);
            System.out.println(
                    PrecisionChoice.auto(shape, ComputeDevice.CPU).precision().label() + " 1");
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aCpuThatHasBfloat16ButIsSlowAtItComputesInFloat32() {
        ProcessBuilder limited = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Limited.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        limited.environment().put("ONEDNN_MAX_CPU_ISA", "AVX2");
        assertThat(OpenBlasKernels.last(limited)).contains(new OpenBlasKernels.Measured("float32", 1));
    }

    @Test
    void bareProductsAreMeasuredWithoutACache() {
        assertThat(ProductRates.bare(SHAPE).float32()).isPositive();
    }

    /** Shapes and what is measured in their place. */
    @ParameterizedTest
    @CsvSource({
        "1024, 64, 256, 1024 x 64 x 256",
        "1024, 512, 2048, 256 x 512 x 2048",
        "1024, 256, 1024, 953 x 256 x 1024",
        "256, 576, 1536, 256 x 576 x 1536",
        "256, 8192, 28672, 256 x 1024 x 4096",
        "1, 4096, 11008, 1 x 1024 x 4096",
        "2147483647, 1, 1, 250000000 x 1 x 1",
    })
    void aShapeIsMeasuredAtASizeThatTakesMilliseconds(int rows, int width, int inner, String measured) {
        ProductShape shape = new ProductShape(rows, width, inner, false).measured();
        assertThat(shape.text()).isEqualTo(measured);
        assertThat(shape.measured()).isEqualTo(shape);
    }

    @Test
    void operationsAreTwoForEachFactorPairAndThriceThatWithGradients() {
        assertThat(new ProductShape(3, 5, 7, false).operations()).isEqualTo(210);
        assertThat(new ProductShape(3, 5, 7, true).operations()).isEqualTo(630);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProductShape(0, 5, 7, false))
                .withMessage("rows, width and innerWidth must be at least 1, were 0, 5 and 7");
    }

    @Test
    void theReasonTellsBothRates() {
        assertThat(PrecisionChoice.measured(new ProductRates(161, 83), "Cooperlake"))
                .isEqualTo(
                        new PrecisionChoice(
                                Precision.FLOAT32,
                                "auto: a thread makes 161.0 GFLOP/s in float32 (OpenBLAS's Cooperlake kernels) and 83.0 in bfloat16"));
        assertThat(PrecisionChoice.auto(SHAPE, ComputeDevice.CUDA))
                .isEqualTo(new PrecisionChoice(Precision.FLOAT32, "auto, not measured on cuda"));
        assertThat(PrecisionChoice.asked(Precision.BFLOAT16))
                .isEqualTo(new PrecisionChoice(Precision.BFLOAT16, "as asked"));
        assertThat(PrecisionChoice.auto(SHAPE, ComputeDevice.CPU).reason())
                .matches(
                        "auto: a thread makes [0-9.]+ GFLOP/s in float32 \\(OpenBLAS's \\w+ kernels\\) and [0-9.]+ in bfloat16");
    }

    @Test
    void workGoesOnInThePrecisionThatItsRecordNames() {
        PrecisionChoice choice = PrecisionChoice.measured(new ProductRates(100, 200), "unknown");
        Map<String, String> record = new LinkedHashMap<>();
        choice.describe(record);
        assertThat(record)
                .containsExactly(
                        Map.entry("precision", "bfloat16"),
                        Map.entry(
                                "precisionChoice",
                                "auto: a thread makes 100.0 GFLOP/s in float32 and 200.0 in bfloat16"));
        assertThat(PrecisionChoice.begun(record)).contains(choice);
        assertThat(PrecisionChoice.begun(Map.of("precision", "float32")))
                .contains(new PrecisionChoice(Precision.FLOAT32, "its record does not say why"));
        assertThat(PrecisionChoice.begun(Map.of("precision", "float8"))).isEmpty();
        assertThat(PrecisionChoice.begun(Map.of())).isEmpty();
    }
}
