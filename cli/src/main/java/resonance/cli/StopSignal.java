package resonance.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * True once the process was told to end (Ctrl-C, SIGTERM). Until it is closed the process stays alive, so that a run can save its
 * state and native code is never cut off in the middle, which crashes.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
    /** Exit code of a process ended by Ctrl-C; the JVM itself sets that of the signal that it got. */
    static final int INTERRUPTED = 130;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean asked;

    /** @param onSignal told once, on another thread, when the signal arrives */
    StopSignal(Runnable onSignal) {
        hook = new Thread(() -> awaitEnd(onSignal), "stop-signal");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException endsAlready) {
            asked = true; // by a signal that came before; whoever caught it keeps the process alive
        }
    }

    private void awaitEnd(Runnable onSignal) {
        asked = true;
        onSignal.run();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean getAsBoolean() {
        return asked;
    }

    /** Lets the process end. */
    @Override
    public void close() {
        closed.countDown();
        if (!asked) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endsJustNow) {
                // The hook runs already and finds the latch open.
            }
        }
    }
}
