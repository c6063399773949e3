package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import resonance.posgen.BenchmarkTask;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenTask;
import resonance.posgen.SequenceSet;
import resonance.posgen.StandardFunction;
import resonance.transformer.training.TokenBatch;

class PosgenBatchesTest {
    private static BenchmarkTask rule(int seedTokens) {
        return new PosgenSpec(PosgenTask.RECURSIVE, 7, seedTokens, 0, StandardFunction.MODULAR_ADDITION);
    }

    @Test
    void aStartTokenPrecedesTheSequenceAndSeedTokensAreNotToBePredicted() {
        SequenceSet sequences = SequenceSet.of(5, 1, 2, 3, 4, 5, 6, 0, 6, 0, 6);
        TokenBatch batch = new PosgenBatches(sequences, rule(2)).batch(new int[] {1, 0}, 0, 2);
        int none = TokenBatch.IGNORED;
        assertThat(batch.inputs()).containsExactly(7, 6, 0, 6, 0, 7, 1, 2, 3, 4);
        assertThat(batch.targets()).containsExactly(none, none, 6, 0, 6, none, none, 3, 4, 5);
    }

    private static final SequenceSet SEQUENCES = SequenceSet.of(3, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1);

    @Test
    void rowsComeInTheGivenOrderAndTheLastBatchMayBeSmaller() {
        PosgenBatches batches = new PosgenBatches(SEQUENCES, rule(1));
        int[] order = {2, 0, 3, 1};
        TokenBatch whole = batches.batch(order, 0, 3);
        assertThat(whole.rows()).isEqualTo(3);
        assertThat(whole.length()).isEqualTo(3);
        int none = TokenBatch.IGNORED;
        assertThat(whole.targets()).containsExactly(none, 5, 4, none, 1, 2, none, 2, 1);
        assertThat(whole.inputs()).containsExactly(7, 6, 5, 7, 0, 1, 7, 3, 2);
        TokenBatch last = batches.batch(order, 3, 4);
        assertThat(last.rows()).isEqualTo(1);
        assertThat(last.targets()).containsExactly(none, 4, 5);
        assertThat(last.inputs()).containsExactly(7, 3, 4);
    }

    @Test
    void everyTokenAfterTheSeedsCountsOnceARow() {
        for (int seedTokens = 1; seedTokens <= 3; seedTokens++) {
            TokenBatch batch = new PosgenBatches(SEQUENCES, rule(seedTokens)).batch(new int[] {0, 1, 2, 3}, 0, 4);
            assertThat(batch.scored()).isEqualTo(4 * (3 - seedTokens));
        }
    }

    @Test
    void aBatchLeavesTheSequencesAsTheyWere() {
        String before = SEQUENCES.dataHash();
        TokenBatch batch = new PosgenBatches(SEQUENCES, rule(2)).batch(new int[] {0, 1, 2, 3}, 0, 4);
        batch.targets()[2] = 99;
        assertThat(SEQUENCES.dataHash()).isEqualTo(before);
    }
}
