package resonance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static resonance.evaluation.Encodings.encoding;
import static resonance.evaluation.Encodings.encodings;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContrastTest {

    @Test
    void theEncodingsOfTableOneMakeThreeContrasts() {
        assertThat(labels("rope", "resonance-rope", "yarn", "resonance-yarn"))
                .containsExactly("Resonance RoPE − RoPE", "YaRN − RoPE", "Resonance YaRN − YaRN");
    }

    @Test
    void aBoundIsMeasuredAgainstTheScalingAndAgainstWholeWavelengths() {
        assertThat(labels("yarn", "resonance-yarn", "resonance-x16-yarn", "resonance-p64-yarn"))
                .containsExactly(
                        "Resonance YaRN − YaRN",
                        "Resonance YaRN (p ≤ 16 λ) − YaRN",
                        "Resonance YaRN (p ≤ 16 λ) − Resonance YaRN",
                        "Resonance YaRN (p ≤ 64) − YaRN",
                        "Resonance YaRN (p ≤ 64) − Resonance YaRN");
    }

    @Test
    void scalingsAreMeasuredAgainstTheFirstPlainEncodingThatIsPlanned() {
        assertThat(Contrast.among(encodings("model", "yarn", "none")))
                .containsExactly(
                        new Contrast(encoding("model"), encoding("none")),
                        new Contrast(encoding("yarn"), encoding("none")));
        assertThat(Contrast.among(encodings("yarn", "model")))
                .containsExactly(new Contrast(encoding("yarn"), encoding("model")));
    }

    @Test
    void encodingsWithoutABaselineMakeNone() {
        assertThat(Contrast.among(encodings("yarn", "linear", "resonance-ntk"))).isEmpty();
    }

    @Test
    void roundingIsTheDifferenceFromTheSameScalingWithoutIt() {
        assertThat(new Contrast(encoding("resonance-x16-yarn"), encoding("yarn")).isRounding())
                .isTrue();
        assertThat(new Contrast(encoding("resonance-x16-yarn"), encoding("resonance-yarn")).isRounding())
                .isFalse();
        assertThat(new Contrast(encoding("yarn"), encoding("rope")).isRounding())
                .isFalse();
    }

    private static List<String> labels(String... names) {
        return Contrast.among(encodings(names)).stream().map(Contrast::label).toList();
    }
}
