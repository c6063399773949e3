package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * With what, where and when a result was made, as text for people to compare.
 *
 * @param softwareVersion version of this software
 * @param gitCommit commit it was built from, or "unknown"
 * @param javaVersion version and vendor of the Java runtime
 * @param libTorchVersion version of the native tensor library
 * @param operatingSystem name, version and architecture
 * @param processor model of the CPU
 * @param cores logical processors available to the program
 * @param date when it was started, ISO 8601 in UTC
 * @param commandLine the command as typed
 */
public record Provenance(
        String softwareVersion,
        String gitCommit,
        String javaVersion,
        String libTorchVersion,
        String operatingSystem,
        String processor,
        int cores,
        String date,
        String commandLine) {

    private static final Path LINUX_CPU_INFO = Path.of("/proc/cpuinfo");

    /** A provenance with what the running Java machine knows filled in: Java, system, processor, cores and the date. */
    public static Provenance ofThisMachine(
            String softwareVersion, String gitCommit, String libTorchVersion, String commandLine) {
        return new Provenance(
                softwareVersion,
                gitCommit,
                System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")",
                libTorchVersion,
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                processorModel(LINUX_CPU_INFO),
                Runtime.getRuntime().availableProcessors(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                commandLine);
    }

    /** Whether both are of one build on machines of one kind. */
    public boolean sameBuildAndMachine(Provenance other) {
        return buildAndMachine().equals(other.buildAndMachine());
    }

    /** Build and processor in words, for people to tell runs apart. */
    public String buildAndMachine() {
        return softwareVersion + " (commit " + gitCommit + ") on " + processor;
    }

    /** The processor's model as Linux tells it; elsewhere, the environment's or the bare architecture. */
    static String processorModel(Path cpuInfo) {
        try {
            for (String line : Files.readAllLines(cpuInfo)) {
                if (line.startsWith("model name") && line.contains(":")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException noSuchFileOnThisSystem) {
            // Only Linux has it; the architecture below is what remains.
        }
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows == null ? System.getProperty("os.arch") : windows;
    }
}
