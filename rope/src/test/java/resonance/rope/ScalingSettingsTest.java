package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ScalingSettingsTest {
    private static final List<Parameter<?>> EVERY = RopeEncodings.standard().parameters();

    @Test
    void whatWasNotGivenIsAtItsDefault() {
        for (Parameter<?> parameter : EVERY) {
            assertThat((Object) ScalingSettings.DEFAULTS.get(parameter))
                    .as(parameter.name())
                    .isEqualTo(parameter.standard());
        }
        assertThat(ScalingSettings.DEFAULTS.text(EVERY)).isEmpty();
    }

    @Test
    void settingsAreEqualIfTheirValuesAreAndADefaultIsNoChange() {
        ScalingSettings there = ScalingSettings.ofFactor(4).with(YarnScaling.MSCALE, 1.0);
        ScalingSettings back = there.with(YarnScaling.MSCALE, 0.0);
        assertThat(back).isEqualTo(ScalingSettings.ofFactor(4)).hasSameHashCodeAs(ScalingSettings.ofFactor(4));
        assertThat(there).isNotEqualTo(back);
        assertThat(there.get(YarnScaling.MSCALE)).isEqualTo(1);
    }

    @Test
    void aNumberIsAnOptionalNumberToo() {
        ScalingSettings settings = ScalingSettings.DEFAULTS.with(AdjustedBaseScaling.NEW_BASE, 500_000.0);
        assertThat(settings.get(AdjustedBaseScaling.NEW_BASE)).isEqualTo(OptionalDouble.of(500_000));
        assertThat(settings)
                .isEqualTo(ScalingSettings.DEFAULTS.with(AdjustedBaseScaling.NEW_BASE, OptionalDouble.of(500_000)));
    }

    @Test
    void textIsWhatIsNotAtItsDefaultInTheOrderOfTheCatalogue() {
        ScalingSettings settings = ScalingSettings.DEFAULTS
                .with(LongRopeScaling.SHORT_FACTORS, List.of(1.0, 2.5))
                .with(YarnScaling.TRUNCATE, false)
                .with(AdjustedBaseScaling.NEW_BASE, 500_000.0)
                .withFactor(2.5);
        assertThat(settings.text(EVERY))
                .containsExactly(
                        Map.entry("factor", "2.5"),
                        Map.entry("newBase", "500000"),
                        Map.entry("truncate", "false"),
                        Map.entry("shortFactors", "[1.0, 2.5]"));
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        refuses(() -> ScalingSettings.ofFactor(0.5), "factor must be a finite number of at least 1, was 0.5");
        refuses(
                () -> ScalingSettings.ofFactor(Double.POSITIVE_INFINITY),
                "factor must be a finite number of at least 1, was Infinity");
        refuses(ProportionalScaling.ROTATED_SHARE, 2.0, "rotatedShare must be from 0 to 1, was 2");
        refuses(Llama3Scaling.LOW_FREQUENCY_FACTOR, 0.0, "lowFrequencyFactor must be a finite number above 0, was 0");
        refuses(AdjustedBaseScaling.NEW_BASE, 1.0, "newBase must be a finite number above 1, was 1");
        refuses(YarnScaling.MSCALE, -1.0, "mscale must be a finite number of at least 0, was -1");
        refuses(
                LongRopeScaling.LONG_FACTORS,
                List.of(1.0, 0.0),
                "longFactors[1] must be a finite number above 0, was 0");
        refuses(
                () -> RopeEncodings.standard().method("longrope").scaling(ScalingSettings.DEFAULTS),
                "shortFactors and longFactors must be given for longrope, one divisor per pair, were 0 and 0 values");
    }

    @Test
    void aValueThatMustBeAboveAnotherIsRefusedWhenAllAreThere() {
        ScalingSettings settings = ScalingSettings.DEFAULTS.with(YarnScaling.BETA_SLOW, 40.0);
        refuses(() -> settings.requireOrdered(EVERY), "betaFast must be above betaSlow (40), was 32");
        assertThat(settings.with(YarnScaling.BETA_FAST, 50.0)
                        .requireOrdered(EVERY)
                        .get(YarnScaling.BETA_FAST))
                .isEqualTo(50);
        refuses(
                () -> ScalingSettings.DEFAULTS
                        .with(Llama3Scaling.HIGH_FREQUENCY_FACTOR, 1.0)
                        .requireOrdered(EVERY),
                "highFrequencyFactor must be above lowFrequencyFactor (1), was 1");
    }

    @Test
    void aValueOfAnotherKindIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> ScalingSettings.DEFAULTS.with(YarnScaling.TRUNCATE, 1.0))
                .isInstanceOf(ClassCastException.class);
    }

    @Test
    void optionsAreCalledByTheParametersName() {
        assertThat(YarnScaling.MSCALE_ALL_DIM.option()).isEqualTo("mscale-all-dim");
        assertThat(YarnScaling.TRUNCATE.option()).isEqualTo("no-truncate");
        assertThat(Parameter.flag("rounded", false, "a test").option()).isEqualTo("rounded");
        assertThat(Llama3Scaling.LOW_FREQUENCY_FACTOR.option()).isEqualTo("low-freq-factor");
        refuses(
                () -> Parameter.number("beta-fast", 1, Parameter.Range.ABOVE_0, "a test"),
                "name must be letters and digits in camel case, was 'beta-fast'");
    }

    private static void refuses(Parameter<?> parameter, Object value, String message) {
        refuses(() -> ScalingSettings.DEFAULTS.with(parameter, value), message);
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(Refusal.class).hasMessage(message);
    }
}
