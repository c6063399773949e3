package resonance.transformer.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.AttentionKind;

/** The encodings that do not rotate, against figures worked out by hand. */
class NonRotaryEncodingsTest {
    @Test
    void eightHeadsHaveThePapersSlopes() {
        assertThat(slopes(8))
                .containsExactly(1 / 2.0, 1 / 4.0, 1 / 8.0, 1 / 16.0, 1 / 32.0, 1 / 64.0, 1 / 128.0, 1 / 256.0);
        assertThat(slopes(2)).containsExactly(1 / 16.0, 1 / 256.0);
        assertThat(slopes(1)).containsExactly(1 / 256.0);
        assertThat(slopes(16)).startsWith(Math.sqrt(0.5), 0.5).endsWith(1 / 256.0);
    }

    /** Those of the power of two below, then the first, third, … of the one above: 2^(−8/8), 2^(−24/8) of eight heads. */
    @Test
    void otherNumbersOfHeadsHaveTheSlopesOfTheAuthorsCode() {
        assertThat(slopes(6)).containsExactly(1 / 4.0, 1 / 16.0, 1 / 64.0, 1 / 256.0, 1 / 2.0, 1 / 8.0);
        assertThat(slopes(3)).containsExactly(1 / 16.0, 1 / 256.0, 1 / 4.0);
        assertThat(slopes(12))
                .hasSize(12)
                .startsWith(slopes(8))
                .endsWith(Math.pow(2, -0.5), Math.pow(2, -1.5), Math.pow(2, -2.5), Math.pow(2, -3.5));
    }

    private static double[] slopes(int heads) {
        return IntStream.range(0, heads)
                .mapToDouble(head -> AlibiEncoding.slope(head, heads))
                .toArray();
    }

    @Test
    void theBiasFallsByTheSlopeATokenFarBeyondAnyTrainedLength() {
        float[] biases = new AlibiEncoding().scoreBias(2, 1000).orElseThrow();
        assertThat(biases).hasSize(2000);
        assertThat(biases[0]).isZero();
        assertThat(biases[3]).isEqualTo(-3 / 16f);
        assertThat(biases[999]).isEqualTo(-999 / 16f);
        assertThat(biases[1000 + 999]).isEqualTo(-999 / 256f);
    }

    /** Width 4: angles t and t/100. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 0, 1",
        "1, 0.841470984807897, 0.540302305868140, 0.009999833334167, 0.999950000416665",
        "300, -0.999755839901149, -0.022096619278683, 0.141120008059867, -0.989992496600445",
    })
    void sinesAndCosinesOfEveryPositionStandBesideEachOther(int position, double s0, double c0, double s1, double c1) {
        float[] rows = new SinusoidalEncoding().input(301, 4).orElseThrow();
        assertThat(rows).hasSize(301 * 4);
        double[] expected = {s0, c0, s1, c1};
        for (int i = 0; i < 4; i++) {
            assertThat((double) rows[4 * position + i]).isCloseTo(expected[i], within(6e-8));
        }
    }

    @Test
    void aWidthThatIsOddEndsWithASine() {
        float[] rows = new SinusoidalEncoding().input(2, 3).orElseThrow();
        assertThat((double) rows[3 + 2]).isCloseTo(Math.sin(Math.pow(10_000, -2 / 3.0)), within(1e-9));
    }

    @Test
    void eachActsInOnePlace() {
        assertThat(new AlibiEncoding().input(1, 4)).isEmpty();
        assertThat(new AlibiEncoding().rotation(AttentionKind.FULL)).isEmpty();
        assertThat(new SinusoidalEncoding().scoreBias(1, 4)).isEmpty();
        assertThat(new SinusoidalEncoding().rotation(AttentionKind.FULL)).isEmpty();
    }
}
