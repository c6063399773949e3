package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.posgen.PosgenSplits;
import resonance.posgen.SequenceSet;
import resonance.posgen.StandardFunction;
import resonance.rope.Refusal;

class PosgenDataTest {
    private static final PosgenData DATA = data(16, 40, 200, 30, 50);

    private static PosgenData data(int trainLength, int testLength, int train, int validation, int test) {
        return new PosgenData(
                7, 1, 3, StandardFunction.MODULAR_ADDITION, trainLength, testLength, train, validation, test);
    }

    @ParameterizedTest
    @ValueSource(strings = {"recursive", "cot", "semi-recursive"})
    void theSplitsHaveTheirSizesAndShareNoSeedTokens(String task) {
        PosgenSplits splits = DATA.draw(task, 42);
        assertThat(splits.sets()).extracting(SequenceSet::rows).containsExactly(200, 30, 50);
        assertThat(splits.sets()).extracting(SequenceSet::length).containsExactly(16, 40, 40);
        Set<String> seeds = new HashSet<>();
        for (SequenceSet set : splits.sets()) {
            for (int row = 0; row < set.rows(); row++) {
                int[] seed = Arrays.copyOf(set.row(row), DATA.seedTokens());
                assertThat(seeds.add(Arrays.toString(seed))).as("row %d", row).isTrue();
            }
        }
    }

    @Test
    void everyTaskAndSeedHasDataOfItsOwnThatComeBackTheSame() {
        Set<List<String>> hashes = new HashSet<>();
        for (String task : PosgenData.TASKS) {
            for (long seed : new long[] {0, 1, 42, -1}) {
                List<String> drawn = hashes(task, seed);
                assertThat(hashes(task, seed)).isEqualTo(drawn);
                assertThat(hashes.add(drawn)).as("%s, seed %d", task, seed).isTrue();
            }
        }
    }

    private static List<String> hashes(String task, long seed) {
        return data(32, 40, 200, 30, 50).draw(task, seed).sets().stream()
                .map(SequenceSet::dataHash)
                .toList();
    }

    @Test
    void aTaskHasItsOwnVocabulary() {
        assertThat(PosgenData.TASKS)
                .extracting(task -> PosgenData.PAPER.task(task).vocabulary())
                .containsExactly(17, 17, 17, 64, 5);
        assertThatThrownBy(() -> DATA.task("flipflop"))
                .hasMessage(
                        "task 'flipflop' is unknown; known: recursive, cot, semi-recursive, mqar, flip-flop; did you mean"
                                + " 'flip-flop'?");
    }

    @Test
    void lengthsAndRowsOutOfRangeAreRefusedInTheNamesOfTheCaller() {
        assertRefused(
                () -> data(0, 40, 9, 9, 9),
                "trainLength must be at least 1, was 0",
                "--trainLength must be at least 1, was 0");
        assertRefused(
                () -> data(40, 40, 9, 9, 9),
                "testLength must be above trainLength (40), was 40",
                "--testLength must be above --trainLength (40), was 40");
        assertRefused(
                () -> data(16, 40, 9, 0, 9),
                "validationRows must be at least 1, was 0",
                "--validationRows must be at least 1, was 0");
        assertRefused(
                () -> data(16, 40, 9, 9, -1),
                "testRows must be at least 1, was -1",
                "--testRows must be at least 1, was -1");
    }

    private static void assertRefused(Runnable attempt, String message, String renamed) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal).hasMessage(message);
            assertThat(refusal.message(name -> "--" + name)).isEqualTo(renamed);
        });
    }
}
