package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SpinBarrierTest {
    @Test
    void whatAThreadWroteBeforeItWaitedAllSeeAfterIt() {
        int threads = 3;
        int[] written = new int[threads]; // neither atomic nor volatile: that the others see it is the barrier's work
        SpinBarrier barrier = new SpinBarrier(threads);
        assertThat(barrier.parties()).isEqualTo(threads);
        CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
        for (int i = 0; i < threads; i++) {
            int thread = i;
            all[i] = CompletableFuture.runAsync(
                    () -> {
                        for (int round = 1; round <= 500; round++) {
                            written[thread] = round;
                            barrier.await();
                            assertThat(written).containsOnly(round);
                            barrier.await();
                        }
                    },
                    task -> new Thread(task).start());
        }
        CompletableFuture.allOf(all).join();
    }

    @Test
    void whoWaitsForAThreadThatGivesUpGivesUpToo() {
        SpinBarrier barrier = new SpinBarrier(2);
        OutOfMemoryError first = new OutOfMemoryError("no room");
        barrier.giveUp(first);
        barrier.giveUp(new IllegalStateException("another thread has given up"));
        assertThatIllegalStateException()
                .isThrownBy(barrier::await)
                .withMessage("another thread has given up: java.lang.OutOfMemoryError: no room")
                .withCause(first);
    }
}
