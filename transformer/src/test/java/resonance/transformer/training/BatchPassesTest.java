package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;

class BatchPassesTest {
    private static final DecoderConfig CONFIG = DecoderConfig.t5Style(7, 8, 1, 1, 8, 8, 0);
    private static final int LONGEST = 2048;

    /** Rows that don't divide evenly, sequences longer than a pass, and more workers than rows. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 300, 1", "7, 300, 2", "2, 2048, 2", "2, 3, 3", "9, 512, 2"})
    void everyTokenIsInOnePassAndThePassesGoRound(int rows, int length, int threads) {
        TokenBatch batch = new TokenBatch(rows, length, new int[rows * length], new int[rows * length]);
        try (Decoder decoder = Decoder.initialise(CONFIG, Initialisation.SMALL_NORMAL, 1, ComputeDevice.CPU);
                BatchPasses passes = new BatchPasses(
                        decoder,
                        new NoEncoding(),
                        LONGEST,
                        Precision.FLOAT32,
                        ActivationMemory.BY_SIZE,
                        threads,
                        false)) {
            AtomicIntegerArray visits = new AtomicIntegerArray(rows * length);
            Set<Integer> indices = ConcurrentHashMap.newKeySet();
            passes.forEach(batch, (worker, index, pass, offset) -> {
                assertThat(worker).isEqualTo(index % threads);
                assertThat(indices.add(index)).as("pass %d is new", index).isTrue();
                pass.forward(batch, offset, null);
                AtomicInteger shown = new AtomicInteger();
                pass.losses(batch, offset, (logits, losses, first) -> {
                    assertThat(first).isEqualTo(shown.get());
                    shown.addAndGet(Math.toIntExact(logits.size(0)));
                });
                int tokens = shown.get();
                assertThat(tokens % length).isZero();
                assertThat(tokens).isLessThanOrEqualTo(Math.max(length, BatchPasses.PASS_TOKENS));
                for (int i = 0; i < tokens; i++) {
                    visits.incrementAndGet(offset + i);
                }
            });
            for (int i = 0; i < visits.length(); i++) {
                assertThat(visits.get(i)).as("visits of token %d", i).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBatchLongerThanTheTablesIsRefused(boolean training) {
        try (Decoder decoder = Decoder.initialise(CONFIG, Initialisation.SMALL_NORMAL, 1, ComputeDevice.CPU);
                BatchPasses passes = new BatchPasses(
                        decoder, new NoEncoding(), 3, Precision.FLOAT32, ActivationMemory.BY_SIZE, 1, training)) {
            TokenBatch batch = new TokenBatch(1, 4, new int[4], new int[4]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> passes.forEach(batch, (worker, index, pass, offset) -> {}))
                    .withMessage("batch length must be at most 3 tokens, was 4");
        }
    }
}
