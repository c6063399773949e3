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

    @ParameterizedTest
    @MethodSource("everyName")
    void theTextIsReadBackAsTheSameName(EncodingName name) {
        EncodingName read = EncodingName.valueOf(name.toString());
        assertThat(read).isEqualTo(name).hasSameHashCodeAs(name).isEqualByComparingTo(name);
        assertThat(read.toString().startsWith("resonance-")).isEqualTo(read.resonance());
    }

    @ParameterizedTest
    @MethodSource("everyName")
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

    @Test
    void aNameInNoVocabularyIsRefused() {
        assertThatThrownBy(() -> EncodingName.valueOf("alibi"))
                .isInstanceOf(Refusal.class)
                .hasMessage("encoding 'alibi' is unknown; known: none, linear, ntk, abf, dynamic-ntk,"
                        + " ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional, rope, model,"
                        + " and resonance- before any");
    }
}
