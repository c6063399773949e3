package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundingTest {
    @Test
    void readsWhatItWrites() {
        for (Rounding rounding : List.of(
                Rounding.WHOLE,
                Rounding.SEARCHED,
                Rounding.tokens(2),
                Rounding.tokens(Integer.MAX_VALUE),
                Rounding.wavelengths(16))) {
            assertThat(Rounding.valueOf(rounding.toString())).isEqualTo(rounding);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "resonance-yarn, Resonance YaRN",
        "resonance-p64-yarn, Resonance YaRN (p ≤ 64)",
        "resonance-x16-yarn, Resonance YaRN (p ≤ 16 λ)",
        "resonance-searched-yarn, Resonance YaRN (searched)",
        "resonance-x2-model, Resonance model (p ≤ 2 λ)",
        "resonance-p8192-rope, Resonance RoPE (p ≤ 8192)",
    })
    void namesAnEncodingWithEveryScaling(String name, String label) {
        EncodingName encoding = EncodingName.valueOf(name);
        assertThat(encoding).hasToString(name);
        assertThat(encoding.label()).isEqualTo(label);
        assertThat(encoding.resonance()).isTrue();
        assertThat(encoding.withoutResonance().toString())
                .isEqualTo(name.replaceFirst("resonance-([px]\\d+-|searched-)?", ""));
    }

    @Test
    void encodingsAreOrderedByScalingThenByBound() {
        List<String> ordered = List.of(
                "linear",
                "resonance-linear",
                "yarn",
                "resonance-yarn",
                "resonance-p2-yarn",
                "resonance-p64-yarn",
                "resonance-x4-yarn",
                "resonance-searched-yarn");
        assertThat(ordered.stream().map(EncodingName::valueOf).sorted().map(EncodingName::toString))
                .containsExactlyElementsOf(ordered);
    }

    @Test
    void theEncodingIsResonanceWithTheBound() {
        assertThat(EncodingName.valueOf("resonance-x16-yarn").scaling(ScalingSettings.ofFactor(4)))
                .isEqualTo(new Resonance(new YarnScaling(4), Rounding.wavelengths(16)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p1; periods must have a bound from 2 to 2147483647, was 'p1'",
                "p0; periods must have a bound from 2 to 2147483647, was 'p0'",
                "x1; periods must have a bound from 2 to 1000000, was 'x1'",
                "x1000001; periods must have a bound from 2 to 1000000, was 'x1000001'",
                "p2147483648; periods must have a bound from 2 to 2147483647, was 'p2147483648'",
                "p99999999999; periods must have a bound from 2 to 2147483647, was 'p99999999999'",
                "q7; periods must be whole, searched, p and tokens such as p64, or x and wavelengths such as x16, was 'q7'",
                "p; periods must be whole, searched, p and tokens such as p64, or x and wavelengths such as x16, was 'p'",
                "''; periods must be whole, searched, p and tokens such as p64, or x and wavelengths such as x16, was ''",
            })
    void refusesWhatIsNoBound(String text, String message) {
        assertThatThrownBy(() -> Rounding.valueOf(text))
                .isInstanceOf(Refusal.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p64-yarn", "x16-yarn", "searched-yarn"})
    void noScalingMayBeNamedLikeABound(String name) {
        ScalingMethod yarn = YarnScaling.METHOD;
        assertThatThrownBy(() -> new ScalingMethod(name, "l", "s", yarn.type(), yarn.parameters(), yarn.factory()))
                .hasMessage("name must not start as a bound on periods does, such as p64-, was '" + name + "'");
    }

    @Test
    void resonanceWithoutARoundingIsNone() {
        assertThatThrownBy(() -> new Resonance(new NoScaling(), Rounding.NONE))
                .hasMessage("rounding must be whole or have a bound, was none; use the inner scaling alone");
        assertThat(Rounding.NONE.after(new NoScaling())).isEqualTo(new NoScaling());
    }
}
