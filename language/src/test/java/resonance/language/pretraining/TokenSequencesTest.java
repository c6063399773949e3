package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import resonance.transformer.training.TokenBatch;

/** Tokens are their own positions here, so that a batch tells where it was cut. */
class TokenSequencesTest {
    private static final PretrainingSettings SETTINGS = SmallPretraining.settings();
    private static final int LENGTH = SETTINGS.shape().trainedLength();
    private static final int TOKENS = 2000;
    private static final int TRAINING = 1600;

    private final TokenSequences sequences = new TokenSequences(List.of(positions(0, TOKENS)), SETTINGS);

    @Test
    void everyTargetIsTheNextToken() {
        for (long step = 0; step < 50; step++) {
            TokenBatch batch = sequences.batch(step);
            for (int i = 0; i < batch.inputs().length; i++) {
                assertThat(batch.targets()[i]).isEqualTo(batch.inputs()[i] + 1);
            }
        }
    }

    @Test
    void anEpochVisitsNoTokenTwice() {
        int batches = (TRAINING - LENGTH) / LENGTH / SETTINGS.batchRows();
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> seen = new ArrayList<>();
            for (int i = 0; i < batches; i++) {
                IntStream.of(sequences.batch((long) epoch * batches + i).inputs())
                        .forEach(seen::add);
            }

            assertThat(seen).doesNotHaveDuplicates().allMatch(token -> token < TRAINING);
            assertThat(seen.size()).isGreaterThan(TRAINING - (SETTINGS.batchRows() + 2) * LENGTH);
        }
    }

    @Test
    void epochsDifferInOrderAndInWhereTheyCut() {
        int batches = (TRAINING - LENGTH) / LENGTH / SETTINGS.batchRows();
        Set<Integer> offsets = new HashSet<>();
        for (int epoch = 0; epoch < 5; epoch++) {
            offsets.add(sequences.batch((long) epoch * batches).inputs()[0] % LENGTH);
        }

        assertThat(offsets.size()).isGreaterThan(1);
    }

    @Test
    void aBatchDependsOnItsStepAlone() {
        int[] first = sequences.batch(40).inputs();
        sequences.batch(3);

        assertThat(sequences.batch(40).inputs()).isEqualTo(first);
        assertThat(new TokenSequences(List.of(positions(0, TOKENS)), SETTINGS)
                        .batch(40)
                        .inputs())
                .isEqualTo(first);
    }

    @Test
    void theEndOfEachTextValidates() {
        TokenSequences two = new TokenSequences(List.of(positions(0, 1000), positions(5000, 1000)), SETTINGS);

        assertThat(two.trainingTokens()).isEqualTo(1600);
        assertThat(two.validationTokens()).isEqualTo(400);
        Set<Integer> held = new HashSet<>();
        for (TokenBatch batch : two.validationBatches()) {
            IntStream.of(batch.inputs()).forEach(held::add);
        }
        assertThat(held).hasSize(399 / LENGTH * LENGTH).allMatch(token -> token % 5000 >= 800);
    }

    @Test
    void refusesTooLittleToTrainOn() {
        assertThatThrownBy(() -> new TokenSequences(List.of(positions(0, 80)), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("texts must have at least (batchRows + 1) x trainedLength = 80 tokens to train on, had 64;"
                        + " give more text or smaller batches");
    }

    @Test
    void refusesTooLittleToValidate() {
        PretrainingSettings little = SmallPretraining.settings(0.01);

        assertThatThrownBy(() -> new TokenSequences(List.of(positions(0, 1000)), little))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("texts must hold out more than trainedLength = 16 tokens for validation, held out 10;"
                        + " give more text or a larger validationShare");
    }

    private static int[] positions(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }
}
