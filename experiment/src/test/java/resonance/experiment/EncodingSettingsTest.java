package resonance.experiment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.DecoderConfig;
import resonance.decoder.RelativeBias;
import resonance.experiment.EncodingSettings.ScalingPhase;
import resonance.rope.EncodingName;
import resonance.rope.NoScaling;
import resonance.rope.NonRotaryMethod;
import resonance.rope.Parameter;
import resonance.rope.Refusal;
import resonance.rope.Resonance;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.position.SinusoidalEncoding;

class EncodingSettingsTest {
    private static final EncodingSettings AUTHORS = EncodingSettings.paper(4);

    /** As the paper's text has it. */
    private static final EncodingSettings PAPER =
            new EncodingSettings(10_000, AUTHORS.scaling(), ScalingPhase.TRAINING);

    /** The encodings of table 1 with s = 4, β = 2 and α = 1. */
    private static final Map<String, RopeScaling> TABLE_1 = Map.of(
            "rope", new NoScaling(),
            "resonance-rope", new Resonance(new NoScaling()),
            "yarn", new YarnScaling(4, 2, 1),
            "resonance-yarn", new Resonance(new YarnScaling(4, 2, 1)));

    private static PositionEncoding rotary(RopeScaling scaling, int length) {
        return RotaryEncoding.of(
                scaling.frequencies(RopeShape.of(64, 10_000, 64).withSequenceLength(length)));
    }

    @Test
    void tableOneIsScaledForEvaluationOnly() {
        ScalingSettings scaling =
                ScalingSettings.ofFactor(4).with(YarnScaling.BETA_FAST, 2.0).with(YarnScaling.BETA_SLOW, 1.0);
        assertThat(AUTHORS).isEqualTo(new EncodingSettings(10_000, scaling, ScalingPhase.EVALUATION));
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
        assertThat(PAPER.inTraining(name, 64, 64)).isEqualTo(rotary(scaling, 64));
        assertThat(PAPER.inEvaluation(name, 64, 64, 256)).isEqualTo(rotary(scaling, 256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rope", "resonance-rope", "yarn", "resonance-yarn"})
    void scaledForEvaluationOnlyAnEncodingTrainsAsRopeWithItsResonance(String text) {
        EncodingName name = EncodingName.valueOf(text);
        String trained = name.resonance() ? "resonance-rope" : "rope";
        assertThat(AUTHORS.trained(name)).hasToString(trained);
        assertThat(AUTHORS.inTraining(name, 64, 64)).isEqualTo(rotary(requireNonNull(TABLE_1.get(trained)), 64));
        assertThat(AUTHORS.inEvaluation(name, 64, 64, 256)).isEqualTo(rotary(requireNonNull(TABLE_1.get(text)), 256));
    }

    /** With either phase: there is no scaling to switch on later. */
    @Test
    void whatDoesNotRotateIsTrainedAndMeasuredAsItIs() {
        Map<String, PositionEncoding> expected = Map.of(
                "nope", new NoEncoding(),
                "sinusoidal", new SinusoidalEncoding(),
                "alibi", new AlibiEncoding(),
                "t5", new NoEncoding());
        assertThat(NonRotaryMethod.ALL).extracting(NonRotaryMethod::name).containsOnlyOnceElementsOf(expected.keySet());
        DecoderConfig plain = ModelSize.PAPER.decoderConfig(17);
        for (EncodingSettings settings : List.of(PAPER, AUTHORS)) {
            expected.forEach((text, encoding) -> {
                EncodingName name = EncodingName.valueOf(text);
                assertThat(settings.trained(name)).isEqualTo(name);
                assertThat(settings.inTraining(name, 64, 64)).isEqualTo(encoding);
                assertThat(settings.inEvaluation(name, 64, 64, 256)).isEqualTo(encoding);
                assertThat(settings.decoder(name, plain))
                        .isEqualTo("t5".equals(text) ? plain.with(RelativeBias.T5) : plain);
            });
        }
        assertThat(PAPER.decoder(EncodingName.valueOf("resonance-yarn"), plain)).isEqualTo(plain);
    }

    @Test
    void aBaseThatIsNoneIsRefusedWhetherAnEncodingReadsItOrNot() {
        assertThatThrownBy(() -> new EncodingSettings(0, PAPER.scaling(), ScalingPhase.TRAINING))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("base must be ")
                .hasMessageEndingWith(", was 0");
    }

    @ParameterizedTest
    @CsvSource({"resonance-x2-yarn,resonance-x2-rope", "resonance-p64-ntk,resonance-p64-rope"})
    void scaledForEvaluationOnlyBoundedPeriodsAreTrainedWithTheSameBound(String text, String trained) {
        assertThat(AUTHORS.trained(EncodingName.valueOf(text))).hasToString(trained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resonance-p64-", "resonance-x16-"})
    void scaledForEvaluationOnlyAnEncodingTrainsWithTheBoundOfItsPeriods(String prefix) {
        assertThat(AUTHORS.trained(EncodingName.valueOf(prefix + "yarn"))).hasToString(prefix + "rope");
    }

    static List<EncodingName> encodings() {
        return EncodingSettings.encodings().encodings().stream()
                .filter(EncodingName::rotates)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyParameterReachesTheScalingThatReadsIt(EncodingName name) {
        ScalingSettings scaling = PAPER.scaling();
        for (Parameter<?> parameter : EncodingSettings.encodings().parameters()) {
            scaling = scaling.with(parameter, another(parameter));
        }
        EncodingSettings settings = new EncodingSettings(10_000, scaling, ScalingPhase.TRAINING);
        assertThat(settings.inEvaluation(name, 64, 64, 256)).isEqualTo(rotary(name.scaling(scaling), 256));
    }

    /** A value in range that is not the default, and that is not below its neighbour's. */
    private static Object another(Parameter<?> parameter) {
        if (parameter.kind() == Parameter.Kind.FLAG) {
            return !(Boolean) parameter.standard();
        }
        return parameter.range() == Parameter.Range.FRACTION
                ? 0.5
                : parameter.bound().isPresent() ? 5.0 : 3.0;
    }

    @Test
    void aValueIsWrittenAsItsOptionTakesIt() {
        assertThat(EncodingSettings.text(1e-5)).isEqualTo("0.00001");
        assertThat(EncodingSettings.text(OptionalDouble.of(2))).isEqualTo("2");
        assertThat(EncodingSettings.text(List.of(1.0, 2.5))).isEqualTo("1,2.5");
        assertThat(EncodingSettings.text(YarnScaling.TRUNCATE.standard())).isEqualTo("true");
    }

    @Test
    void aBoundBelowTheOneItMustBeAboveIsRefused() {
        ScalingSettings scaling = PAPER.scaling().with(YarnScaling.BETA_SLOW, 2.0);
        assertThatThrownBy(() -> new EncodingSettings(10_000, scaling, ScalingPhase.TRAINING))
                .isInstanceOf(Refusal.class)
                .hasMessage("betaFast must be above betaSlow (2), was 2");
    }

    @Test
    void anEncodingWithDivisorsOfItsOwnForAModelIsRefused() {
        EncodingName longRope = EncodingName.valueOf("longrope");
        assertThatThrownBy(() -> PAPER.inTraining(longRope, 64, 64)).isInstanceOf(IllegalArgumentException.class);
    }
}
