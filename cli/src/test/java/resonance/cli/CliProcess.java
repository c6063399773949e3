package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line in a process of its own, to be sent signals. */
final class CliProcess {
    /** Exit code after SIGTERM. */
    static final int TERMINATED = 143;

    /** Exit code after SIGKILL. */
    static final int KILLED = 137;

    private CliProcess() {}

    /** Starts a command split at its spaces; what it prints is lost, but for errors and progress. */
    static Process start(String command, Path err) throws IOException {
        return start(command, err, false);
    }

    /** Starts a command split at its spaces, whose output is to be read or lost. */
    static Process start(String command, Path err, boolean read) throws IOException {
        return new ProcessBuilder(words(command))
                .redirectOutput(read ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
    }

    /** What starts a command split at its spaces. */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ResonanceCli.class.getName()));
        words.addAll(List.of(command.split(" ", -1)));
        return words;
    }

    interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until something holds while the process runs. */
    static void await(Process process, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(process.isAlive()).as("the run goes on").isTrue();
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
