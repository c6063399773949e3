package resonance.study;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of these tests in a process of its own. */
final class StudyProcess {
    private StudyProcess() {}

    static Process start(Class<?> program, String... arguments) throws IOException {
        return start(List.of(), program, arguments);
    }

    /** Starts it behind other words, such as those of a shell. */
    static Process start(List<String> before, Class<?> program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", // whose file a limit on the size of files would not let be
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectErrorStream(true).start();
    }

    /** What an ended process said; empty while it runs. */
    static String said(Process process) throws IOException {
        return process.isAlive() ? "" : new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}
