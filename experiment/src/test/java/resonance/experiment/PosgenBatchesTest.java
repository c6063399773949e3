package resonance.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import resonance.posgen.SequenceSet;
import resonance.transformer.training.TokenBatch;

class PosgenBatchesTest {
    @Test
    void aStartTokenPrecedesTheSequenceAndSeedTokensAreNotToBePredicted() {
        SequenceSet sequences = SequenceSet.of(5, 1, 2, 3, 4, 5, 6, 0, 6, 0, 6);
        TokenBatch batch = new PosgenBatches(sequences, 7, 2).batch(new int[] {1, 0}, 0, 2);
        int none = TokenBatch.IGNORED;
        assertThat(batch.inputs()).containsExactly(7, 6, 0, 6, 0, 7, 1, 2, 3, 4);
        assertThat(batch.targets()).containsExactly(none, none, 6, 0, 6, none, none, 3, 4, 5);
    }
}
