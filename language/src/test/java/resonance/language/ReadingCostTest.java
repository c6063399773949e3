package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingCostTest {
    @Test
    void countsTheMultiplicationsOfAModel() {
        ReadingCost cost = ReadingCost.of(new TinyModel(34, true).description());
        // Products with weights of a token: head 258 x 16, and in each of 2 layers 16 x (48 + 72).
        double weights = 258 * 16 + 2 * 16 * (48 + 72);
        // Two layers, two heads of 8 features, scores and values; half of 100 x 100 pairs.
        assertThat(cost.of(100)).isCloseTo(100 * weights + 2 * 2 * 16 * 5000, within(1e-6));
    }

    @Test
    void aWindowMakesTheTriangleOfPairsABand() {
        assertThat(new ReadingCost(0, 1, List.of(0)).of(100)).isEqualTo(5000);
        assertThat(new ReadingCost(0, 1, List.of(10)).of(100)).isEqualTo(50 + 90 * 10);
        assertThat(new ReadingCost(0, 1, List.of(10)).of(6)).isEqualTo(18);
        assertThat(new ReadingCost(3, 1, List.of(0, 10)).of(100)).isEqualTo(300 + 5000 + 950);
    }
}
