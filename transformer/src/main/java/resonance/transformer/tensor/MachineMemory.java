package resonance.transformer.tensor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the machine, or of the container that the program runs in.
 *
 * <p>What is available counts files that the system keeps in memory and would give up: Linux's MemAvailable, and under every
 * control group's limit what is left of it with the group's inactive files (cgroup v2: memory.max, memory.current, memory.stat;
 * v1: memory.limit_in_bytes, memory.usage_in_bytes). Elsewhere it is what the system calls free.
 *
 * @param total bytes
 * @param available bytes that programs can still take, with nothing swapped out
 */
public record MachineMemory(long total, long available) {
    /** The heap is a quarter of the machine's memory by default. */
    private static final int HEAP_SHARE = 4;

    private static final long KIB = 1024;

    /** Now. */
    public static MachineMemory now() {
        long total = Runtime.getRuntime().maxMemory() * HEAP_SHARE;
        long free = total;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            total = system.getTotalMemorySize();
            free = system.getFreeMemorySize();
        }
        return of(Path.of("/"), total, free);
    }

    /**
     * The same by the files of a system.
     *
     * @param root holds {@code proc} and {@code sys}
     * @param total of the machine or its container
     * @param free what is available where the files do not say
     */
    static MachineMemory of(Path root, long total, long free) {
        long available = number(root.resolve("proc/meminfo"), "MemAvailable:").orElse(free / KIB) * KIB;
        Path groups = root.resolve("sys/fs/cgroup");
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                available = Math.min(available, left(groups, parts[2], "memory.max", "memory.current"));
            } else if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains("memory")) {
                available = Math.min(
                        available,
                        left(groups.resolve("memory"), parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes"));
            }
        }
        return new MachineMemory(total, Math.max(0, Math.min(total, available)));
    }

    /** What the strictest of a group and those above it leaves. */
    private static long left(Path top, String group, String limitFile, String usageFile) {
        long left = Long.MAX_VALUE;
        @Nullable Path folder = top.resolve(group.replaceFirst("^/+", "")).normalize();
        // In a container the path may be one of outside, of which only the top is to be seen.
        while (folder != null && folder.startsWith(top)) {
            OptionalLong limit = number(folder.resolve(limitFile), "");
            OptionalLong usage = number(folder.resolve(usageFile), "");
            if (limit.isPresent() && usage.isPresent()) {
                long files =
                        number(folder.resolve("memory.stat"), "inactive_file ").orElse(0);
                left = Math.min(left, limit.getAsLong() - usage.getAsLong() + files);
            }
            folder = folder.getParent();
        }
        return left;
    }

    /** The number after the first line's beginning that is this; empty if there is none. */
    private static OptionalLong number(Path file, String beginning) {
        for (String line : lines(file)) {
            if (line.startsWith(beginning)) {
                String digits = line.substring(beginning.length()).strip().split(" ", 2)[0];
                return digits.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException unreadable) {
            return List.of(); // nothing is known then, as on the systems that have no such file
        }
    }
}
