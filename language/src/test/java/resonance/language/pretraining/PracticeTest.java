package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import resonance.model.Tokenizer;
import resonance.model.tokenizer.HuggingFaceTokenizer;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.TokenBatch;

class PracticeTest {
    private static final String PROSE = "the quiet cat sat upon seven mats and watched eleven brown mice. ".repeat(400);
    private static final int LENGTH = 700;
    private static final int ROWS = 4;
    private static final Pattern PASSKEY = Pattern.compile(
            "The pass key is (\\d+)\\. Remember it\\. .*What is the pass key\\? The pass key is (\\d+)\\.\n",
            Pattern.DOTALL);
    private static final Pattern NEEDLE = Pattern.compile(
            "One of the special magic numbers for (\\S+) is: (\\d{7})\\..*What is the special magic number for \\1 mentioned"
                    + " in the provided text\\? The special magic number for \\1 mentioned in the provided text is (\\d{7})\\.\n",
            Pattern.DOTALL);

    private final Tokenizer tokenizer = tokenizer();
    private final int[] prose = TextEncoder.encode(tokenizer, PROSE);
    private final Practice practice = new Practice(settings(LENGTH, 0.5), tokenizer, 300, prose);
    private final TokenBatch plain = batch();

    @Test
    void aBatchDependsOnItsStepAlone() {
        assertThat(practice.mixedInto(plain, 7).inputs())
                .isEqualTo(new Practice(settings(LENGTH, 0.5), tokenizer, 300, prose)
                        .mixedInto(plain, 7)
                        .inputs())
                .isNotEqualTo(practice.mixedInto(plain, 8).inputs());
        assertThat(plain.inputs()).isEqualTo(batch().inputs());
    }

    @Test
    void theShareOfSequencesIsReplacedAndTheOthersStay() {
        int replaced = 0;
        for (int step = 0; step < 100; step++) {
            TokenBatch mixed = practice.mixedInto(plain, step);
            for (int row = 0; row < ROWS; row++) {
                replaced += Arrays.equals(row(mixed.inputs(), row), row(plain.inputs(), row)) ? 0 : 1;
            }
        }

        assertThat(replaced).isBetween(160, 240);
    }

    @Test
    void everyTargetIsTheNextToken() {
        for (int[] sequence : sequences(50)) {
            assertThat(sequence).hasSize(LENGTH + 1);
            assertThat(IntStream.of(sequence)).allMatch(token -> token >= 0 && token < 300);
        }
    }

    @Test
    void everyQuestionHasItsAnswerInTheText() {
        int passkeys = 0;
        int needles = 0;
        List<Integer> places = new ArrayList<>();
        for (int[] sequence : sequences(200)) {
            String text = tokenizer.decode(sequence);
            Matcher passkey = PASSKEY.matcher(text);
            if (passkey.find()) {
                passkeys++;
                places.add(passkey.start());
                assertThat(passkey.group(2)).isEqualTo(passkey.group(1));
            }
            Matcher needle = NEEDLE.matcher(text);
            if (needle.find()) {
                needles++;
                places.add(needle.start());
                assertThat(needle.group(3)).isEqualTo(needle.group(2));
            }
        }

        // A quarter of some 400 sequences each.
        assertThat(passkeys).isBetween(60, 140);
        assertThat(needles).isBetween(60, 140);
        assertThat(Collections.max(places) - Collections.min(places)).isGreaterThan(200);
    }

    @Test
    void passagesOfRandomTokensAreRepeated() {
        long repeated = sequences(200).stream()
                .filter(sequence -> !tokenizer.decode(sequence).contains("number"))
                .filter(sequence -> !tokenizer.decode(sequence).contains("pass key"))
                .filter(PracticeTest::repeatsWhatProseDoesNotHave)
                .count();

        assertThat(repeated).isBetween(60L, 140L);
    }

    /** Whether some eight tokens that are none of the prose's stand there twice. */
    private static boolean repeatsWhatProseDoesNotHave(int[] sequence) {
        List<Integer> tokens = IntStream.of(sequence).boxed().toList();
        List<Integer> all =
                IntStream.of(TextEncoder.encode(tokenizer(), PROSE)).boxed().toList();
        for (int from = 0; from + 8 <= tokens.size(); from++) {
            List<Integer> eight = tokens.subList(from, from + 8);
            if (Collections.indexOfSubList(tokens.subList(from + 8, tokens.size()), eight) >= 0
                    && Collections.indexOfSubList(all, eight) < 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void refusesSequencesTooShortForAQuestion() {
        assertThatThrownBy(() -> new Practice(settings(64, 0.5), tokenizer, 300, prose))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("trainedLength must be at least \\d+ tokens, for a question to fit, with a"
                        + " practiceShare above 0, was 64; take longer sequences or leave the practice out");
        assertThatThrownBy(() -> settings(64, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("practiceShare must be at least 0 and below 1, was 1.0");
    }

    /** Sequences of practice, about half of the rows of so many steps. */
    private List<int[]> sequences(int steps) {
        List<int[]> sequences = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            TokenBatch mixed = practice.mixedInto(plain, step);
            for (int row = 0; row < ROWS; row++) {
                int[] inputs = row(mixed.inputs(), row);
                if (!Arrays.equals(inputs, row(plain.inputs(), row))) {
                    int[] targets = row(mixed.targets(), row);
                    assertThat(Arrays.copyOf(targets, LENGTH - 1)).isEqualTo(Arrays.copyOfRange(inputs, 1, LENGTH));
                    int[] sequence = Arrays.copyOf(inputs, LENGTH + 1);
                    sequence[LENGTH] = targets[LENGTH - 1];
                    sequences.add(sequence);
                }
            }
        }
        return sequences;
    }

    private static int[] row(int[] tokens, int row) {
        return Arrays.copyOfRange(tokens, row * LENGTH, (row + 1) * LENGTH);
    }

    private TokenBatch batch() {
        int[] inputs = new int[ROWS * LENGTH];
        int[] targets = new int[ROWS * LENGTH];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(prose, 11 * row, inputs, row * LENGTH, LENGTH);
            System.arraycopy(prose, 11 * row + 1, targets, row * LENGTH, LENGTH);
        }
        return new TokenBatch(ROWS, LENGTH, inputs, targets);
    }

    private static Tokenizer tokenizer() {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add(PROSE);
        return HuggingFaceTokenizer.of(trainer.train(300).toTokenizerJson(), "test");
    }

    private static PretrainingSettings settings(int trainedLength, double practiceShare) {
        PretrainedShape small = SmallPretraining.SHAPE;
        return new PretrainingSettings(
                new PretrainedShape(300, 16, 2, 2, 1, 8, 24, trainedLength, small.ropeBase()),
                ROWS,
                60,
                1e-2,
                0.1,
                0.1,
                0.2,
                practiceShare,
                25,
                7,
                PrecisionChoice.asked(Precision.FLOAT32),
                1);
    }
}
