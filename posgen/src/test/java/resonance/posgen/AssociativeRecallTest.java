package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssociativeRecallTest {

    private static PosgenSplits draw(AssociativeRecall task, long seed) {
        return PosgenSplits.draw(task, 400, 50, 150, 64, 256, seed);
    }

    /** The definition once more, as a reader of a sequence: looks every query up in the pairs. */
    @ParameterizedTest
    @CsvSource({"64, 8, 0.01", "17, 7, 0.5", "4, 1, 1", "100, 16, 0"})
    void everyKeyIsAskedForOnceAndItsValueFollows(int vocabulary, int pairs, double gapExponent) {
        AssociativeRecall task = new AssociativeRecall(vocabulary, pairs, gapExponent);
        int rows = vocabulary == 4 ? 1 : 60;
        PosgenSplits splits = PosgenSplits.draw(task, rows, 0, rows == 1 ? 0 : 20, 64, 250, 3);
        for (SequenceSet set : splits.sets()) {
            for (int row = 0; row < set.rows(); row++) {
                int[] tokens = set.row(row);
                Map<Integer, Integer> values = new LinkedHashMap<>();
                for (int pair = 0; pair < pairs; pair++) {
                    values.put(tokens[2 * pair], tokens[2 * pair + 1]);
                }
                assertThat(values).hasSize(pairs);
                assertThat(values.keySet()).allMatch(key -> key >= 1 && key < vocabulary / 2);
                assertThat(new HashSet<>(values.values()))
                        .hasSize(pairs)
                        .allMatch(value -> value >= vocabulary / 2 && value < vocabulary);
                Set<Integer> asked = new HashSet<>();
                boolean[] scored = new boolean[tokens.length];
                for (int index = 2 * pairs; index < tokens.length; index += 2) {
                    if (tokens[index] != 0) {
                        assertThat(asked.add(tokens[index])).isTrue();
                        assertThat(tokens[index + 1]).isEqualTo(values.get(tokens[index]));
                        scored[index + 1] = true;
                    } else if (index + 1 < tokens.length) {
                        assertThat(tokens[index + 1]).isZero();
                    }
                }
                assertThat(asked).isEqualTo(values.keySet());
                for (int position = 0; position < tokens.length; position++) {
                    assertThat(task.scores(tokens, 0, position))
                            .as("row %d, position %d of %s", row, position, Arrays.toString(tokens))
                            .isEqualTo(scored[position]);
                }
            }
        }
    }

    @Test
    void whatCountsIsToldFromTheTokensBeforeAndWhereTheSequenceStarts() {
        AssociativeRecall task = new AssociativeRecall(12, 2, 0.01);
        int[] memory = {9, 9, 9, 2, 8, 4, 7, 0, 0, 4, 7, 2, 8, 0, 0};
        boolean[] scored = new boolean[12];
        for (int position = 0; position < 12; position++) {
            scored[position] = task.scores(memory, 3, position);
        }
        assertThat(scored)
                .containsExactly(false, false, false, false, false, false, false, true, false, true, false, false);
        assertThat(task.firstScored()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0", "0.5", "1"})
    void theFirstKeysQueriesAreAPowerLawOfTheirDistance(double gapExponent) {
        AssociativeRecall task = new AssociativeRecall(64, 8, gapExponent);
        int rows = 4_000;
        SequenceSet train =
                PosgenSplits.draw(task, rows, 0, 0, 64, 64, 20240301).train();
        int slots = 24;
        int[] counts = new int[slots];
        for (int row = 0; row < rows; row++) {
            counts[slotOf(train.row(row), 0)]++;
        }
        double total = 0;
        for (int slot = 1; slot <= slots; slot++) {
            total += Math.pow(slot, gapExponent - 1);
        }
        double chiSquare = 0;
        for (int slot = 1; slot <= slots; slot++) {
            double expected = rows * Math.pow(slot, gapExponent - 1) / total;
            chiSquare += (counts[slot - 1] - expected) * (counts[slot - 1] - expected) / expected;
        }
        // 23 degrees of freedom: 56 is exceeded once in 10,000
        assertThat(chiSquare).isLessThan(56);
    }

    /** Drawn without replacement: given the first key's slot, the second key's is a power law of the others. */
    @Test
    void theSecondKeysQueriesAreAPowerLawOfWhatIsLeft() {
        AssociativeRecall task = new AssociativeRecall(64, 2, 0.01);
        int rows = 6_000;
        SequenceSet train = PosgenSplits.draw(task, rows, 0, 0, 16, 16, 7).train();
        int slots = 6;
        double[] expected = new double[slots];
        int[] counts = new int[slots];
        double total = 0;
        for (int slot = 1; slot <= slots; slot++) {
            total += Math.pow(slot, -0.99);
        }
        for (int row = 0; row < rows; row++) {
            counts[slotOf(train.row(row), 1)]++;
        }
        for (int first = 1; first <= slots; first++) {
            double ofFirst = Math.pow(first, -0.99);
            for (int second = 1; second <= slots; second++) {
                if (second != first) {
                    expected[second - 1] += rows * ofFirst / total * Math.pow(second, -0.99) / (total - ofFirst);
                }
            }
        }
        double chiSquare = 0;
        for (int slot = 0; slot < slots; slot++) {
            chiSquare += (counts[slot] - expected[slot]) * (counts[slot] - expected[slot]) / expected[slot];
        }
        // 5 degrees of freedom: 25.7 is exceeded once in 10,000
        assertThat(chiSquare).isLessThan(25.7);
    }

    private static int slotOf(int[] tokens, int pair) {
        int context = 0;
        while (context + 1 < tokens.length && tokens[context] != 0 && !repeats(tokens, context)) {
            context += 2;
        }
        for (int index = context; index < tokens.length; index += 2) {
            if (tokens[index] == tokens[2 * pair]) {
                return (index - context) / 2;
            }
        }
        throw new AssertionError("key " + pair + " is not asked for in " + Arrays.toString(tokens));
    }

    private static boolean repeats(int[] tokens, int index) {
        for (int before = 0; before < index; before += 2) {
            if (tokens[before] == tokens[index]) {
                return true;
            }
        }
        return false;
    }

    @Test
    void keysAndValuesAreSpreadEvenly() {
        SequenceSet train = PosgenSplits.draw(AssociativeRecall.DEFAULT, 5_000, 0, 0, 32, 32, 1)
                .train();
        int[] counts = new int[64];
        for (int row = 0; row < train.rows(); row++) {
            counts[train.token(row, 0)]++;
            counts[train.token(row, 1)]++;
        }
        assertThat(counts[0]).isZero();
        assertThat(chiSquareOfEven(Arrays.copyOfRange(counts, 1, 32))).isLessThan(67); // 30 degrees, once in 10,000
        assertThat(chiSquareOfEven(Arrays.copyOfRange(counts, 32, 64))).isLessThan(68.7); // 31 degrees
    }

    private static double chiSquareOfEven(int[] counts) {
        double expected = Arrays.stream(counts).average().orElseThrow();
        return Arrays.stream(counts)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }

    @Test
    void noPairsOccurTwiceEvenWhereMostAreAsked() {
        // One pair of 3 keys and 4 values: twelve lists, of which six may be drawn.
        AssociativeRecall task = new AssociativeRecall(8, 1, 0.01);
        for (long seed = 0; seed < 50; seed++) {
            PosgenSplits splits = PosgenSplits.draw(task, 3, 1, 2, 8, 12, seed);
            Set<List<Integer>> pairs = new HashSet<>();
            for (SequenceSet set : splits.sets()) {
                for (int row = 0; row < set.rows(); row++) {
                    pairs.add(List.of(set.token(row, 0), set.token(row, 1)));
                }
            }
            assertThat(pairs).as("seed %d", seed).hasSize(6);
        }
    }

    /** These hashes may never change: a seed gives the same data for ever. */
    @Test
    void dataAreDeterminedByTheSeedAlone() {
        assertThat(draw(AssociativeRecall.DEFAULT, 42).sets())
                .extracting(SequenceSet::dataHash)
                .containsExactly(
                        "6c6e900e6f410262276160fcbc2d97a1bd34e57474cc80a9e0f5aacdd8bcab24",
                        "8e41a33854560e714bfabb39520c71f3734ea442d09b033bc3a88e923e10d6d4",
                        "e77ef0c63f4dc97d77430a070b9a58f3f20376e4fa83e35ebad42b817ab4a483");
        assertThat(draw(AssociativeRecall.DEFAULT, 43).train().dataHash())
                .isNotEqualTo(draw(AssociativeRecall.DEFAULT, 42).train().dataHash());
    }

    @Test
    void moreTestRowsBeginWithTheFewerOnes() {
        PosgenSplits few = PosgenSplits.draw(AssociativeRecall.DEFAULT, 20, 3, 4, 32, 64, 9);
        PosgenSplits many = PosgenSplits.draw(AssociativeRecall.DEFAULT, 20, 3, 40, 32, 64, 9);
        assertThat(many.train().dataHash()).isEqualTo(few.train().dataHash());
        for (int row = 0; row < 4; row++) {
            assertThat(many.test().row(row)).containsExactly(few.test().row(row));
        }
    }

    @Test
    void whatCannotBeAskedIsRefusedInTheNamesOfWhoAsks() {
        refused(() -> new AssociativeRecall(3, 1, 0.01), "--vocabulary must be at least 4, was 3");
        refused(
                () -> new AssociativeRecall(17, 8, 0.01),
                "--pairs must be from 1 to the keys of the --vocabulary, 17 / 2 - 1 = 7, was 8; take fewer pairs or a larger"
                        + " vocabulary");
        refused(
                () -> new AssociativeRecall(17, 0, 0.01),
                "--pairs must be from 1 to the keys of the --vocabulary, 17 / 2 - 1 = 7, was 0; take fewer pairs or a larger"
                        + " vocabulary");
        refused(
                () -> new AssociativeRecall(17, 7, Double.NaN),
                "--gapExponent must be from 0 to 1, was NaN; 1 spreads queries evenly, 0.01 is the usual power law");
        refused(
                () -> PosgenSplits.draw(AssociativeRecall.DEFAULT, 1, 1, 1, 31, 64, 1),
                "--trainLength must be at least 4 x --pairs = 32, was 31; a pair and its query take two tokens each");
        refused(
                () -> PosgenSplits.draw(new AssociativeRecall(8, 1, 0.01), 5, 1, 1, 8, 8, 1),
                "--trainRows + --validationRows + --testRows must be at most 6, half of the different lists of pairs, was 7;"
                        + " take a larger vocabulary or fewer rows");
        assertThatThrownBy(() -> PosgenSplits.draw(AssociativeRecall.DEFAULT, 1, 1, 1, 64, 63, 1))
                .hasMessage(
                        "testLength must be at least the trainLength, 64, was 63; swap them or ask for a longer test");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatExceptionOfType(PosgenRefusal.class)
                .isThrownBy(call)
                .satisfies(refusal ->
                        assertThat(refusal.message(name -> "--" + name)).isEqualTo(message));
    }
}
