package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.transformer.position.NoEncoding;
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
            PassPositions positions = PassPositions.of(config, tables, 3, arena);
            PassShape shape = new PassShape(config, Precision.FLOAT32, 1, 3, false, arena);
            DecoderPass pass = new DecoderPass(shape, weights, weights, positions);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pass.backward(weights))
                    .withMessage("the pass must be made for training to go backward, was made for inference");
        }
    }
}
