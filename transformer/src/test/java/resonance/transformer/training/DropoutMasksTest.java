package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.LibTorch;
import resonance.transformer.tensor.TensorArena;

class DropoutMasksTest {
    @BeforeAll
    static void load() {
        LibTorch.load();
    }

    @ParameterizedTest
    @CsvSource({"Float, 0.1", "Float, 0.5", "BFloat16, 0.1", "BFloat16, 0.9"})
    void dropsTheAskedShareAndKeepsTheExpectation(ScalarType type, double probability) {
        DropoutMasks masks = new DropoutMasks(probability, ComputeDevice.CPU);
        masks.seed(42);
        float[] mask = filled(masks, type, 1000, 1000, masks.keptScale());
        long dropped = 0;
        double sum = 0;
        for (float value : mask) {
            dropped += value == 0 ? 1 : 0;
            sum += value;
        }
        // Five standard deviations of a million independent draws.
        double deviation = Math.sqrt(probability * (1 - probability) / mask.length);
        assertThat((double) dropped / mask.length).isCloseTo(probability, within(5 * deviation + 0x1p-15));
        double rounding = type == ScalarType.BFloat16 ? 0x1p-8 : 0;
        assertThat(sum / mask.length).isCloseTo(1, within(5 * deviation * masks.keptScale() + rounding));
    }

    @ParameterizedTest
    @EnumSource(names = {"Float", "BFloat16"})
    void holdsOnlyZeroAndTheKeptValue(ScalarType type) {
        DropoutMasks masks = new DropoutMasks(0.25, ComputeDevice.CPU);
        masks.seed(7);
        Set<Float> values = new HashSet<>();
        for (float value : filled(masks, type, 333, 6, 1.5f)) {
            values.add(value);
        }
        assertThat(values).containsExactlyInAnyOrder(0f, 1.5f);
    }

    @ParameterizedTest
    @EnumSource(names = {"Float", "BFloat16"})
    void neighbouringElementsAndKeysAreIndependent(ScalarType type) {
        DropoutMasks masks = new DropoutMasks(0.5, ComputeDevice.CPU);
        masks.seed(1);
        float[] first = filled(masks, type, 512, 512, 1);
        masks.seed(2);
        float[] second = filled(masks, type, 512, 512, 1);
        int pairs = first.length - 1;
        int neighbours = 0;
        int keys = 0;
        for (int i = 0; i < pairs; i++) {
            neighbours += first[i] == first[i + 1] ? 1 : 0;
            keys += first[i] == second[i] ? 1 : 0;
        }
        double five = 5 * Math.sqrt(0.25 / pairs);
        assertThat((double) neighbours / pairs).isCloseTo(0.5, within(five));
        assertThat((double) keys / pairs).isCloseTo(0.5, within(five));
    }

    @ParameterizedTest
    @EnumSource(names = {"Float", "BFloat16"})
    void theKeyAloneDeterminesTheMask(ScalarType type) {
        DropoutMasks used = new DropoutMasks(0.1, ComputeDevice.CPU);
        used.seed(5);
        filled(used, type, 100, 100, 1);
        used.seed(11);
        DropoutMasks fresh = new DropoutMasks(0.1, ComputeDevice.CPU);
        fresh.seed(11);
        assertThat(filled(used, type, 64, 64, 1)).isEqualTo(filled(fresh, type, 64, 64, 1));
    }

    private static float[] filled(DropoutMasks masks, ScalarType type, int rows, int columns, float kept) {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            Tensor mask = arena.empty(type, rows, columns);
            masks.fill(mask, kept);
            return HostCopy.of(mask.to(ScalarType.Float));
        }
    }
}
