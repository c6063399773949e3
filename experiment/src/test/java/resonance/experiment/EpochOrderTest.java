package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
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

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        Set<String> orders = new HashSet<>();
        for (long seed : new long[] {0, 1, 2, 42, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            for (int epoch = 0; epoch < 150; epoch++) {
                assertThat(orders.add(Arrays.toString(EpochOrder.of(50, seed, epoch))))
                        .as("seed %d, epoch %d", seed, epoch)
                        .isTrue();
            }
        }
    }

    @Test
    void everyRowIsEquallyLikelyAtEveryPositionOverTheSeeds() {
        int rows = 6;
        int seeds = 12_000;
        int[][] counts = new int[rows][rows];
        for (int seed = 0; seed < seeds; seed++) {
            int[] order = EpochOrder.of(rows, seed, 3);
            for (int position = 0; position < rows; position++) {
                counts[position][order[position]]++;
            }
        }
        // Expected 2,000 with a standard deviation of 41: five of them.
        for (int position = 0; position < rows; position++) {
            for (int row = 0; row < rows; row++) {
                assertThat(counts[position][row])
                        .as("row %d at position %d", row, position)
                        .isBetween(2000 - 205, 2000 + 205);
            }
        }
    }

    @Test
    void ofOneRowOrNoneThereIsOneOrder() {
        assertThat(EpochOrder.of(1, 5, 2)).containsExactly(0);
        assertThat(EpochOrder.of(0, 5, 2)).isEmpty();
    }
}
