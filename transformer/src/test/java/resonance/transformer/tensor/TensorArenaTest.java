package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;

class TensorArenaTest {
    @Test
    void keptTensorsOutliveTheScopeTheyWereMadeIn() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU)) {
            Tensor kept;
            Tensor lost;
            try (PointerScope scope = new PointerScope()) {
                Tensor whole = arena.floats(6);
                HostCopy.into(whole, new float[] {0, 1, 2, 3, 4, 5});
                kept = arena.keep(whole.narrow(0, 2, 3));
                lost = whole.narrow(0, 0, 1);
            }
            assertThat(HostCopy.of(kept)).containsExactly(2, 3, 4);
            assertThat(lost.isNull()).isTrue();
        }
    }

    @Test
    void closingFreesWhatWasKept() {
        TensorArena arena = new TensorArena(ComputeDevice.CPU);
        Tensor kept = arena.zeros(ScalarType.Float, 2, 3);
        assertThat(HostCopy.of(kept)).containsOnly(0).hasSize(6);
        arena.close();
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void copiesAreRowMajorWhateverTheStrides() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            Tensor matrix = arena.floats(2, 3);
            HostCopy.into(matrix, new float[] {0, 1, 2, 3, 4, 5});
            assertThat(HostCopy.of(matrix.t())).containsExactly(0, 3, 1, 4, 2, 5);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HostCopy.into(matrix, new float[5]))
                    .withMessage("values must be 6 elements, were 5");
        }
    }

    @Test
    void viewsShowJoinedParametersAsOneMatrixAndNothingBeyondTheVector() {
        DecoderConfig config =
                DecoderConfig.llamaStyle(5, 4, 2, 2, 1, 2, 6, 1e-5, false).with(new AttentionShape(2, 1, 2, true, 1));
        ParameterLayout layout =
                new ParameterLayout(config, parameter -> parameter.role().joint() == ParameterRole.QUERY);
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU)) {
            Tensor all = arena.floats(layout.size());
            float[] values = new float[(int) layout.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            HostCopy.into(all, values);
            DecoderTensors whole = DecoderTensors.views(layout, all, arena);
            DecoderTensors.Block block = whole.blocks.get(1);
            assertThat(shape(block.queryKeyValue().weight())).containsExactly(8L, 4L);
            assertThat(shape(block.queryKeyValueBias())).containsExactly(8L);
            assertThat(shape(block.feedForwardInput().weight())).containsExactly(12L, 4L);
            assertThat(block.queryNorm().numel()).isZero();
            assertThat(HostCopy.of(block.queryKeyValue().weight()))
                    .startsWith(layout.entry(config.parameter(ParameterRole.QUERY, 1))
                            .of(values))
                    .endsWith(layout.entry(config.parameter(ParameterRole.VALUE, 1))
                            .of(values));
            assertThat(HostCopy.of(whole.head))
                    .isEqualTo(
                            layout.entry(config.parameter(ParameterRole.HEAD)).of(values));

            DecoderTensors trained = DecoderTensors.views(layout, arena.floats(layout.trainedSize()), arena);
            assertThat(trained.blocks.get(1).queryKeyValue().weight().numel()).isEqualTo(32);
            assertThat(trained.blocks.get(1).queryKeyValueBias().numel()).isZero();
            assertThat(trained.embedding.numel()).isZero();
        }
    }

    private static List<Long> shape(Tensor tensor) {
        return java.util.stream.LongStream.range(0, tensor.dim())
                .map(tensor::size)
                .boxed()
                .toList();
    }

    @Test
    void joinedShapesAreTheirRowsOneAfterTheOther() {
        DecoderConfig config = DecoderConfig.llamaStyle(5, 4, 1, 2, 1, 2, 6, 1e-5, false);
        List<Parameter> joined = ParameterLayout.joined(config, ParameterRole.KEY, 0);
        assertThat(joined)
                .extracting(Parameter::role)
                .containsExactly(ParameterRole.QUERY, ParameterRole.KEY, ParameterRole.VALUE);
        assertThat(DecoderTensors.shape(joined)).containsExactly(8, 4);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aPrecisionIsCalledAsInOptions(Precision precision) {
        assertThat(Precision.valueOf(precision.label().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(precision);
        assertThat(ComputeDevice.CUDA.label()).isEqualTo("cuda");
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        ComputeDevice.CPU.requireAvailable();
        assertThatIllegalStateException()
                .isThrownBy(ComputeDevice.CUDA::requireAvailable)
                .withMessage(
                        "device must be available, was cuda, but LibTorch finds no CUDA device; put the CUDA natives"
                                + " (org.bytedeco:pytorch, classifier linux-x86_64-gpu, and the CUDA redistributables) on the"
                                + " class path in place of the CPU ones, or use cpu");
    }
}
