package resonance.posgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PosgenSplitsTest {

    static List<List<String>> drawnGolden() {
        return GoldenFile.rows("drawn.csv").toList();
    }

    static List<List<String>> authorsGolden() {
        return GoldenFile.rows("authors.csv").toList();
    }

    @ParameterizedTest
    @MethodSource("drawnGolden")
    void dataAreDeterminedByTheSeedAlone(List<String> row) {
        PosgenSpec spec = new PosgenSpec(
                PosgenTask.named(row.get(0)),
                number(row, 1),
                number(row, 2),
                number(row, 3),
                StandardFunction.MODULAR_ADDITION);

        PosgenSplits splits = PosgenSplits.draw(
                spec,
                number(row, 4),
                number(row, 5),
                number(row, 6),
                number(row, 7),
                number(row, 8),
                Long.parseLong(row.get(9)));

        assertThat(hashes(splits)).isEqualTo(row.subList(10, 13));
    }

    @ParameterizedTest
    @MethodSource("authorsGolden")
    void compatibilityModeIsByteIdenticalToTheAuthorsGenerator(List<String> row) {
        PosgenSpec spec = new PosgenSpec(
                PosgenTask.named(row.get(0)),
                number(row, 1),
                number(row, 2),
                number(row, 3),
                StandardFunction.named(row.get(4)));

        PosgenSplits splits = PosgenSplits.authors(
                spec, number(row, 5), number(row, 6), number(row, 7), number(row, 8), number(row, 9));

        assertThat(hashes(splits)).isEqualTo(row.subList(10, 13));
    }

    @Test
    void authorsSeedsRepeatAfterEveryCombinationAndTestRowsAreTrainingRows() {
        PosgenSplits splits =
                PosgenSplits.authors(PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT), 10_000, 1_000, 1_000, 64, 256);

        List<List<Integer>> train = seeds(splits.train());
        assertThat(new HashSet<>(train)).hasSize(2_380);
        assertThat(train.get(2_380)).isEqualTo(train.get(0)).containsExactly(0, 1, 2, 3);
        assertThat(train.subList(0, 1_000)).isEqualTo(seeds(splits.validation()));
        assertThat(train.subList(1_000, 2_000)).isEqualTo(seeds(splits.test()));
        assertThat(splits.seed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 8, 16",
        "1, -1, 1, 8, 16",
        "1, 1, -1, 8, 16",
        "1, 1, 1, 4, 16",
        "1, 1, 1, 8, 7",
        "80000, 2000, 2000, 8, 16",
        "50000, 1, 1, 100000, 100000",
        "1, 1, 30000, 8, 100000"
    })
    void whatCannotBeDrawnIsRefusedInTheSameWordsWithoutDrawing(
            int train, int validation, int test, int trainLength, int testLength) {
        PosgenSpec spec = PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT);
        String refusal = catchThrowable(
                        () -> PosgenSplits.requireDrawable(spec, train, validation, test, trainLength, testLength))
                .getMessage();
        assertThatThrownBy(() -> PosgenSplits.draw(spec, train, validation, test, trainLength, testLength, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(refusal);
    }

    @ParameterizedTest
    @EnumSource(PosgenTask.class)
    void noSeedsOccurTwiceWithinOrAcrossTheSplits(PosgenTask task) {
        PosgenSplits splits = PosgenSplits.draw(PosgenSpec.paper(task), 10_000, 1_000, 1_000, 64, 256, 5549);

        Set<List<Integer>> distinct = new HashSet<>();
        for (SequenceSet set : splits.sets()) {
            distinct.addAll(seeds(set));
        }
        assertThat(distinct).hasSize(12_000);
    }

    @Test
    void everyRowFollowsTheRule() {
        PosgenSpec spec = new PosgenSpec(PosgenTask.SEMI_RECURSIVE, 13, 2, 3, StandardFunction.SQUARED_SINE);
        PosgenSplits splits = PosgenSplits.draw(spec, 50, 20, 30, 10, 41, 1);

        assertThat(splits.train().length()).isEqualTo(10);
        assertThat(splits.validation().length()).isEqualTo(41);
        assertThat(splits.test().length()).isEqualTo(41);
        for (SequenceSet set : splits.sets()) {
            for (int row = 0; row < set.rows(); row++) {
                int[] seeds = Arrays.copyOf(set.row(row), 5);
                assertThat(set.row(row)).containsExactly(SequenceOracle.grow(spec, seeds, set.length()));
            }
        }
    }

    @Test
    void moreTestRowsBeginWithTheFewerOnes() {
        PosgenSpec spec = PosgenSpec.paper(PosgenTask.RECURSIVE);
        PosgenSplits few = PosgenSplits.draw(spec, 100, 10, 10, 20, 30, 9);
        PosgenSplits many = PosgenSplits.draw(spec, 100, 10, 500, 20, 30, 9);

        assertThat(many.train().dataHash()).isEqualTo(few.train().dataHash());
        assertThat(seeds(many.test()).subList(0, 10)).isEqualTo(seeds(few.test()));
    }

    @Test
    void anotherSeedGivesOtherData() {
        PosgenSpec spec = PosgenSpec.paper(PosgenTask.RECURSIVE);
        Set<String> hashes = new HashSet<>();
        for (long seed = -20; seed < 20; seed++) {
            hashes.add(PosgenSplits.draw(spec, 30, 1, 1, 8, 8, seed).train().dataHash());
        }

        assertThat(hashes).hasSize(40);
    }

    @Test
    void seedsAreSpreadEvenlyOverTheVocabulary() {
        PosgenSplits splits =
                PosgenSplits.draw(PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT), 10_000, 1_000, 1_000, 64, 256, 42);
        for (int position = 0; position < 4; position++) {
            int[] counts = new int[17];
            for (SequenceSet set : splits.sets()) {
                for (int row = 0; row < set.rows(); row++) {
                    counts[set.token(row, position)]++;
                }
            }
            double expected = 12_000 / 17.0;
            double chiSquare = Arrays.stream(counts)
                    .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                    .sum();
            // 16 degrees of freedom: 45.9 is exceeded once in 10,000; sorted combinations give over 10,000
            assertThat(chiSquare).as("seed token %d", position).isLessThan(45.9);
        }
    }

    @Test
    void refusesSizesOutOfRange() {
        refused(0, 10, 10, 64, 256, "trainRows must be at least 1, was 0");
        refused(10, -1, 10, 64, 256, "validationRows must be at least 0, was -1");
        refused(10, 10, -1, 64, 256, "testRows must be at least 0, was -1");
        refused(
                10,
                10,
                10,
                4,
                256,
                "trainLength must be more than far + near = 4, was 4; shorter rows hold nothing to" + " predict");
        refused(
                10,
                10,
                10,
                64,
                63,
                "testLength must be at least the trainLength, 64, was 63; swap them or ask for a" + " longer test");
        refused(
                10,
                100,
                10,
                64,
                100_000_000,
                "validationRows x length must be at most 2147483639 tokens, was 100 x"
                        + " 100000000; ask for fewer or shorter rows");
        refused(
                80_000,
                3_000,
                522,
                64,
                256,
                "trainRows + validationRows + testRows must be at most modulus^(far + near) = 17^4"
                        + " = 83521, was 83522; take a larger modulus, far or near, or fewer rows");
    }

    private static void refused(int train, int validation, int test, int trainLength, int testLength, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenSplits.draw(
                        PosgenSpec.paper(PosgenTask.RECURSIVE), train, validation, test, trainLength, testLength, 42))
                .withMessage(message);
    }

    @Test
    void compatibilityModeRefusesWhatTheAuthorsGeneratorCannotMake() {
        PosgenSpec paper = PosgenSpec.paper(PosgenTask.RECURSIVE);
        PosgenSpec small = new PosgenSpec(PosgenTask.RECURSIVE, 3, 1, 3, StandardFunction.MODULAR_ADDITION);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenSplits.authors(paper, 10, 10, 10, 64, 513))
                .withMessage("testLength must be at most 512 in compatibility mode, where the authors' generator stops,"
                        + " was 513; ask for shorter rows or leave compatibility mode");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenSplits.authors(small, 10, 10, 10, 64, 256))
                .withMessage(
                        "modulus must be at least far + near = 4 in compatibility mode, which seeds a sequence with"
                                + " different tokens, was 3; take a larger modulus, or a smaller far or near");
        PosgenSpec farOnly = new PosgenSpec(PosgenTask.RECURSIVE, 17, 2, 0, StandardFunction.MODULAR_ADDITION);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenSplits.authors(farOnly, 10, 10, 10, 64, 256))
                .withMessage("near must be at least 1 in compatibility mode, where the authors' generator takes all"
                        + " earlier tokens for no near ones, was 0; ask for a near token or leave compatibility mode");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PosgenSplits.authors(paper, 0, 10, 10, 64, 256))
                .withMessage("trainRows must be at least 1, was 0");
    }

    private static int number(List<String> row, int column) {
        return Integer.parseInt(row.get(column));
    }

    private static List<String> hashes(PosgenSplits splits) {
        return splits.sets().stream().map(SequenceSet::dataHash).toList();
    }

    private static List<List<Integer>> seeds(SequenceSet set) {
        List<List<Integer>> seeds = new ArrayList<>();
        for (int row = 0; row < set.rows(); row++) {
            seeds.add(Arrays.stream(set.row(row), 0, 4).boxed().toList());
        }
        return seeds;
    }
}
