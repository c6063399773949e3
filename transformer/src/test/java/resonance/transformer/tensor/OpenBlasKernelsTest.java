package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.transformer.tensor.OpenBlasKernels.Measured;
import resonance.transformer.tensor.OpenBlasKernels.Trial;

class OpenBlasKernelsTest {
    private static final String AVX2 = "fpu avx2 fma";
    private static final String AVX512 = AVX2 + " avx512f avx512dq avx512cd avx512bw avx512vl";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<String> tried = new ArrayList<>();

    private MeasurementCache cache() {
        return new MeasurementCache(folder.resolve("measured"));
    }

    private static Machine machine(String flags) {
        return new Machine("a CPU of any vendor", flags, 2, "OpenBLAS 1", Map.of());
    }

    /** OpenBLAS's own choice is {@code own}; a process of kernels without a rate dies. */
    private Trial trial(String own, Map<String, Double> rates) {
        return kernels -> {
            tried.add(kernels.orElse("default"));
            String name = kernels.orElse(own);
            return Optional.ofNullable(rates.get(name)).map(rate -> new Measured(name, rate));
        };
    }

    @ParameterizedTest
    @CsvSource({
        "fpu sse2, ''",
        "fpu avx2, ''",
        AVX2 + ", 'Haswell, Zen'",
        AVX2 + " avx512f avx512dq, 'Haswell, Zen'",
        AVX512 + ", 'Haswell, Zen, SkylakeX'",
        AVX512 + " avx512_bf16 amx_bf16, 'Haswell, Zen, SkylakeX, Cooperlake'",
    })
    void onlyKernelsThatTheCpuCanRunAreCandidates(String flags, String expected) {
        assertThat(String.join(", ", OpenBlasKernels.candidates(machine(flags))))
                .isEqualTo(expected);
    }

