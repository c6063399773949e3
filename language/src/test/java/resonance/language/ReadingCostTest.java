package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingCostTest {
    @Test
    void countsTheMultiplicationsOfAModel() {
        ReadingCost cost = ReadingCost.of(new TinyModel(34, true).description());
        // Products with weights of a token: head 258 x 16, and in each of 2 layers 16 x (48 + 72).
        double weights = 258 * 16 + 2 * 16 * (48 + 72);
        // Two layers, two heads of 8 features, scores and values; half of 100 x 100 pairs, each 2.5 times as long.
        assertThat(cost.of(100)).isCloseTo(100 * weights + 2.5 * 2 * 2 * 16 * 5000, within(1e-6));
    }

    /** Tokens a second: 1,365 at 2,048 tokens, 735 at 8,192 and about 165 at 32,768, on two cores. */
    @Test
    void growsWithTheLengthAboutAsTheMeasuredTime() {
        double layer = 576 * (2 * 576 + 2 * 192 + 3 * 1536);
        ReadingCost smolLm2 = new ReadingCost(30 * layer + 576 * 49_152, 2.5 * 2 * 576, Collections.nCopies(30, 0));
        double shortest = smolLm2.of(2_048) / 2_048;
        assertThat(smolLm2.of(8_192) / 8_192 / shortest).isCloseTo(1365.0 / 735, withinPercentage(30));
        assertThat(smolLm2.of(32_768) / 32_768 / shortest).isCloseTo(1365.0 / 165, withinPercentage(30));
    }

    @Test
    void aWindowMakesTheTriangleOfPairsABand() {
        assertThat(new ReadingCost(0, 1, List.of(0)).of(100)).isEqualTo(5000);
        assertThat(new ReadingCost(0, 1, List.of(10)).of(100)).isEqualTo(50 + 90 * 10);
        assertThat(new ReadingCost(0, 1, List.of(10)).of(6)).isEqualTo(18);
        assertThat(new ReadingCost(3, 1, List.of(0, 10)).of(100)).isEqualTo(300 + 5000 + 950);
    }
}
