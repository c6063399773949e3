package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelRope;

class ModelDescriptionTest {
    private static final ModelRope ROPE = new ModelRope(RopeShape.of(8, 10_000, 16), new NoScaling(), 8, 16);

    @Test
    void windowsAreCopied() {
        List<Integer> windows = new ArrayList<>(List.of(0, 4));
        ModelDescription model = description(2, 4, 2, 8, 1e-5, windows);
        windows.set(0, 7);
        assertThat(model.slidingWindows()).containsExactly(0, 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 4 | 2 | 8 | 1e-5 | layers must be at least 1, was 0",
                "2 | 0 | 2 | 8 | 1e-5 | heads must be at least 1, was 0",
                "2 | 4 | 3 | 8 | 1e-5 | keyValueHeads must divide heads (4), was 3",
                "2 | 4 | 2 | 7 | 1e-5 | headSize must be even and at least 2, was 7",
                "2 | 4 | 2 | 10 | 1e-5 | rope must rotate the whole head of 10 features, rotates 8",
                "2 | 4 | 2 | 8 | NaN | normEpsilon must be at least 0 and finite, was NaN",
                "3 | 4 | 2 | 8 | 1e-5 | slidingWindows must be one per layer (3), were 2"
            })
    void sizesThatContradictEachOtherAreRefused(
            int layers, int heads, int keyValueHeads, int headSize, double epsilon, String message) {
        assertThatThrownBy(() -> description(layers, heads, keyValueHeads, headSize, epsilon, List.of(0, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void negativeWindowsAreRefused() {
        assertThatThrownBy(() -> description(2, 4, 2, 8, 1e-5, List.of(0, -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slidingWindows must be at least 0, were -1");
    }

    private static ModelDescription description(
            int layers, int heads, int keyValueHeads, int headSize, double epsilon, List<Integer> windows) {
        return new ModelDescription(
                Architecture.LLAMA,
                "tiny",
                10,
                6,
                layers,
                heads,
                keyValueHeads,
                headSize,
                8,
                Activation.SILU,
                false,
                false,
                false,
                true,
                epsilon,
                1,
                1,
                windows,
                ROPE,
                ROPE);
    }
}
