package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.rope.Refusal;

class ModelSizeTest {
    @Test
    void thePaperSizeIsTwoLayersOfT5Small() {
        assertThat(ModelSize.PAPER).isEqualTo(new ModelSize(512, 2, 8, 64, 2048, 0.1));
        DecoderConfig config = ModelSize.PAPER.decoderConfig(17);
        assertThat(config).isEqualTo(DecoderConfig.t5Style(18, 512, 2, 8, 64, 2048, 0.1));
        long parameters = config.parameters().stream()
                .mapToLong(parameter ->
                        parameter.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b))
                .sum();
        // Embedding 18 x 512; a layer has 4 x 512 x 512 + 2 x 512 x 2048 weights and 2 norms; the last norm.
        assertThat(parameters).isEqualTo(18 * 512 + 2 * (1_048_576 + 2_097_152 + 1024) + 512);
    }

    @Test
    void everyLayerHasTheWindow() {
        ModelSize windowed = new ModelSize(16, 3, 2, 8, 32, 0, new AttentionKind.SlidingWindow(5));
        assertThat(windowed.decoderConfig(17))
                .isEqualTo(
                        DecoderConfig.t5Style(18, 16, 3, 2, 8, 32, 0).with(AttentionKind.ofWindows(List.of(5, 5, 5))));
    }

    @Test
    void moreParametersThanOneArrayHoldsAreRefusedWithTheirNumber() {
        // 17 x 65,536 + (4 x 65,536 x 2 + 2 x 65,536 x 16,384 + 2 x 65,536) + 65,536
        assertThatThrownBy(() -> new ModelSize(65_536, 1, 1, 2, 16_384, 0).decoderConfig(16))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal)
                            .hasMessage("the model's sizes must make at most 2,147,483,647 parameters, made"
                                    + " 2,149,318,656; take smaller ones");
                    assertThat(refusal.parameter()).isEqualTo("the model's sizes");
                    assertThat(refusal.message(name -> "--d-model"))
                            .isEqualTo("--d-model must make at most 2,147,483,647 parameters, made 2,149,318,656;"
                                    + " take smaller ones");
                });
    }

    @Test
    void sizesWhoseProductOverflowsALongAreCountedAllTheSame() {
        int most = Integer.MAX_VALUE;
        assertThatThrownBy(() -> new ModelSize(most, most, most, most - 1, most, 0).decoderConfig(16))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("the model's sizes must make at most 2,147,483,647 parameters, made ")
                .hasMessageEndingWith("; take smaller ones");
    }
}
