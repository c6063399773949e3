package resonance.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import resonance.language.LanguageModel;
import resonance.model.EncodingChoice;
import resonance.rope.ScalingSettings;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.tensor.ProductShape;

/** What the programs that measure tokens a second share: options {@code --name value}, and a clock of both times. */
final class ThroughputRun {
    private final Map<String, String> options = new LinkedHashMap<>();
    private long cpuStart;
    private long start;

    /**
     * Reads options over their defaults, and {@code --threads}, all processors if it is not given.
     *
     * @throws IllegalArgumentException if an option is unknown or the last has no value
     */
    ThroughputRun(String[] arguments, String... defaults) {
        for (int i = 0; i < defaults.length; i += 2) {
            options.put(defaults[i], defaults[i + 1]);
        }
        options.put("--threads", String.valueOf(Runtime.getRuntime().availableProcessors()));
        for (int i = 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i])) {
                throw new IllegalArgumentException(
                        "option must be one of " + options.keySet() + ", was " + arguments[i]);
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "options must have a value each, were " + Arrays.toString(arguments));
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    String text(String option) {
        return Objects.requireNonNull(options.get(option), option);
    }

    int whole(String option) {
        return Integer.parseInt(text(option));
    }

    double number(String option) {
        return Double.parseDouble(text(option));
    }

    /** The format asked for; with {@code auto} the faster one for a product. */
    Precision precision(ProductShape product) {
        String name = text("--precision");
        return name.equals(PrecisionChoice.AUTO)
                ? PrecisionChoice.auto(product, ComputeDevice.CPU).precision()
                : Precision.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Writes ids of tokens for another program into the file that {@code --tokens} names, if it does. */
    void writeTokens(int[] ids) throws IOException {
        if (!text("--tokens").isEmpty()) {
            Files.writeString(Path.of(text("--tokens")), Arrays.toString(ids));
        }
    }

    /** A model's own encoding for texts of a length. */
    static RotaryEncoding ownEncoding(LanguageModel model, int length) {
        return new RotaryEncoding(EncodingChoice.of(EncodingChoice.MODEL, ScalingSettings.DEFAULTS)
                .frequencies(model.description().positions(), length));
    }

    /** Begins to count both times. */
    void start() {
        cpuStart = cpuNanos();
        start = System.nanoTime();
    }

    double wallSeconds() {
        return (System.nanoTime() - start) * 1e-9;
    }

    double cpuSeconds() {
        return (cpuNanos() - cpuStart) * 1e-9;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** The process's largest resident memory so far; 0 where the system doesn't tell. */
    static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }
}
