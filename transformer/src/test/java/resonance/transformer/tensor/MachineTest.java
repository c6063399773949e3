package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    private static final String CPU_INFO = """
            processor\t: 0
            vendor_id\t: GenuineIntel
            model name\t: A CPU: fast
            flags\t\t: fpu avx2 fma avx512f
            vmx flags\t: vnmi
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void linuxTellsModelAndInstructionSets() throws IOException {
        Machine machine = Machine.of(Files.writeString(folder.resolve("cpuinfo"), CPU_INFO), Map.of());
        assertThat(machine.processor()).isEqualTo("A CPU: fast");
        assertThat(machine.flags()).isEqualTo("fpu avx2 fma avx512f");
        assertThat(machine.has("avx2 fma")).isTrue();
        assertThat(machine.has("avx512")).isFalse();
        assertThat(machine.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(machine.asMap()).containsOnlyKeys("processor", "flags", "cores", "natives");
        assertThat(machine.natives()).startsWith("LibTorch " + LibTorch.VERSION).contains("OpenBLAS 0.3.31");
    }

    @Test
    void withoutLinuxsFileTheArchitectureIsAllThatIsKnown() {
        Machine machine = Machine.of(folder.resolve("absent"), Map.of());
        assertThat(machine.processor()).isEqualTo(System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        assertThat(machine.flags()).isEmpty();
        assertThat(machine.has("avx2")).isFalse();
        assertThat(Machine.of(folder.resolve("absent"), Map.of("PROCESSOR_IDENTIFIER", "Intel64 Family 6"))
                        .processor())
                .isEqualTo("Intel64 Family 6");
    }

    @Test
    void aLimitOnTheNativeLibrariesMakesAnotherMachine() {
        Machine free = Machine.of(folder.resolve("absent"), Map.of("PATH", "/bin", "OPENBLAS_NUM_THREADS", "1"));
        assertThat(free.limits()).isEmpty();
        Machine limited = Machine.of(
                folder.resolve("absent"), Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "OPENBLAS_CORETYPE", "Haswell"));
        assertThat(limited.asMap())
                .containsEntry("ONEDNN_MAX_CPU_ISA", "AVX2")
                .containsEntry("OPENBLAS_CORETYPE", "Haswell")
                .containsAllEntriesOf(free.asMap());
    }
}
