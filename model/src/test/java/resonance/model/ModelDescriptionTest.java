package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelRope;

class ModelDescriptionTest {
    private static final ModelRope ROPE = new ModelRope(RopeShape.of(8, 10_000, 16), new NoScaling(), 8, 16);

    @Test
    void encodingsThatDoNotRotateTheWholeHeadAreRefused() {
        DecoderConfig decoder = DecoderConfig.llamaStyle(10, 6, 2, 4, 2, 10, 8, 1e-5, true);
        ModelRope whole = new ModelRope(RopeShape.of(10, 10_000, 16), new NoScaling(), 10, 16);
        assertThatThrownBy(() -> new ModelDescription(Architecture.LLAMA, "tiny", decoder, positions(ROPE, whole)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rope must rotate the whole head of 10 features, rotates 8");
        assertThatThrownBy(() -> new ModelDescription(Architecture.LLAMA, "tiny", decoder, positions(whole, ROPE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slidingRope must rotate the whole head of 10 features, rotates 8");
    }

    @Test
    void windowsThatAreNotTheDecodersAreRefused() {
        DecoderConfig decoder = DecoderConfig.llamaStyle(10, 6, 2, 4, 2, 8, 8, 1e-5, true);
        PositionSettings positions = new PositionSettings("llama", ROPE, ROPE, List.of(0, 4), 0);
        assertThatThrownBy(() -> new ModelDescription(Architecture.LLAMA, "tiny", decoder, positions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("positions.windows must be decoder.windows [0, 0], were [0, 4]");
    }

    private static PositionSettings positions(ModelRope rope, ModelRope slidingRope) {
        return new PositionSettings("llama", rope, slidingRope, List.of(0, 0), 0);
    }

    @Test
    void aPrintableNameHasNoControlCharactersAndAtMost200Letters() {
        assertThat(ModelDescription.printable(" a\u001b[31m b\u202e ")).isEqualTo("a[31m b");
        assertThat(ModelDescription.printable("x".repeat(1000))).hasSize(200);
    }
}
