package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlipFlopTest {
    private static final int WRITE = 2;
    private static final int READ = 3;
    private static final int IGNORE = 4;

    /** The definition once more, as a memory of one bit that follows the instructions. */
    @ParameterizedTest
    @CsvSource({"0.8, 0.8", "0, 0.98", "0.98, 0.1"})
    void aReadGivesTheBitLastWrittenAndNothingElseCounts(double ignored, double testIgnored) {
        FlipFlop task = new FlipFlop(ignored, testIgnored);
        PosgenSplits splits = PosgenSplits.draw(task, 200, 50, 50, 64, 250, 5);
        for (SequenceSet set : splits.sets()) {
            for (int row = 0; row < set.rows(); row++) {
                int[] tokens = set.row(row);
                assertThat(tokens[0]).isEqualTo(WRITE);
                assertThat(tokens[tokens.length - 2]).isEqualTo(READ);
                int memory = -1;
                for (int index = 0; index < tokens.length; index += 2) {
                    assertThat(tokens[index]).isBetween(WRITE, IGNORE);
                    assertThat(tokens[index + 1]).isBetween(0, 1);
                    if (tokens[index] == WRITE) {
                        memory = tokens[index + 1];
                    } else if (tokens[index] == READ) {
                        assertThat(tokens[index + 1])
                                .as("row %d, position %d of %s", row, index + 1, Arrays.toString(tokens))
                                .isEqualTo(memory);
                    }
                    assertThat(task.scores(tokens, 0, index)).isFalse();
                    assertThat(task.scores(tokens, 0, index + 1)).isEqualTo(tokens[index] == READ);
                }
            }
        }
    }

    @Test
    void whatCountsIsToldFromTheTokensBeforeAndWhereTheSequenceStarts() {
        int[] memory = {READ, WRITE, 1, IGNORE, 0, READ, 1};
        FlipFlop task = FlipFlop.DEFAULT;
        boolean[] scored = new boolean[6];
        for (int position = 0; position < 6; position++) {
            scored[position] = task.scores(memory, 1, position);
        }
        assertThat(scored).containsExactly(false, false, false, false, false, true);
        assertThat(task.firstScored()).isEqualTo(3);
        assertThat(task.vocabulary()).isEqualTo(5);
    }

    /** Instructions between the first and the last, and the bits that are random, in training and in tests. */
    @ParameterizedTest
    @CsvSource({"0.8, 0.1", "0.98, 0.5", "0, 0.8"})
    void instructionsAreDrawnInTheirProportionsAtEveryPosition(double ignored, double testIgnored) {
        PosgenSplits splits = PosgenSplits.draw(new FlipFlop(ignored, testIgnored), 3_000, 0, 1_000, 32, 64, 11);
        requireProportions(splits.train(), ignored);
        requireProportions(splits.test(), testIgnored);
    }

    private static void requireProportions(SequenceSet set, double ignored) {
        int instructions = set.length() / 2;
        double[] shares = {(1 - ignored) / 2, (1 - ignored) / 2, ignored};
        for (int half = 0; half < 2; half++) {
            int[] counts = new int[3];
            int[] randomBits = new int[2];
            int from = 1 + half * (instructions - 2) / 2;
            int to = 1 + (half + 1) * (instructions - 2) / 2;
            for (int row = 0; row < set.rows(); row++) {
                for (int instruction = from; instruction < to; instruction++) {
                    int what = set.token(row, 2 * instruction);
                    counts[what - WRITE]++;
                    if (what != READ) {
                        randomBits[set.token(row, 2 * instruction + 1)]++;
                    }
                }
            }
            int all = set.rows() * (to - from);
            for (int what = 0; what < 3; what++) {
                double deviation = Math.sqrt(all * shares[what] * (1 - shares[what]));
                assertThat((double) counts[what])
                        .as("instruction %d of %s", what + WRITE, set)
                        .isBetween(all * shares[what] - 4 * deviation, all * shares[what] + 4 * deviation);
            }
            int bits = randomBits[0] + randomBits[1];
            assertThat((double) randomBits[1])
                    .isBetween(bits / 2.0 - 2 * Math.sqrt(bits), bits / 2.0 + 2 * Math.sqrt(bits));
        }
    }

    /** P(d instructions back) = p_w (1 - p_w)^(d - 1), wherever the read stands: distances do not grow with the position. */
    @Test
    void theLastWriteIsGeometricallyFarAtEveryPosition() {
        SequenceSet test = PosgenSplits.draw(new FlipFlop(0.5, 0.5), 1, 0, 6_000, 64, 128, 2)
                .test();
        double write = 0.25;
        for (int instruction : new int[] {31, 47, 63}) {
            int[] counts = new int[13];
            int reads = 0;
            for (int row = 0; row < test.rows(); row++) {
                if (test.token(row, 2 * instruction) == READ) {
                    int back = 1;
                    while (test.token(row, 2 * (instruction - back)) != WRITE) {
                        back++;
                    }
                    counts[Math.min(back, counts.length) - 1]++;
                    reads++;
                }
            }
            double chiSquare = 0;
            for (int back = 1; back <= counts.length; back++) {
                double share =
                        back == counts.length ? Math.pow(1 - write, back - 1) : write * Math.pow(1 - write, back - 1);
                double expected = reads * share;
                chiSquare += (counts[back - 1] - expected) * (counts[back - 1] - expected) / expected;
            }
            // 12 degrees of freedom: 39.1 is exceeded once in 10,000
            assertThat(chiSquare).as("instruction %d", instruction).isLessThan(39.1);
        }
    }

    @Test
    void noSequencesBeginAlikeEvenWhereMostAreAsked() {
        // A write, one instruction and a read: 2 x 5 beginnings, of which two may be asked for.
        for (long seed = 0; seed < 100; seed++) {
            PosgenSplits splits = PosgenSplits.draw(new FlipFlop(0.9, 0.9), 1, 0, 1, 6, 20, seed);
            assertThat(Arrays.copyOf(splits.test().row(0), 6))
                    .as("seed %d", seed)
                    .isNotEqualTo(splits.train().row(0));
        }
        PosgenSplits paper = PosgenSplits.draw(FlipFlop.DEFAULT, 10_000, 100, 500, 64, 256, 1);
        Set<List<Integer>> beginnings = new HashSet<>();
        for (SequenceSet set : paper.sets()) {
            for (int row = 0; row < set.rows(); row++) {
                beginnings.add(Arrays.stream(set.row(row), 0, 64).boxed().toList());
            }
        }
        assertThat(beginnings).hasSize(10_600);
    }

    /** These hashes may never change: a seed gives the same data for ever. */
    @Test
    void dataAreDeterminedByTheSeedAlone() {
        assertThat(PosgenSplits.draw(new FlipFlop(0.8, 0.98), 400, 50, 150, 64, 256, 42)
                        .sets())
                .extracting(SequenceSet::dataHash)
                .containsExactly(
                        "7c1e744751a91ecaf0034f2be9691d418a64cb9c46b9bc9050b6c2d12c60774f",
                        "f7552c4d6c18cb6f6c51004bd5114018484d5302939f7d5fc5012ba2a55985c8",
                        "aaff98f5bbbc0a8904e54fc8bace813a9f8a8b87fe8d368c76b8cfa43a658323");
        assertThat(PosgenSplits.draw(new FlipFlop(0.8, 0.1), 400, 50, 150, 64, 256, 42)
                        .train()
                        .dataHash())
                .isEqualTo("7c1e744751a91ecaf0034f2be9691d418a64cb9c46b9bc9050b6c2d12c60774f");
    }

    @Test
    void whatCannotBeAskedIsRefusedInTheNamesOfWhoAsks() {
        refused(
                () -> new FlipFlop(1, 0.8),
                "--ignored must be at least 0 and below 1, was 1.0; 0.98 is sparse, 0.1 dense");
        refused(
                () -> new FlipFlop(0.8, -0.5),
                "--testIgnored must be at least 0 and below 1, was -0.5; 0.98 is sparse, 0.1 dense");
        refused(
                () -> PosgenSplits.draw(FlipFlop.DEFAULT, 1, 1, 1, 63, 256, 1),
                "--trainLength must be even and at least 4, was 63; an instruction of flip-flop has a bit behind it");
        refused(
                () -> PosgenSplits.draw(FlipFlop.DEFAULT, 1, 1, 1, 64, 255, 1),
                "--testLength must be even and at least 4, was 255; an instruction of flip-flop has a bit behind it");
        refused(
                () -> PosgenSplits.draw(FlipFlop.DEFAULT, 10, 5, 2, 12, 256, 1),
                "--trainRows + --validationRows + --testRows must be at most 2^(--trainLength / 2 - 2) = 16, was 17; take"
                        + " longer sequences or fewer rows");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatExceptionOfType(PosgenRefusal.class)
                .isThrownBy(call)
                .satisfies(refusal ->
                        assertThat(refusal.message(name -> "--" + name)).isEqualTo(message));
    }
}
