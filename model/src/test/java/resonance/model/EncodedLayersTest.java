package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.model.EncodedLayers.Kind;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;

class EncodedLayersTest {
    private static final RopeShape SHAPE = RopeShape.of(16, 50_000, 128);
    private static final ModelRope OWN = new ModelRope(SHAPE, new LinearScaling(2), 16, 512);
    private static final ModelRope SLIDING = new ModelRope(RopeShape.of(16, 10_000, 128), new NoScaling(), 16, 512);
    private static final EncodingChoice YARN =
            EncodingChoice.of("resonance-yarn", ScalingSettings.ofFactor(4)).placed(Placement.REPLACE);
    private static final long TARGET = 512;

    private static PositionSettings model(ModelRope slidingRope, Integer... windows) {
        return new PositionSettings("llama", OWN, slidingRope, List.of(windows), 0);
    }

    private static EncodedLayers all(EncodingChoice choice, int count, int window, RopeScaling scaling, long target) {
        return new EncodedLayers(Kind.ALL, count, window, choice, SHAPE.withSequenceLength(300), scaling, target);
    }

    @Test
    void layersWithOneEncodingAreOneKindEvenIfSomeHaveAWindow() {
        assertThat(YARN.layers(model(OWN, 0, 200, 0), TARGET, 300))
                .containsExactly(all(YARN, 3, 0, new YarnScaling(4), TARGET));
        EncodingChoice own = EncodingChoice.of("model", ScalingSettings.DEFAULTS);
        assertThat(own.layers(model(OWN, 0, 0), TARGET, 300)).containsExactly(all(own, 2, 0, OWN.scaling(), TARGET));
    }

    @Test
    void whereAllLayersHaveAWindowTheyAimAtNoMoreThanTheWidest() {
        assertThat(YARN.layers(model(OWN, 150, 200), TARGET, 300))
                .containsExactly(all(YARN, 2, 200, new YarnScaling(4), 200));
        assertThat(YARN.layers(model(OWN, 800, 800), TARGET, 300))
                .as("a window above the longest text")
                .containsExactly(all(YARN, 2, 800, new YarnScaling(4), TARGET));
        assertThat(YARN.layers(model(OWN, 8, 8), TARGET, 300))
                .as("a window below the trained length")
                .containsExactly(all(YARN, 2, 8, new YarnScaling(4), 128));
    }

    @Test
    void layersWithAWindowAndAnEncodingOfTheirOwnKeepIt() {
        List<EncodedLayers> layers = YARN.layers(model(SLIDING, 8, 0, 64, 8), TARGET, 300);
        assertThat(layers).extracting(EncodedLayers::kind).containsExactly(Kind.FULL, Kind.SLIDING);
        EncodedLayers full = layers.get(0);
        assertThat(full)
                .isEqualTo(new EncodedLayers(
                        Kind.FULL, 1, 0, YARN, SHAPE.withSequenceLength(300), new YarnScaling(4), TARGET));
        EncodedLayers sliding = layers.get(1);
        assertThat(sliding)
                .isEqualTo(new EncodedLayers(
                        Kind.SLIDING,
                        3,
                        64,
                        sliding.encoding(),
                        SLIDING.shape().withSequenceLength(300),
                        new NoScaling(),
                        128));
        assertThat(sliding.encoding()).hasToString("model");
    }

    @Test
    void aKindWithoutLayersIsLeftOut() {
        assertThat(YARN.layers(model(SLIDING, 8, 8), TARGET, 300))
                .extracting(EncodedLayers::kind)
                .containsExactly(Kind.SLIDING);
        assertThat(YARN.layers(model(SLIDING, 0, 0), TARGET, 300))
                .extracting(EncodedLayers::kind)
                .containsExactly(Kind.FULL);
    }
}
