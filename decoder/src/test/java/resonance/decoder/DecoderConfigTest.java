package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DecoderConfigTest {
    @Test
    void thePapersDecoderHasAboutSixMillionParameters() {
        DecoderConfig paper = DecoderConfig.t5Style(18, 512, 2, 8, 64, 2048, 0.1);
        // 2 x (4 x 512 x 512 + 2 x 512 x 2048 + 2 x 512) + 18 x 512 + 512
        assertThat(new ParameterLayout(paper).size()).isEqualTo(6_303_232);
    }

    @Test
    void rejectsAnOddHeadSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecoderConfig.t5Style(18, 64, 2, 1, 63, 256, 0))
                .withMessage("headSize must be even and at least 2, was 63");
    }

    @Test
    void rejectsKeyHeadsThatDoNotDivideTheHeads() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecoderConfig.llamaStyle(18, 64, 2, 4, 3, 16, 256, 1e-5, false))
                .withMessage("keyValueHeads must divide heads (4), was 3");
    }

    @Test
    void acceptsANormEpsilonOfZeroAndRejectsOneBelow() {
        assertThat(withEpsilon(0).norms().epsilon()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withEpsilon(-1e-5))
                .withMessage("normEpsilon must be at least 0 and finite, was -1.0E-5");
    }

    private static DecoderConfig withEpsilon(double epsilon) {
        return DecoderConfig.llamaStyle(18, 64, 2, 4, 2, 16, 256, epsilon, false);
    }

    @Test
    void rejectsDropoutOfOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecoderConfig.t5Style(18, 64, 2, 1, 64, 256, 1))
                .withMessage("dropout must be at least 0 and below 1, was 1.0");
    }
}
