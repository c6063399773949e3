package resonance.language.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.ActivationMemory;
import resonance.transformer.training.TokenBatch;

class PackedDocumentsTest {
    private static final int WINDOW = 16;

    /** Every token tells its document (hundreds) and its place in it; document d has {@code lengths[d]} tokens. */
    private static List<int[]> documents(int... lengths) {
        List<int[]> documents = new ArrayList<>();
        for (int d = 0; d < lengths.length; d++) {
            int document = d;
            documents.add(IntStream.range(0, lengths[d])
                    .map(i -> 1000 * (document + 1) + i)
                    .toArray());
        }
        return documents;
    }

    private static FineTuningSettings settings(PositionScheme positions, boolean joined, double share) {
        return new FineTuningSettings(
                SmallFineTuning.encoding(SmallFineTuning.positions(), "yarn"),
                SmallFineTuning.recipe(positions, WINDOW),
                Optional.empty(),
                joined,
                share,
                100,
                10,
                5,
                ActivationMemory.Choice.BY_SIZE,
                PrecisionChoice.asked(Precision.FLOAT32),
                1);
    }

    private static PackedDocuments packed(boolean joined, int... lengths) {
        return new PackedDocuments(
                documents(lengths), OptionalInt.empty(), settings(PositionScheme.SKIP_WISE, joined, 0.1));
    }

    private static int document(int token) {
        return token / 1000;
    }

    @Test
    void documentsInOneWindowAreKeptApart() {
        PackedDocuments packed = packed(false, 40, 7, 90, 3, 25);
        boolean met = false;
        for (long step = 0; step < 20; step++) {
            TokenBatch batch = packed.batch(step);
            for (int i = 0; i < batch.inputs().length; i++) {
                int own = document(batch.inputs()[i]);
                int row = i / WINDOW * WINDOW;
                int first = batch.firstSeen().length == 0 ? 0 : batch.firstSeen()[i];
                assertThat(document(batch.inputs()[row + first])).isEqualTo(own);
                if (first > 0) {
                    met = true;
                    assertThat(document(batch.inputs()[row + first - 1])).isNotEqualTo(own);
                }
                int target = batch.targets()[i];
                assertThat(target == TokenBatch.IGNORED || target == batch.inputs()[i] + 1)
                        .isTrue();
                if (i % WINDOW < WINDOW - 1) {
                    boolean lastOfItsDocument = document(batch.inputs()[i + 1]) != own;
                    assertThat(target == TokenBatch.IGNORED).isEqualTo(lastOfItsDocument);
                }
            }
        }
        assertThat(met).isTrue();
    }

    @Test
    void joinedDocumentsAreOneText() {
        PackedDocuments packed = packed(true, 40, 7, 90, 3, 25);
        for (long step = 0; step < 20; step++) {
            TokenBatch batch = packed.batch(step);
            assertThat(batch.firstSeen()).isEmpty();
            assertThat(batch.targets()).doesNotContain(TokenBatch.IGNORED);
        }
    }

    @Test
    void aStepsBatchDependsOnTheStepAloneAndEpochsDiffer() {
        PackedDocuments one = packed(false, 200, 90);
        TokenBatch seventh = one.batch(7);
        PackedDocuments other = packed(false, 200, 90);
        other.batch(30);
        other.batch(2);
        assertThat(other.batch(7)).usingRecursiveComparison().isEqualTo(seventh);
        assertThat(other.batch(8).inputs()).isNotEqualTo(seventh.inputs());
    }

    @Test
    void nothingThatIsHeldOutIsTrainedOn() {
        for (int[] lengths : new int[][] {{400}, {300, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20}, {50, 60, 70}}) {
            PackedDocuments packed = packed(false, lengths);
            Set<Integer> held = new HashSet<>();
            for (TokenWindow window : packed.validationWindows(SmallFineTuning.LENGTH)) {
                Arrays.stream(window.tokens()).forEach(held::add);
            }
            int all = IntStream.of(lengths).sum();
            assertThat(packed.trainingTokens() + packed.validationTokens()).isEqualTo(all);
            assertThat(packed.validationTokens()).isBetween(2, all / 5);
            for (long step = 0; step < 40; step++) {
                assertThat(held)
                        .doesNotContainAnyElementsOf(
                                IntStream.of(packed.batch(step).inputs())
                                        .boxed()
                                        .toList());
            }
        }
    }

    @Test
    void validationWindowsBeginAsTheModelExpectsAndStopAtTheirLimit() {
        int begin = 9;
        int[] document = documents(1500).get(0);
        document[0] = begin;
        PackedDocuments packed = new PackedDocuments(
                List.of(document), OptionalInt.of(begin), settings(PositionScheme.LONG, false, 0.5));
        List<TokenWindow> windows = packed.validationWindows(WINDOW);
        assertThat(windows).allSatisfy(window -> {
            assertThat(window.tokens()).hasSize(WINDOW);
            assertThat(window.tokens()[0]).isEqualTo(begin);
            assertThat(window.firstScored()).isEqualTo(1);
        });
        assertThat(windows.get(1).tokens()[1]).isEqualTo(windows.get(0).tokens()[WINDOW - 1] + 1);
        assertThat(windows.stream().mapToInt(TokenWindow::scored).sum()).isEqualTo(105); // the first whole one over 100
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 77})
    void skippedPositionsRiseByOneButOnceAndReachUpToTheLength(long seed) {
        Set<Integer> splits = new HashSet<>();
        int farthest = 0;
        for (long row = 0; row < 2000; row++) {
            int[] positions = PositionScheme.SKIP_WISE.positions(WINDOW, 64, seed, row);
            assertThat(positions).hasSize(WINDOW).isSorted();
            assertThat(positions[0]).isZero();
            int split = WINDOW;
            for (int i = 1; i < WINDOW; i++) {
                if (positions[i] != positions[i - 1] + 1) {
                    assertThat(split).isEqualTo(WINDOW);
                    split = i;
                }
            }
            if (split < WINDOW) {
                splits.add(split);
            }
            farthest = Math.max(farthest, positions[WINDOW - 1]);
        }
        assertThat(splits).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(farthest).isEqualTo(63);
        int[] drawn = PositionScheme.SKIP_WISE.positions(WINDOW, 64, seed, 5);
        int[] again = PositionScheme.SKIP_WISE.positions(WINDOW, 64, seed, 5);
        assertThat(again).isEqualTo(drawn);
        assertThat(PositionScheme.SKIP_WISE.positions(WINDOW, WINDOW, seed, 5))
                .isEqualTo(IntStream.range(0, WINDOW).toArray());
    }

    @Test
    void tooLittleTextIsRefused() {
        assertThatThrownBy(() -> packed(false, 30))
                .hasMessage(
                        "texts must have at least two windows of window = 16 tokens to train on, had 27 tokens; give"
                                + " more text or a smaller window");
        assertThatThrownBy(() -> new PackedDocuments(
                        documents(15, 15, 15, 15), OptionalInt.empty(), settings(PositionScheme.LONG, false, 0.1)))
                .hasMessage(
                        "texts must have a document of window = 16 tokens, since nothing else shows how a text of that"
                                + " length goes on, had none of more than 15; give longer ones, join them, or take"
                                + " positions skip-wise with a smaller window");
        assertThatThrownBy(() -> new PackedDocuments(
                        documents(60), OptionalInt.empty(), settings(PositionScheme.LONG, false, 0.01)))
                .hasMessage("texts must hold out at least 2 tokens for validation, held out none; give more text or a"
                        + " larger validationShare");
    }
}
