package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts of processes of their own with a cache folder that is empty at first. */
class LibTorchFilesTest {
    private static final String LARGEST = System.mapLibraryName("torch_cpu");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    private final List<Process> started = new ArrayList<>();

    /** Uses the library. */
    static final class Start {
        private Start() {}

        public static void main(String[] none) {
            LibTorch.load();
            System.out.println("one thread: " + (torch.get_num_threads() == 1));
        }
    }

    @AfterEach
    void endWhatRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void firstStartsAtTheSameTimeAllWorkAndAHalfFileIsMended() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            start();
        }
        for (Process process : started) {
            assertWorks(process);
        }
        assertThat(folders()).hasSize(1);
        Path largest = largest(folders().get(0));
        long whole = Files.size(largest);
        try (FileChannel file = FileChannel.open(largest, StandardOpenOption.WRITE)) {
            file.truncate(whole / 2);
        }
        assertWorks(start());
        assertThat(largest).hasSize(whole);
        assertThat(folders()).hasSize(1);
    }

    @Test
    void aFirstStartThatIsKilledWhileUnpackingDoesNotBreakTheNext() throws IOException, InterruptedException {
        Process killed = start();
        List<ProcessHandle> helpers = List.of();
        for (int i = 0; i < 6000 && !isUnpacking(); i++) {
            Thread.sleep(10);
            helpers = killed.descendants().toList();
        }
        assertThat(isUnpacking()).isTrue();
        killed.destroyForcibly().waitFor();
        for (ProcessHandle helper : helpers) {
            helper.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
        assertWorks(start());
        assertThat(folders()).hasSize(1);
    }

    private Process start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.bytedeco.javacpp.cachedir=" + temporary.resolve("cache"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Start.class.getName())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }

    private static void assertWorks(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("one thread: true");
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("cache"))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    /** True once a part of the largest file is there. */
    private boolean isUnpacking() {
        try (Stream<Path> files = Files.walk(temporary.resolve("cache"))) {
            return files.anyMatch(file -> file.getFileName().toString().equals(LARGEST)
                    && file.toFile().length() > 0);
        } catch (IOException | UncheckedIOException notYetOrJustChanged) {
            return false;
        }
    }

    private static Path largest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().equals(LARGEST))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
