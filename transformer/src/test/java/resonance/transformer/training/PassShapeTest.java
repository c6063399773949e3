package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

class PassShapeTest {
    private static final DecoderConfig CONFIG = DecoderConfig.t5Style(7, 8, 1, 1, 8, 8, 0);

    private final TensorArena arena = new TensorArena(ComputeDevice.CPU);

    private enum One {
        FIRST,
        SECOND
    }

    private enum Other {
        FIRST
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void whoeverAsksAlikeGetsTheSameMemoryAndNobodyElse() {
        PassShape shape = new PassShape(CONFIG, Precision.BFLOAT16, 2, 3, true, arena);
        Tensor first = shape.scratch(One.FIRST, 4, 5);
        assertThat(shape.scratch(One.FIRST, 4, 5)).isSameAs(first);
        assertThat(shape.gradientScratch(One.FIRST, 4, 5)).isSameAs(first);
        assertThat(shape.scratch(One.SECOND, 4, 5)).isNotSameAs(first);
        assertThat(shape.scratch(Other.FIRST, 4, 5)).isNotSameAs(first);
        assertThat(shape.scratch(One.FIRST, 5, 4)).isNotSameAs(first);
        assertThat(shape.computeScratch(One.FIRST, 4, 5)).isNotSameAs(first);
    }

    @Test
    void aPassThatIsNotForTrainingHasNoScratchForGradients() {
        PassShape shape = new PassShape(CONFIG, Precision.FLOAT32, 2, 3, false, arena);
        assertThat(shape.gradientScratch(One.FIRST, 4, 5).numel()).isZero();
        assertThat(shape.computeGradientScratch(One.SECOND, 4, 5).numel()).isZero();
        assertThat(shape.scratch(One.FIRST, 4, 5).numel()).isEqualTo(20);
    }

    @Test
    void aTransposeIsAViewMadeOnce() {
        PassShape shape = new PassShape(CONFIG, Precision.FLOAT32, 2, 3, true, arena);
        Tensor matrix = arena.floats(2, 5);
        Tensor transposed = shape.transposed(matrix);
        assertThat(shape.transposed(matrix)).isSameAs(transposed);
        assertThat(transposed.size(0)).isEqualTo(5);
        assertThat(transposed.data_ptr().address()).isEqualTo(matrix.data_ptr().address());
    }
}
