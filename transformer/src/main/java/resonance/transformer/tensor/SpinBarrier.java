package resonance.transformer.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a fixed number of threads wait for each other many times a millisecond.
 *
 * <p>A thread that waits stays awake: work between two waits is some microseconds, and waking a thread takes longer than that. After
 * {@value #SPINS} looks it lets others have the core for a while. What a thread wrote before it waited, all see after it.
 */
public final class SpinBarrier {
    private static final int SPINS = 2_000;

    /** How long it then sleeps between two looks, about. */
    private static final long PAUSE_NANOS = 20_000;

    private final int parties;
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>(); // why the first gave up
    private volatile int round;

    /** @param parties how many threads wait for each other, at least 1 */
    public SpinBarrier(int parties) {
        this.parties = parties;
    }

    /** How many threads wait for each other. */
    public int parties() {
        return parties;
    }

    /**
     * Waits until all have arrived.
     *
     * @throws IllegalStateException if a thread has given up; its cause is why the first did
     */
    public void await() {
        int current = round;
        if (arrived.incrementAndGet() == parties) {
            arrived.set(0);
            round = current + 1;
            return;
        }
        for (int looks = 0; round == current; looks++) {
            Throwable cause = failure.get();
            if (cause != null) {
                throw new IllegalStateException("another thread has given up: " + cause, cause);
            }
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /**
     * Says that a thread will not arrive any more: those that wait, and will wait, give up too.
     *
     * @param cause why; what a thread says that gives up because another did counts for nothing
     */
    public void giveUp(Throwable cause) {
        failure.compareAndSet(null, cause);
    }
}