    @Test
    void theFastestIsTakenWhateverTheVendorAndMeasuredOnce() {
        Trial trial = trial("Zen", Map.of("Zen", 100.0, "Haswell", 101.0, "SkylakeX", 199.0));
        for (int start = 0; start < 2; start++) {
            assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX512), cache(), trial))
                    .contains("SkylakeX");
        }
        assertThat(tried).containsExactly("default", "Haswell", "SkylakeX", "default", "SkylakeX");
    }

    @Test
    void openBlassOwnChoiceStaysUnlessItMatters() {
        Trial trial = trial("Haswell", Map.of("Haswell", 100.0, "Zen", 105.0, "SkylakeX", 90.0));
        assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX512), cache(), trial))
                .isEmpty();
        assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX512), cache(), trial))
                .isEmpty();
        assertThat(tried).containsExactly("default", "Zen", "SkylakeX");
    }

    @Test
    void kernelsWhoseProcessDiesAreOut() {
        Trial trial = trial("Haswell", Map.of("Haswell", 100.0, "Zen", 120.0));
        assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX512 + " avx512_bf16"), cache(), trial))
                .contains("Zen");
    }

    @Test
    void kernelsThatOpenBlasDoesNotKnowAreOut() {
        Trial ignoring = kernels -> Optional.of(new Measured("Haswell", kernels.isEmpty() ? 100 : 200));
        assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX512), cache(), kernels -> ignoring.of(kernels)))
                .isEqualTo(Optional.empty());
    }

    @Test
    void aSlowMomentOfTheDefaultDoesNotDecideForAnother() {
        Trial trial = kernels -> {
            tried.add(kernels.orElse("default"));
            boolean slow = tried.size() == 1;
            return Optional.of(new Measured(kernels.orElse("Haswell"), slow ? 50 : 100));
        };
        assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX2), cache(), trial))
                .isEmpty();
        assertThat(tried).containsExactly("default", "Zen", "default", "Zen");
    }

    @Test
    void whereNothingCanBeMeasuredNothingIsChosenOrKept() {
        for (int start = 0; start < 2; start++) {
            assertThat(OpenBlasKernels.chosen(Map.of(), machine(AVX2), cache(), trial("Zen", Map.of())))
                    .isEmpty();
        }
        assertThat(tried).containsExactly("default", "default");
        assertThat(OpenBlasKernels.chosen(Map.of(), machine("fpu"), cache(), trial("Zen", Map.of())))
                .isEmpty();
        assertThat(tried).hasSize(2);
    }

    @Test
    void whereFiguresCanNotBeKeptNoStartIsMadeSlower() {
        assertThat(OpenBlasKernels.chosen(
                        Map.of(), machine(AVX2), new MeasurementCache(null), trial("Zen", Map.of("Zen", 1.0))))
                .isEmpty();
        assertThat(tried).isEmpty();
    }

    @Test
    void aUsersOwnChoiceStays() {
        Trial trial = trial("Zen", Map.of("Zen", 100.0, "Haswell", 300.0));
        assertThat(OpenBlasKernels.chosen(Map.of("OPENBLAS_CORETYPE", "Zen"), machine(AVX2), cache(), trial))
                .isEmpty();
        assertThat(tried).isEmpty();
        assertThat(OpenBlasKernels.chosen(Map.of("OPENBLAS_CORETYPE", ""), machine(AVX2), cache(), trial))
                .contains("Haswell");
    }

    @Test
    void keptFiguresChooseNothingThatTheCpuCanNotRun() {
        Machine machine = machine(AVX2);
        cache().keep("openblas", machine.asMap(), Map.of("default", 100.0, "Cooperlake", 300.0));
        assertThat(OpenBlasKernels.chosen(Map.of(), machine, cache(), trial("Zen", Map.of())))
                .isEmpty();
        assertThat(tried).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kill -ILL $$",
                "echo Haswell 100; exit 1",
                "true",
                "echo Haswell",
                "echo Haswell fast",
                "echo Haswell 0",
                "echo Haswell NaN",
                "echo Haswell 1e999",
                "echo Haswell 100 GFLOP/s",
            })
    void aProcessThatDiesOrSaysNothingOfUseHasNoRate(String script) {
        assertThat(OpenBlasKernels.last(new ProcessBuilder("sh", "-c", script))).isEmpty();
    }

    @Test
    void theLastLineOfAProcessCounts() {
        assertThat(OpenBlasKernels.last(new ProcessBuilder("sh", "-c", "echo a warning; echo Haswell 117.30")))
                .contains(new Measured("Haswell", 117.3));
        assertThat(OpenBlasKernels.last(new ProcessBuilder("/nonexistent/java")))
                .isEmpty();
    }

    /** A process that is told in its own environment, as the native library sees it, before that is loaded. */
    static final class Told {
        private Told() {}

        public static void main(String[] arguments) {
            boolean set = ProcessEnvironment.set(OpenBlasKernels.VARIABLE, arguments[0]);
            set &= ProcessEnvironment.set("RESONANCE_UNRELATED", "1");
            // The variables must outlive whatever Java collects.
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            LibTorch.loadOpenBlas();
            System.out.println(OpenBlasKernels.inUse() + " " + (set ? 1 : 2));
        }
    }

    @ParameterizedTest
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    @ValueSource(strings = {"Haswell", "Nehalem"})
    void openBlasTakesTheKernelsThatTheProcessWasTold(String kernels) throws IOException {
        ProcessBuilder told = java(Told.class, kernels);
        told.environment().remove(OpenBlasKernels.VARIABLE);
        assertThat(OpenBlasKernels.last(told)).contains(new Measured(kernels, 1));
        told.environment().put(OpenBlasKernels.VARIABLE, "Prescott");
        assertThat(OpenBlasKernels.last(told)).contains(new Measured(kernels, 1));
    }

    /** A process on a machine whose cache says that Haswell's kernels are the fastest. */
    static final class Loaded {
        private Loaded() {}

        public static void main(String[] arguments) {
            MeasurementCache.ofUser()
                    .keep("openblas", Machine.ofThisProcess().asMap(), Map.of("default", 1.0, "Haswell", 10.0));
            LibTorch.load();
            System.out.println(OpenBlasKernels.inUse() + " 1");
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void theLibraryIsLoadedWithTheKernelsThatWereFastest() {
        ProcessBuilder loaded = java(Loaded.class);
        loaded.environment().put("RESONANCE_CACHE", folder.toString());
        loaded.environment().remove(OpenBlasKernels.VARIABLE);
        assertThat(OpenBlasKernels.last(loaded)).contains(new Measured("Haswell", 1));
        loaded.environment().put(OpenBlasKernels.VARIABLE, "Nehalem");
        assertThat(OpenBlasKernels.last(loaded)).contains(new Measured("Nehalem", 1));
    }

    /** The whole of it, on this machine: whatever is chosen, a second start takes it from the cache. */
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void everyCandidateOfThisMachineIsTried() {
        Machine machine = Machine.ofThisProcess();
        Optional<String> first = OpenBlasKernels.chosen(Map.of(), machine, cache(), OpenBlasKernels::inProcessOfItsOwn);
        Map<String, Double> rates = cache().find("openblas", machine.asMap()).orElseThrow();
        assertThat(rates).containsKey("default").hasSizeGreaterThanOrEqualTo(2);
        assertThat(OpenBlasKernels.chosen(Map.of(), machine, cache(), trial("none", Map.of())))
                .isEqualTo(first);
        assertThat(tried).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aCandidatesProcessTellsItsKernelsAndRate() {
        ProcessBuilder measuring = java(KernelMeasurement.class);
        measuring.environment().put(OpenBlasKernels.VARIABLE, "Nehalem");
        Optional<Measured> found = OpenBlasKernels.last(measuring);
        assertThat(found).map(Measured::kernels).contains("Nehalem");
        assertThat(found.orElseThrow().rate()).isPositive();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void theKernelsInUseAreKnown() {
        LibTorch.load();
        assertThat(OpenBlasKernels.inUse()).isNotEqualTo("unknown");
    }

    private static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    }
}
