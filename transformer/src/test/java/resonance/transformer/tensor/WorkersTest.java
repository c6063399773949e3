package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void everyWorkerDoesItsShareOnItsOwnThreadEveryTime() {
        try (Workers workers = new Workers(3)) {
            assertThat(workers.count()).isEqualTo(3);
            for (int round = 0; round < 5; round++) {
                ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
                workers.run(worker ->
                        names.add(worker + " " + Thread.currentThread().getName()));
                assertThat(names)
                        .containsExactlyInAnyOrder("0 decoder-worker-0", "1 decoder-worker-1", "2 decoder-worker-2");
            }
        }
    }

    @Test
    void operatorsRunOnOneThreadAndRecordNoGradients() {
        try (Workers workers = new Workers(2)) {
            ConcurrentLinkedQueue<List<Object>> seen = new ConcurrentLinkedQueue<>();
            workers.run(worker ->
                    seen.add(List.of(torch.get_num_threads(), org.bytedeco.pytorch.InferenceMode.is_enabled())));
            assertThat(seen).containsOnly(List.of(1, true));
        }
    }

    @Test
    void aFailureIsThrownOnceAllHaveEndedAndTheWorkersGoOn() {
        try (Workers workers = new Workers(3)) {
            AtomicInteger ended = new AtomicInteger();
            IllegalArgumentException failure = new IllegalArgumentException("one is wrong");
            assertThatIllegalStateException()
                    .isThrownBy(() -> workers.run(worker -> {
                        if (worker == 1) {
                            throw failure;
                        }
                        ended.incrementAndGet();
                    }))
                    .withMessage("a worker failed: java.lang.IllegalArgumentException: one is wrong")
                    .withCause(failure);
            assertThat(ended).hasValue(2);
            workers.run(worker -> ended.incrementAndGet());
            assertThat(ended).hasValue(5);
        }
    }

    @Test
    void anInterruptIsKeptUntilNativeWorkHasEnded() {
        try (Workers workers = new Workers(2)) {
            AtomicBoolean ended = new AtomicBoolean();
            Thread.currentThread().interrupt();
            workers.run(worker -> {
                if (worker == 0) {
                    for (int i = 0; i < 1000; i++) {
                        Thread.onSpinWait();
                    }
                    ended.set(true);
                }
            });
            assertThat(ended).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
