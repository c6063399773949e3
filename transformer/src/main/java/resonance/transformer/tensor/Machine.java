package resonance.transformer.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.Loader;

/**
 * What decides how fast products are here: figures that were measured where any of it is otherwise do not count.
 *
 * @param processor model of the CPU
 * @param flags the instruction sets that Linux tells of it; elsewhere empty
 * @param cores logical processors available to the program
 * @param natives versions of the native libraries
 * @param limits variables of the environment that the native libraries read, such as {@code ONEDNN_MAX_CPU_ISA}, by name
 */
record Machine(String processor, String flags, int cores, String natives, Map<String, String> limits) {
    private static final Path LINUX_CPU_INFO = Path.of("/proc/cpuinfo");

    private static final List<String> PREFIXES = List.of("OPENBLAS_", "ONEDNN_", "DNNL_", "ATEN_", "MKL_");

    Machine {
        limits = Map.copyOf(limits);
    }

    /** The machine that the program runs on. */
    static Machine ofThisProcess() {
        return of(LINUX_CPU_INFO, System.getenv());
    }

    static Machine of(Path cpuInfo, Map<String, String> environment) {
        return new Machine(
                value(cpuInfo, "model name", environment.getOrDefault("PROCESSOR_IDENTIFIER", architecture())),
                value(cpuInfo, "flags", ""),
                Runtime.getRuntime().availableProcessors(),
                "LibTorch " + version("pytorch") + ", OpenBLAS " + version("openblas") + " of " + architecture(),
                limits(environment));
    }

    /** Whether the CPU has all of some instruction sets, by Linux's names with blanks between. */
    boolean has(String sets) {
        return List.of(flags.split(" ", -1)).containsAll(List.of(sets.split(" ", -1)));
    }

    /** Every component as text by name. */
    Map<String, String> asMap() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("processor", processor);
        values.put("flags", flags);
        values.put("cores", String.valueOf(cores));
        values.put("natives", natives);
        new TreeMap<>(limits).forEach(values::put);
        return values;
    }

    private static String architecture() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    private static String version(String library) {
        try {
            return String.valueOf(Loader.getVersion("org.bytedeco", library));
        } catch (IOException unreadable) {
            return LibTorch.VERSION;
        }
    }

    private static Map<String, String> limits(Map<String, String> environment) {
        Map<String, String> limits = new TreeMap<>();
        environment.forEach((name, value) -> {
            // A product that is measured runs in one thread whatever these say.
            boolean speed = !name.endsWith("_NUM_THREADS") && !name.endsWith("_VERBOSE");
            if (speed && PREFIXES.stream().anyMatch(name::startsWith)) {
                limits.put(name, value);
            }
        });
        return limits;
    }

    /** The value of the first line of that name. */
    private static String value(Path cpuInfo, String name, String otherwise) {
        try {
            if (Files.isReadable(cpuInfo)) {
                for (String line : Files.readAllLines(cpuInfo)) {
                    int colon = line.indexOf(':');
                    if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                        return line.substring(colon + 1).strip();
                    }
                }
            }
        } catch (IOException e) {
            return otherwise; // nothing is known then, as on the systems that have no such file
        }
        return otherwise;
    }
}
