package resonance.transformer.tensor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The time that this thread has computed. What others do on its core meanwhile is not in it, so it measures right on a busy
 * machine too.
 */
final class ThreadTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ThreadTime() {}

    /** Seconds since some moment; wall-clock time where the system does not tell. */
    static double seconds() {
        long nanos = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : -1;
        return (nanos >= 0 ? nanos : System.nanoTime()) * 1e-9;
    }
}
