package resonance.transformer.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;

/**
 * A fixed number of threads that each run one share of the same work; native code runs on these threads only.
 *
 * <p>Which worker does what is fixed by its index, never by timing, so results do not depend on scheduling. LibTorch's
 * inference mode, which leaves out the bookkeeping of recorded gradients, is on for every worker.
 */
public final class Workers implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();

    public Workers(int count) {
        LibTorch.load();
        for (int i = 0; i < count; i++) {
            int index = i;
            threads.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "decoder-worker-" + index);
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    public int count() {
        return threads.size();
    }

    /**
     * Runs {@code share.accept(worker)} on every worker and waits for all of them, also when the calling thread is
     * interrupted (the interrupt is kept): native code must not be left running behind the caller's back.
     */
    public void run(IntConsumer share) {
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            int worker = i;
            futures.add(threads.get(i).submit(() -> {
                torch.set_num_threads(1);
                try (PointerScope scope = new PointerScope();
                        InferenceMode mode = new InferenceMode(true)) {
                    share.accept(worker);
                }
            }));
        }
        boolean interrupted = false;
        RuntimeException failure = null;
        for (Future<?> future : futures) {
            boolean waiting = true;
            while (waiting) {
                try {
                    future.get();
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    waiting = false;
                    failure = new IllegalStateException("a worker failed: " + e.getCause(), e.getCause());
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        for (ExecutorService thread : threads) {
            thread.shutdown();
        }
    }
}
