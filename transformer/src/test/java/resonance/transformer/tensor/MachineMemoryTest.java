package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
    private static final long TOTAL = 16_000_000_000L;
    private static final long FREE = 3_000_000_000L;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private long available() {
        return MachineMemory.of(root, TOTAL, FREE).available();
    }

    @Test
    void memAvailableCountsAndNotWhatLiesIdle() throws IOException {
        write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:  100 kB\nMemAvailable:    5000000 kB\n");
        assertThat(available()).isEqualTo(5_000_000L * 1024);
    }

    @Test
    void withoutSuchFilesItIsWhatTheSystemCallsFree() {
        assertThat(available()).isEqualTo(FREE / 1024 * 1024);
    }

    @Test
    void theStrictestControlGroupCountsWithItsInactiveFiles() throws IOException {
        write("proc/meminfo", "MemAvailable:    5000000 kB\n");
        write("proc/self/cgroup", "0::/slice/task\n");
        write("sys/fs/cgroup/slice/task/memory.max", "max\n");
        write("sys/fs/cgroup/slice/task/memory.current", "7\n");
        write("sys/fs/cgroup/slice/memory.max", "2000000000\n");
        write("sys/fs/cgroup/slice/memory.current", "1500000000\n");
        write("sys/fs/cgroup/slice/memory.stat", "anon 1200000000\ninactive_file 250000000\nactive_file 5\n");
        assertThat(available()).isEqualTo(750_000_000L);
    }

    @Test
    void theFormerControlGroupsCountToo() throws IOException {
        write("proc/meminfo", "MemAvailable:    5000000 kB\n");
        write("proc/self/cgroup", "9:cpu,cpuacct:/other\n8:memory:/docker/abc\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000000\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1200000000\n");
        assertThat(available()).isZero();
    }

    @Test
    void thisMachineHasSome() {
        MachineMemory memory = MachineMemory.now();
        assertThat(memory.total()).isGreaterThan(1L << 28);
        assertThat(memory.available()).isPositive().isLessThanOrEqualTo(memory.total());
    }
}
