package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

/** What training refuses to be given. */
class TokenBatchTest {
    @Test
    void onlyPositionsWithATargetCount() {
        TokenBatch batch = new TokenBatch(2, 2, new int[4], new int[] {3, TokenBatch.IGNORED, TokenBatch.IGNORED, 0});
        assertThat(batch.scored()).isEqualTo(2);
    }

    @Test
    void rejectsBatchesWithoutTokensOrOfAnotherSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenBatch(0, 3, new int[0], new int[0]))
                .withMessage("rows and length must be at least 1, were 0 and 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenBatch(2, 3, new int[6], new int[5]))
                .withMessage("inputs and targets must have rows x length = 6 elements, had 6 and 5");
    }

    @Test
    void rejectsPositionsAndFirstSeenThatNoTokenCanHave() {
        int[] two = {0, 1};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenBatch(1, 2, two, two, new int[1], new int[0]))
                .withMessage("positions must have rows x length = 2 elements or none, had 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenBatch(1, 2, two, two, new int[] {0, -1}, new int[0]))
                .withMessage("positions[1] must be at least 0, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenBatch(1, 2, two, two, new int[0], new int[3]))
                .withMessage("firstSeen must have rows x length = 2 elements or none, had 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenBatch(2, 1, two, two, new int[0], new int[] {0, 1}))
                .withMessage("firstSeen[1] must be from 0 to the token's own place in its row, 0, was 1");
    }

    @Test
    void rejectsABatchThatTheTablesCannotServe() {
        DecoderConfig config = DecoderConfig.t5Style(7, 8, 1, 1, 8, 8, 0);
        DecoderConfig linear = config.with(List.of(AttentionKind.LINEAR));
        int[] two = {0, 1};
        TokenBatch far = new TokenBatch(1, 2, two, two, new int[] {0, 4}, new int[0]);
        TokenBatch packed = new TokenBatch(1, 2, two, two, new int[0], two);
        assertRefused(config, new NoEncoding(), 4, far, "positions must be at most 3, was 4");
        assertRefused(
                config,
                new AlibiEncoding(),
                5,
                far,
                "positions must be none where scores are biased by the distance in the row, were given");
        assertRefused(
                linear,
                new NoEncoding(),
                5,
                packed,
                "firstSeen must be none with linear attention, whose sums go over the whole row, was given");
    }

    private static void assertRefused(
            DecoderConfig config, PositionEncoding encoding, int positions, TokenBatch batch, String message) {
        try (TrainingPositions tables = new TrainingPositions(encoding, config, positions, false, ComputeDevice.CPU)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tables.requireServes(batch))
                    .withMessage(message);
        }
    }

    @Test
    void rejectsATrainingWithoutThreads() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainerSettings(
                        AdamW.DEFAULT, new OneCycleSchedule(1, 1, 0, false), Precision.FLOAT32, 0, 1))
                .withMessage("threads must be at least 1, was 0");
    }

    @Test
    void rejectsABfloat16MaskOfHalfAWord() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU)) {
            DropoutMasks masks = new DropoutMasks(0.5, ComputeDevice.CPU);
            masks.seed(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> masks.fill(arena.empty(ScalarType.BFloat16, 3), 1))
                    .withMessage("a bfloat16 mask must have an even number of elements, was 3");
        }
    }

    @Test
    void aPassForInferenceDoesNotGoBackward() {
        DecoderConfig config = DecoderConfig.t5Style(7, 8, 1, 1, 8, 8, 0);
        ParameterLayout layout = new ParameterLayout(config);
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                TrainingPositions tables =
                        new TrainingPositions(new NoEncoding(), config, 3, false, ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            DecoderTensors weights = DecoderTensors.views(layout, arena.floats(layout.size()), arena);
            PassPositions positions = PassPositions.of(config, tables, 3, true, arena);
            PassShape shape = new PassShape(config, Precision.FLOAT32, 1, 3, false, arena);
            DecoderPass pass =
                    new DecoderPass(shape, weights, weights, new RowPositions(config, tables, positions, 1, 3, arena));
            assertThatIllegalStateException()
                    .isThrownBy(() -> pass.backward(weights))
                    .withMessage("the pass must be made for training to go backward, was made for inference");
        }
    }

    @Test
    void itsFirstRowsKeepWhatBelongsToThem() {
        TokenBatch batch = new TokenBatch(
                3,
                2,
                new int[] {1, 2, 3, 4, 5, 6},
                new int[] {2, 3, 4, 5, 6, 7},
                new int[] {0, 9, 0, 8, 0, 7},
                new int[0]);
        TokenBatch two = batch.firstRows(2);
        assertThat(two.rows()).isEqualTo(2);
        assertThat(two.inputs()).containsExactly(1, 2, 3, 4);
        assertThat(two.targets()).containsExactly(2, 3, 4, 5);
        assertThat(two.positions()).containsExactly(0, 9, 0, 8);
        assertThat(two.firstSeen()).isEmpty();
    }
}
