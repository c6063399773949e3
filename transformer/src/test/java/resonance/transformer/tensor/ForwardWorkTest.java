package resonance.transformer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;

class ForwardWorkTest {
    private static final DecoderConfig TINY = DecoderConfig.llamaStyle(258, 16, 2, 2, 1, 8, 24, 1e-5, true);

    @Test
    void countsTheMultiplicationsOfADecoder() {
        // Products with weights of a token: head 258 x 16, and in each of 2 layers 16 x (48 + 72).
        double weights = 258 * 16 + 2 * 16 * (48 + 72);
        // Two layers, two heads of 8 features, scores and values; half of 100 x 100 pairs, each 2.5 times as long.
        assertThat(ForwardWork.of(TINY).of(100)).isCloseTo(100 * weights + 2.5 * 2 * 2 * 16 * 5000, within(1e-6));
    }

    @Test
    void aFeedForwardWithoutAGateHasTwoMatrices() {
        // In each of 2 layers 4 matrices of 16 x 24 for attention and 2 of 16 x 40, head 11 x 16.
        assertThat(ForwardWork.of(DecoderConfig.t5Style(11, 16, 2, 3, 8, 40, 0)).perToken())
                .isEqualTo(2 * (4 * 16 * 24 + 2 * 16 * 40) + 11 * 16);
    }

    @Test
    void linearAttentionTakesTheSameForEveryToken() {
        ForwardWork linear = ForwardWork.of(TINY.with(List.of(AttentionKind.LINEAR, AttentionKind.LINEAR)));
        assertThat(linear.of(2_000)).isEqualTo(2 * linear.of(1_000));
        assertThat(linear.perToken()).isEqualTo(ForwardWork.of(TINY).perToken() + 2 * 2.5 * 2 * 16 * 8);
    }

    /** Tokens a second: 1,365 at 2,048 tokens, 735 at 8,192 and about 165 at 32,768, on two cores. */
    @Test
    void growsWithTheLengthAboutAsTheMeasuredTime() {
        ForwardWork smolLm2 = ForwardWork.of(DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true));
        double shortest = smolLm2.of(2_048) / 2_048;
        assertThat(smolLm2.of(8_192) / 8_192 / shortest).isCloseTo(1365.0 / 735, withinPercentage(30));
        assertThat(smolLm2.of(32_768) / 32_768 / shortest).isCloseTo(1365.0 / 165, withinPercentage(30));
    }

    @Test
    void aWindowMakesTheTriangleOfPairsABand() {
        assertThat(new ForwardWork(0, 1, List.of(0)).of(100)).isEqualTo(5000);
        assertThat(new ForwardWork(0, 1, List.of(10)).of(100)).isEqualTo(50 + 90 * 10);
        assertThat(new ForwardWork(0, 1, List.of(10)).of(6)).isEqualTo(18);
        assertThat(new ForwardWork(3, 1, List.of(0, 10)).of(100)).isEqualTo(300 + 5000 + 950);
    }
}
