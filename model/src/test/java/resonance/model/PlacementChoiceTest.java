package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.NoScaling;
import resonance.rope.Refusal;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;

class PlacementChoiceTest {
    private static PositionSettings model(RopeScaling own) {
        ModelRope rope = new ModelRope(RopeShape.of(4, 10_000, 128), own, 4, 128);
        return new PositionSettings("llama", rope, rope, List.of(0), 0);
    }

    private static EncodingChoice asked(String name) {
        return EncodingChoice.of(name, ScalingSettings.ofFactor(4));
    }

    @Test
    void aScalingThatMayHaveBeenPutInLaterMustBePlaced() {
        String message = "encoding ntk must be told where to go, since the model comes with %s, was not; onTop puts it"
                + " over that, replace in its place";
        assertThatThrownBy(() -> asked("ntk").requirePlaced(model(new YarnScaling(4))))
                .isInstanceOf(Refusal.class)
                .hasMessage(message, "yarn with factor 4");
        assertThatThrownBy(() -> asked("ntk").requirePlaced(model(new DynamicNtkScaling(2))))
                .hasMessage(message, "dynamic-ntk with factor 2");
        for (Placement said : Placement.values()) {
            assertThatCode(() -> asked("ntk").placed(said).requirePlaced(model(new YarnScaling(4))))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsReplacedMustHaveATrainedLength() {
        PositionSettings gemma = model(new LinearScaling(8));
        EncodingChoice replacing = asked("yarn").placed(Placement.REPLACE);
        assertThatThrownBy(() -> replacing.requirePlaced(gemma))
                .isInstanceOf(Refusal.class)
                .hasMessage("trainedLength must be given, since the model comes with linear with factor 8 and its files"
                        + " don't say what it was trained on before, was left out; or leave replace out to stretch what"
                        + " it has");
        assertThatThrownBy(() -> asked("none").requireTrainedLength(gemma))
                .hasMessageEndingWith("was left out; or give contextLength");
        assertThatCode(() -> replacing.trainedOn(16).requirePlaced(gemma)).doesNotThrowAnyException();
        assertThatCode(() -> asked("yarn").requirePlaced(gemma)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "resonance-none", "model", "resonance-model"})
    void plainRopeAndTheModelsOwnNeedNoPlace(String name) {
        assertThatCode(() -> asked(name).requirePlaced(model(new YarnScaling(4))))
                .doesNotThrowAnyException();
        assertThatCode(() -> asked(name).requirePlaced(model(new LinearScaling(8))))
                .doesNotThrowAnyException();
    }

    @Test
    void whereNothingNeedsToBeSaidNothingIsAskedFor() {
        assertThatCode(() -> asked("yarn").requirePlaced(model(new NoScaling())))
                .doesNotThrowAnyException();
        assertThatCode(() -> asked("yarn").requirePlaced(model(new Llama3Scaling(8, 1, 4))))
                .doesNotThrowAnyException();
    }

    @Test
    void theFactorStretchesWhatThePlaceLeaves() {
        PositionSettings llama = model(new Llama3Scaling(8, 1, 4)); // 128 -> 1024
        assertThat(PlacementChoice.USUAL.factorFor(llama, 2048)).isEqualTo(2);
        PlacementChoice replacing = new PlacementChoice(Optional.of(Placement.REPLACE), OptionalInt.empty());
        assertThat(replacing.factorFor(llama, 2048)).isEqualTo(16);
        assertThat(new PlacementChoice(Optional.of(Placement.REPLACE), OptionalInt.of(512)).factorFor(llama, 2048))
                .isEqualTo(4);
        assertThat(PlacementChoice.USUAL.factorFor(llama, 10)).isEqualTo(1);
    }

    @Test
    void aTrainedLengthOfNothingIsRefused() {
        assertThatThrownBy(() -> asked("yarn").trainedOn(0)).hasMessage("trainedLength must be at least 1, was 0");
    }
}
