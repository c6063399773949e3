package resonance.transformer.tensor;

import java.util.concurrent.atomic.AtomicInteger;
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
    private volatile int round;
    private volatile boolean broken;

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
     * @throws IllegalStateException if a thread has given up
     */
    public void await() {
        int current = round;
        if (arrived.incrementAndGet() == parties) {
            arrived.set(0);
            round = current + 1;
            return;
        }
        for (int looks = 0; round == current; looks++) {
            if (broken) {
                throw new IllegalStateException("another thread has given up");
            }
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Says that a thread will not arrive any more: those that wait, and will wait, give up too. */
    public void giveUp() {
        broken = true;
    }
}
