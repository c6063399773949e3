package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeedDrawTest {

    /** Exceeded with probability 0.0001 by a sum over 48 equally likely cells; the draws are fixed, so never again. */
    private static final double CHI_SQUARE_47 = 91.8;

    /** Likewise for 24 cells. */
    private static final double CHI_SQUARE_23 = 57.1;

    @Test
    void generatorIsSplitMix64() {
        SplitMix64 generator = new SplitMix64(1234567);
        SplittableRandom reference = new SplittableRandom(1234567);
        for (int draw = 0; draw < 1_000; draw++) {
            assertThat(generator.next()).isEqualTo(reference.nextLong());
        }
    }

    @Test
    void numbersBelowABoundAreUniform() {
        SplitMix64 generator = new SplitMix64(7);
        long bound = (1L << 62) + (1L << 61);
        int[] counts = new int[48];
        for (int draw = 0; draw < 480_000; draw++) {
            counts[(int) (generator.below(bound) / (bound / 48))]++;
        }

        assertThat(chiSquare(counts)).isLessThan(CHI_SQUARE_47);
    }

    @Test
    void drawingEverySeedGivesEachExactlyOnce() {
        for (long seed = 0; seed < 20; seed++) {
            Set<Integer> drawn = new HashSet<>();
            SeedDraw draw = new SeedDraw(rule(3, 4), 81, seed);
            int[] tokens = new int[4];
            for (int row = 0; row < 81; row++) {
                draw.next(tokens, 0);
                int number = 0;
                for (int token : tokens) {
                    assertThat(token).isBetween(0, 2);
                    number = 3 * number + token;
                }
                drawn.add(number);
            }
            assertThat(drawn).as("seed %d", seed).hasSize(81);
        }
    }

    @Test
    void orderIsUniformOverAllPermutations() {
        int[] counts = new int[24];
        for (int seed = 0; seed < 24_000; seed++) {
            SparseShuffle shuffle = new SparseShuffle(new SplitMix64(seed * 0x5DEECE66DL), 4, 4);
            long[] order = {shuffle.next(), shuffle.next(), shuffle.next(), shuffle.next()};
            int rank = 0;
            for (int first = 0; first < 4; first++) {
                int smallerAfter = 0;
                for (int later = first + 1; later < 4; later++) {
                    smallerAfter += order[later] < order[first] ? 1 : 0;
                }
                rank = rank * (4 - first) + smallerAfter;
            }
            counts[rank]++;
        }

        assertThat(chiSquare(counts)).isLessThan(CHI_SQUARE_23);
    }

    @Test
    void everyPairOfSeedTokensIsEquallyLikelyInHugeSpaces() {
        int[] counts = new int[48];
        int[] tokens = new int[30];
        SeedDraw draw = new SeedDraw(rule(48, 30), 48_000, 3);
        for (int row = 0; row < 48_000; row++) {
            draw.next(tokens, 0);
            counts[(tokens[0] + tokens[29]) % 48]++;
        }

        assertThat(chiSquare(counts)).isLessThan(CHI_SQUARE_47);
    }

    @Test
    void refusesMoreRowsThanThereAreSeeds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SeedDraw(rule(7, 4), 12_000, 42))
                .withMessage(
                        "trainRows + validationRows + testRows must be at most modulus^(far + near) = 7^4 = 2401, was"
                                + " 12000; take a larger modulus, far or near, or fewer rows");
    }

    @Test
    void refusesMoreRowsThanFitInMemory() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SeedDraw(rule(1_000, 4), 1L << 29, 42))
                .withMessage("trainRows + validationRows + testRows must be at most 536870911, was 536870912;"
                        + " ask for fewer rows");
    }

    private static double chiSquare(int[] counts) {
        double expected = Arrays.stream(counts).sum() / (double) counts.length;
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }

    private static PosgenSpec rule(int modulus, int seedTokens) {
        return new PosgenSpec(PosgenTask.RECURSIVE, modulus, 1, seedTokens - 1, StandardFunction.MODULAR_ADDITION);
    }
}
