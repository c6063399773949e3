package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterTest {
    private static final RopeEncodings CATALOGUE = RopeEncodings.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "factor              | NUMBER          | AT_LEAST_1 | 1     | factor           | -",
                "newBase             | OPTIONAL_NUMBER | ABOVE_1    | ''    | new-base         | -",
                "dynamicFactor       | NUMBER          | AT_LEAST_1 | 1     | dynamic-factor   | -",
                "betaFast            | NUMBER          | ABOVE_0    | 32    | beta-fast        | betaSlow",
                "betaSlow            | NUMBER          | ABOVE_0    | 1     | beta-slow        | -",
                "truncate            | FLAG            | FRACTION   | true  | no-truncate      | -",
                "attentionFactor     | OPTIONAL_NUMBER | ABOVE_0    | ''    | attention-factor | -",
                "mscale              | NUMBER          | AT_LEAST_0 | 0     | mscale           | -",
                "mscaleAllDim        | NUMBER          | AT_LEAST_0 | 0     | mscale-all-dim   | -",
                "shortFactors        | NUMBERS         | ABOVE_0    | []    | short-factors    | -",
                "longFactors         | NUMBERS         | ABOVE_0    | []    | long-factors     | -",
                "lowFrequencyFactor  | NUMBER          | ABOVE_0    | 1     | low-freq-factor  | -",
                "highFrequencyFactor | NUMBER          | ABOVE_0    | 4     | high-freq-factor | lowFrequencyFactor",
                "rotatedShare        | NUMBER          | FRACTION   | 1     | rotary-share     | -",
                "clippedShare        | NUMBER          | FRACTION   | 0.3125 | clipped-share   | -",
            })
    void everyParameterOfTheCatalogueIsDeclaredLikeThis(
            String name, Parameter.Kind kind, Parameter.Range range, String standard, String option, String bound) {
        Parameter<?> parameter = CATALOGUE.parameter(name);
        assertThat(parameter).hasToString(name);
        assertThat(parameter.kind()).isEqualTo(kind);
        assertThat(parameter.range()).isEqualTo(range);
        assertThat(Parameter.text(parameter.standard())).isEqualTo(standard);
        assertThat(parameter.option()).isEqualTo(option);
        assertThat(parameter.bound().map(Parameter::name).orElse("-")).isEqualTo(bound == null ? "-" : bound);
        assertThat(parameter.meaning()).isNotBlank();
        assertThat(CATALOGUE.readers(parameter)).isNotEmpty();
    }

    @Test
    void theTableAboveHoldsThemAll() {
        assertThat(CATALOGUE.parameters()).hasSize(15).doesNotHaveDuplicates();
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("factor", 2.5, "2.5"),
                Arguments.of("newBase", 500_000.0, "500000"),
                Arguments.of("newBase", OptionalDouble.of(1.5), "1.5"),
                Arguments.of("dynamicFactor", 4.0, "4"),
                Arguments.of("betaFast", 16.0, "16"),
                Arguments.of("betaSlow", 0.25, "0.25"),
                Arguments.of("truncate", false, "false"),
                Arguments.of("attentionFactor", 1.0, "1"),
                Arguments.of("mscale", 0.707, "0.707"),
                Arguments.of("mscaleAllDim", 1.0, "1"),
                Arguments.of("shortFactors", List.of(1.0, 2.5), "[1.0, 2.5]"),
                Arguments.of("longFactors", List.of(4.0), "[4.0]"),
                Arguments.of("lowFrequencyFactor", 2.0, "2"),
                Arguments.of("highFrequencyFactor", 8.0, "8"),
                Arguments.of("rotatedShare", 0.25, "0.25"),
                Arguments.of("clippedShare", 0.5, "0.5"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsHeldWrittenAsAPersonDoesAndTakenBackByItsDefault(String name, Object value, String text) {
        Parameter<?> parameter = CATALOGUE.parameter(name);
        ScalingSettings settings = ScalingSettings.DEFAULTS.with(parameter, value);
        assertThat(settings.text(CATALOGUE.parameters())).isEqualTo(Map.of(name, text));
        assertThat(settings.with(parameter, parameter.standard())).isEqualTo(ScalingSettings.DEFAULTS);
        for (Parameter<?> other : CATALOGUE.parameters()) {
            if (!other.equals(parameter)) {
                assertThat((Object) settings.get(other)).as(other.name()).isEqualTo(other.standard());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AT_LEAST_0 |  0   | -0.1 | must be a finite number of at least 0, was -0.1",
                "AT_LEAST_1 |  1   |  0.9 | must be a finite number of at least 1, was 0.9",
                "ABOVE_0    |  0.1 |  0   | must be a finite number above 0, was 0",
                "ABOVE_1    |  1.1 |  1   | must be a finite number above 1, was 1",
                "FRACTION   |  1   |  1.1 | must be from 0 to 1, was 1.1",
            })
    void aRangeIsTheSameForANumberAnOptionalOneAndAList(
            Parameter.Range range, double inside, double outside, String message) {
        Parameter<Double> number = Parameter.number("one", 1, range, "a test");
        Parameter<OptionalDouble> optional = Parameter.optional("maybe", range, "a test", "nothing");
        Parameter<List<Double>> numbers = Parameter.numbers("many", range, "a test");
        assertThat(number.checked(inside)).isEqualTo(inside);
        assertThat(optional.checked(inside)).hasValue(inside);
        assertThat(optional.checked(OptionalDouble.empty())).isEmpty();
        assertThat(numbers.checked(List.of(inside, inside))).containsExactly(inside, inside);
        refuses(number, outside, "one " + message);
        refuses(optional, outside, "maybe " + message);
        refuses(optional, OptionalDouble.of(outside), "maybe " + message);
        refuses(numbers, List.of(inside, inside, outside), "many[2] " + message);
        assertThatThrownBy(() -> number.checked(Double.NaN)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> number.checked(Double.POSITIVE_INFINITY)).isInstanceOf(Refusal.class);
    }

    private static void refuses(Parameter<?> parameter, Object value, String message) {
        assertThatThrownBy(() -> parameter.checked(value))
                .isInstanceOf(Refusal.class)
                .hasMessage(message)
                .satisfies(refusal -> {
                    assertThat(((Refusal) refusal).parameter()).isEqualTo(parameter.name());
                    assertThat(((Refusal) refusal).message(name -> "--" + name)).isEqualTo("--" + message);
                });
    }

    @Test
    void aChangedDeclarationIsAnotherParameterAndTheFirstStaysAsItWas() {
        Parameter<Double> plain = Parameter.number("turnsAtMost", 3, Parameter.Range.ABOVE_0, "a test");
        assertThat(plain.option()).isEqualTo("turns-at-most");
        assertThat(plain.standardText()).isEqualTo("3");
        assertThat(plain.byDefault("not used").standardText()).isEqualTo("not used");
        assertThat(plain.inOptions("turns").option()).isEqualTo("turns");
        assertThat(plain.above(Parameter.FACTOR).bound()).contains(Parameter.FACTOR);
        assertThat(plain.inOptions("turns").byDefault("none").above(Parameter.FACTOR))
                .isEqualTo(plain.above(Parameter.FACTOR).byDefault("none").inOptions("turns"))
                .isNotEqualTo(plain);
        assertThat(plain.bound()).isEmpty();
    }

    @Test
    void aFlagsOptionSaysWhatIsNotTheDefault() {
        Parameter<Boolean> on = Parameter.flag("rounded", true, "leave it");
        Parameter<Boolean> off = Parameter.flag("rounded", false, "round it");
        assertThat(List.of(on.option(), off.option())).containsExactly("no-rounded", "rounded");
        assertThat(on.checked(false)).isFalse();
        assertThat(off.checked(true)).isTrue();
        assertThatThrownBy(() -> on.checked("yes")).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> Parameter.FACTOR.checked(true)).isInstanceOf(ClassCastException.class);
    }
}
