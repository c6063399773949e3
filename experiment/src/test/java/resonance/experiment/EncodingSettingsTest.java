package resonance.experiment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class EncodingSettingsTest {
    private static final EncodingSettings PAPER = EncodingSettings.paper(4);
    private static final EncodingSettings AUTHORS = new EncodingSettings(10_000, 4, 2, 1, ScalingPhase.EVALUATION);

    /** The encodings of table 1 with s = 4, β = 2 and α = 1. */
    private static final Map<String, RopeScaling> TABLE_1 = Map.of(
            "rope", new NoScaling(),
            "resonance-rope", new Resonance(new NoScaling()),
            "yarn", new YarnScaling(4, 2, 1),
            "resonance-yarn", new Resonance(new YarnScaling(4, 2, 1)));

    private static RopeFrequencies frequencies(RopeScaling scaling, int length) {
        return scaling.frequencies(RopeShape.of(64, 10_000, 64).withSequenceLength(length));
    }

    @Test
    void thePaperTrainsWithTheScaledEncoding() {
        assertThat(PAPER).isEqualTo(new EncodingSettings(10_000, 4, 2, 1, ScalingPhase.TRAINING));
        assertThat(TABLE_1)
                .containsOnlyKeys(ComparisonSettings.TABLE_1_ENCODINGS.stream()
                        .map(EncodingName::toString)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rope", "resonance-rope", "yarn", "resonance-yarn"})
    void scaledFromTrainingOnAnEncodingIsItselfInBothPhases(String text) {
        EncodingName name = EncodingName.valueOf(text);
        RopeScaling scaling = requireNonNull(TABLE_1.get(text));
        assertThat(PAPER.trained(name)).isEqualTo(name);
        assertThat(PAPER.inTraining(name, 64, 64)).isEqualTo(frequencies(scaling, 64));
        assertThat(PAPER.inEvaluation(name, 64, 64, 256)).isEqualTo(frequencies(scaling, 256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rope", "resonance-rope", "yarn", "resonance-yarn"})
    void scaledForEvaluationOnlyAnEncodingTrainsAsRopeWithItsResonance(String text) {
        EncodingName name = EncodingName.valueOf(text);
        String trained = name.resonance() ? "resonance-rope" : "rope";
        assertThat(AUTHORS.trained(name)).hasToString(trained);
        assertThat(AUTHORS.inTraining(name, 64, 64)).isEqualTo(frequencies(requireNonNull(TABLE_1.get(trained)), 64));
        assertThat(AUTHORS.inEvaluation(name, 64, 64, 256))
                .isEqualTo(frequencies(requireNonNull(TABLE_1.get(text)), 256));
    }

    @Test
    void anEncodingWithDivisorsOfItsOwnForAModelIsRefused() {
        EncodingName longRope = EncodingName.valueOf("longrope");
        assertThatThrownBy(() -> PAPER.inTraining(longRope, 64, 64)).isInstanceOf(IllegalArgumentException.class);
    }
}
