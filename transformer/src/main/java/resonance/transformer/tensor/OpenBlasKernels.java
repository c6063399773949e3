package resonance.transformer.tensor;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Which of OpenBLAS's kernels make the float32 products of this process: those that were measured to be fastest on this CPU.
 *
 * <p>OpenBLAS holds kernels for many CPUs and takes some by the CPU's model unless {@code OPENBLAS_CORETYPE} says otherwise when it
 * is loaded. So each candidate is tried in a Java process of its own, which loads OpenBLAS alone and takes a quarter of a second;
 * one that the CPU can't run dies there and is out. Others than OpenBLAS's own choice are taken if they are more than
 * 5 % faster, measured twice. The figures lie in the user's cache. A user's own {@code OPENBLAS_CORETYPE} is never
 * changed, and where another library than OpenBLAS makes the products, or figures can't be kept, nothing is chosen.
 */
public final class OpenBlasKernels {
    static final String VARIABLE = "OPENBLAS_CORETYPE";

    private static final String NAME = "openblas";
    private static final String DEFAULT = "default";
    static final String UNKNOWN = "unknown";
    private static final long CHILD_SECONDS = 10;

    /** Kernels by the name that OpenBLAS knows them by, and the instruction sets that they need. */
    private enum Kernels {
        HASWELL("Haswell", "avx2 fma"),
        ZEN("Zen", "avx2 fma"),
        SKYLAKEX("SkylakeX", "avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl"),
        COOPERLAKE("Cooperlake", "avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl avx512_bf16"),
        // Taken by OpenBLAS itself where they run; version 0.3.31 does not find them by name.
        SAPPHIRERAPIDS("SapphireRapids", ""),
        SANDYBRIDGE("Sandybridge", ""),
        NEHALEM("Nehalem", ""),
        PRESCOTT("Prescott", "");

        private final String label;
        private final String sets;

        Kernels(String label, String sets) {
            this.label = label;
            this.sets = sets;
        }
    }

    private OpenBlasKernels() {}

    /** Measures one candidate. */
    interface Trial {
        /**
         * The rate of a process with these kernels, GFLOP/s, empty if it did not end well.
         *
         * @param kernels name of the candidate; empty for OpenBLAS's own choice
         */
        Optional<Measured> of(Optional<String> kernels);
    }

    /**
     * What a process found.
     *
     * @param kernels name of those that it ran
     * @param rate GFLOP/s
     */
    record Measured(String kernels, double rate) {
        /** A line such as {@code Haswell 117.3}; empty if it is none. */
        static Optional<Measured> parse(String line) {
            String[] words = line.strip().split(" ", -1);
            try {
                double rate = words.length == 2 ? Double.parseDouble(words[1]) : 0;
                return rate > 0 && rate < Double.POSITIVE_INFINITY
                        ? Optional.of(new Measured(words[0], rate))
                        : Optional.empty();
            } catch (NumberFormatException otherText) {
                return Optional.empty();
            }
        }
    }

    /** Tells OpenBLAS, which must not be loaded yet, which kernels to take. */
    static void choose() {
        boolean linux = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        boolean others = isTold(System.getenv()) || System.getProperty("org.bytedeco.openblas.load") != null;
        if (!linux || others) {
            return;
        }
        chosen(System.getenv(), Machine.ofThisProcess(), MeasurementCache.ofUser(), OpenBlasKernels::inProcessOfItsOwn)
                .ifPresent(kernels -> ProcessEnvironment.set(VARIABLE, kernels));
    }

    /** The kernels to ask for; empty to leave OpenBLAS its own choice, or the user's. */
    static Optional<String> chosen(
            Map<String, String> environment, Machine machine, MeasurementCache cache, Trial trial) {
        if (isTold(environment)) {
            return Optional.empty();
        }
        List<String> candidates = candidates(machine);
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        Optional<Map<String, Double>> known = cache.find(NAME, machine.asMap());
        if (known.isEmpty() && !cache.keeps()) {
            return Optional.empty(); // rather OpenBLAS's own choice than a second or two at every start
        }
        Map<String, Double> rates = known.orElseGet(() -> measure(candidates, trial));
        if (known.isEmpty() && rates.containsKey(DEFAULT)) {
            cache.keep(NAME, machine.asMap(), rates);
        }
        return fastest(rates).filter(candidates::contains);
    }

    private static boolean isTold(Map<String, String> environment) {
        return !environment.getOrDefault(VARIABLE, "").isEmpty();
    }

    /** Names of the kernels that the CPU can run. */
    static List<String> candidates(Machine machine) {
        List<String> names = new ArrayList<>();
        for (Kernels kernels : Kernels.values()) {
            if (!kernels.sets.isEmpty() && machine.has(kernels.sets)) {
                names.add(kernels.label);
            }
        }
        return names;
    }

    /** Rates by name, OpenBLAS's own choice as {@code default}; empty if that can't be measured. */
    static Map<String, Double> measure(List<String> candidates, Trial trial) {
        Map<String, Double> rates = new LinkedHashMap<>();
        Optional<Measured> own = trial.of(Optional.empty());
        if (own.isEmpty()) {
            return rates;
        }
        rates.put(DEFAULT, own.get().rate());
        for (String candidate : candidates) {
            if (!candidate.equals(own.get().kernels())) {
                measured(candidate, trial).ifPresent(rate -> rates.put(candidate, rate));
            }
        }
        // A slow moment of the default must not decide for another: both once more.
        fastest(rates).ifPresent(challenger -> {
            trial.of(Optional.empty()).ifPresent(again -> rates.merge(DEFAULT, again.rate(), Math::max));
            measured(challenger, trial).ifPresent(rate -> rates.merge(challenger, rate, Math::max));
        });
        return rates;
    }

    private static Optional<Double> measured(String candidate, Trial trial) {
        return trial.of(Optional.of(candidate))
                .filter(found -> found.kernels().equals(candidate))
                .map(Measured::rate);
    }

    /** The fastest, if it is more than 5 % faster than OpenBLAS's own choice. */
    static Optional<String> fastest(Map<String, Double> rates) {
        double own = rates.getOrDefault(DEFAULT, Double.POSITIVE_INFINITY);
        return rates.entrySet().stream()
                .filter(entry -> entry.getValue() > ProductRates.WORTHWHILE * own)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    /** Name of the kernels that this process runs; {@code unknown} if OpenBLAS is not loaded or does not tell. */
    public static String inUse() {
        Pointer table = Loader.addressof("gotoblas");
        if (table == null || table.isNull()) {
            return UNKNOWN;
        }
        Pointer used = new PointerPointer<>(table).get(0);
        for (Kernels kernels : Kernels.values()) {
            Pointer own = Loader.addressof("gotoblas_" + kernels.name());
            if (own != null && used != null && own.address() == used.address()) {
                return kernels.label;
            }
        }
        return UNKNOWN;
    }

    static Optional<Measured> inProcessOfItsOwn(Optional<String> kernels) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null"));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("org.bytedeco."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("-cp", OwnClassPath.text(), KernelMeasurement.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove(VARIABLE);
        kernels.ifPresent(name -> builder.environment().put(VARIABLE, name));
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        return last(builder);
    }

    /** What the last line of a process says, if it ended well and in time. */
    static Optional<Measured> last(ProcessBuilder builder) {
        Process process;
        try {
            process = builder.start();
        } catch (IOException notStarted) {
            return Optional.empty();
        }
        try {
            if (!process.waitFor(CHILD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                return Optional.empty();
            }
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.isEmpty() ? Optional.empty() : Measured.parse(lines.get(lines.size() - 1));
        } catch (IOException unreadable) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
