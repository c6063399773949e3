package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    @Test
    void isAPermutationThatSeedAndEpochDetermine() {
        int[] order = EpochOrder.of(1000, 5, 2);
        assertThat(order).isEqualTo(EpochOrder.of(1000, 5, 2));
        assertThat(order).isNotEqualTo(EpochOrder.of(1000, 5, 3)).isNotEqualTo(EpochOrder.of(1000, 6, 2));
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            assertThat(sorted[i]).isEqualTo(i);
        }
    }

    @Test
    void everyRowIsEquallyLikelyToComeFirst() {
        int rows = 8;
        int epochs = 16_000;
        int[] counts = new int[rows];
        for (int epoch = 0; epoch < epochs; epoch++) {
            counts[EpochOrder.of(rows, 11, epoch)[0]]++;
        }
        double expected = (double) epochs / rows;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        assertThat(chiSquare).isLessThan(24.3); // 7 degrees of freedom, p = 0.001
    }
}
