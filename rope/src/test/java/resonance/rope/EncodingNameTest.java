package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EncodingNameTest {
    private static Stream<EncodingName> everyName() {
        RopeEncodings standard = RopeEncodings.standard();
        return Stream.concat(standard.forTraining().encodings().stream(), standard.forModels().encodings().stream());
    }

    private static Stream<EncodingName> everyRotatingName() {
        return everyName().filter(EncodingName::rotates);
    }

    @ParameterizedTest
    @MethodSource("everyName")
    void theTextIsReadBackAsTheSameName(EncodingName name) {
        EncodingName read = EncodingName.valueOf(name.toString());
        assertThat(read).isEqualTo(name).hasSameHashCodeAs(name).isEqualByComparingTo(name);
        assertThat(read.toString().startsWith("resonance-")).isEqualTo(read.resonance());
    }

    @ParameterizedTest
    @MethodSource("everyRotatingName")
    void resonanceIsPutOverAScalingAndTakenOffAgain(EncodingName name) {
        assertThat(name.withResonance()).hasToString("resonance-" + name.withoutResonance());
        assertThat(name.withResonance().withoutResonance()).isEqualTo(name.withoutResonance());
        assertThat(name.withResonance()).isNotEqualTo(name.withoutResonance());
        assertThat(name.withResonance().method()).isEqualTo(name.method());
    }

    @ParameterizedTest
    @CsvSource({
        "rope, RoPE",
        "resonance-rope, Resonance RoPE",
        "none, No scaling",
        "resonance-none, Resonance alone",
        "model, model",
        "resonance-model, Resonance model",
        "ntk, NTK-aware",
        "yarn-paper, YaRN (as printed)",
        "resonance-yarn, Resonance YaRN",
        "resonance-x16-ntk, Resonance NTK-aware (p ≤ 16 λ)",
        "nope, NoPE",
        "sinusoidal, Sinusoidal",
        "alibi, ALiBi",
        "t5, T5 relative bias",
    })
    void labelsAreThePapersWords(String name, String label) {
        assertThat(EncodingName.valueOf(name).label()).isEqualTo(label);
    }

    @Test
    void namesAreOrderedByTheirScaling() {
        assertThat(Stream.of("resonance-yarn", "yarn", "linear", "resonance-linear", "none")
                        .map(EncodingName::valueOf)
                        .sorted()
                        .map(EncodingName::toString))
                .isEqualTo(List.of("linear", "resonance-linear", "none", "yarn", "resonance-yarn"));
    }

    @ParameterizedTest
    @CsvSource({"nope", "sinusoidal", "alibi", "t5"})
    void whatDoesNotRotateHasNoWavelengthsToRound(String name) {
        EncodingName encoding = EncodingName.valueOf(name);
        assertThat(encoding.rotates()).isFalse();
        assertThat(encoding.scalingMethod()).isEmpty();
        assertThat(encoding.withoutResonance()).isEqualTo(encoding);
        for (String prefix : List.of("resonance-", "resonance-p64-", "resonance-x16-")) {
            assertThatThrownBy(() -> EncodingName.valueOf(prefix + name))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("encoding must be one that rotates to have resonance- before it, was '" + prefix + name
                            + "'; take '" + name + "'");
        }
        assertThatThrownBy(encoding::withResonance).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> encoding.scaling(ScalingSettings.DEFAULTS))
                .isInstanceOf(Refusal.class)
                .hasMessage("encoding must be one that rotates, was '" + name + "'");
    }

    @Test
    void aNameInNoVocabularyIsRefused() {
        assertThatThrownBy(() -> EncodingName.valueOf("fire"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "encoding 'fire' is unknown; known: none, linear, ntk, abf, dynamic-ntk,"
                                + " ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                                + " ntk-critical, mrrope, cope, rope, model, and resonance- before any, or nope, sinusoidal, alibi, t5, self-extend, rerope, string");
    }
}
