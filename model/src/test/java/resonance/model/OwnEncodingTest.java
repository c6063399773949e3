package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;
import resonance.rope.gguf.EngineScaling;
import resonance.rope.huggingface.ModelRope;

class OwnEncodingTest {
    /** @param trained -1 if the files don't say */
    private record Case(RopeScaling scaling, int trainedLength, int maximum, Placement usual, int reach, int trained) {}

    private static List<Case> cases() {
        RopeScaling divisors = new EngineScaling(false, 1, 1, List.of(1.0, 8.0), List.of(1.0, 8.0));
        return List.of(
                new Case(new NoScaling(), 4096, 4096, Placement.REPLACE, 4096, 4096),
                // Llama 3.1 as a folder and as a GGUF file: one reach.
                new Case(new Llama3Scaling(8, 1, 4), 8192, 131_072, Placement.ON_TOP, 131_072, 8192),
                new Case(divisors, 131_072, 131_072, Placement.ON_TOP, 131_072, -1),
                // Gemma 3.
                new Case(new LinearScaling(8), 131_072, 131_072, Placement.ON_TOP, 131_072, -1),
                // Qwen 2.5 with YaRN put in, its maximum left or raised.
                new Case(new YarnScaling(4), 32_768, 32_768, Placement.REPLACE, 131_072, 32_768),
                new Case(new YarnScaling(4), 32_768, 131_072, Placement.REPLACE, 131_072, 32_768),
                new Case(new DynamicNtkScaling(2), 8192, 8192, Placement.REPLACE, 16_384, 8192),
                new Case(new LinearScaling(4), 4096, 16_384, Placement.ON_TOP, 16_384, 4096));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhereAnotherGoesHowFarTheModelReachesAndWhatItWasTrainedOn(Case model) {
        OwnEncoding own = new OwnEncoding(
                new ModelRope(RopeShape.of(4, 10_000, model.trainedLength), model.scaling, 4, model.maximum));
        assertThat(own.usual()).isEqualTo(model.usual);
        assertThat(own.reach()).isEqualTo(model.reach);
        assertThat(own.trainedLength())
                .isEqualTo(model.trained < 0 ? OptionalInt.empty() : OptionalInt.of(model.trained));
        assertThat(own.trainedLength(Placement.ON_TOP)).isEqualTo(model.reach);
        assertThat(own.trainedLength(Placement.REPLACE)).isEqualTo(model.trained < 0 ? model.reach : model.trained);
    }

    @Test
    void aReachBeyondAnIntIsTheLargestInt() {
        OwnEncoding own =
                new OwnEncoding(new ModelRope(RopeShape.of(4, 10_000, 1 << 30), new YarnScaling(64), 4, 1 << 30));
        assertThat(own.reach()).isEqualTo(Integer.MAX_VALUE);
    }
}
