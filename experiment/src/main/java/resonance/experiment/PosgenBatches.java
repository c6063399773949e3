package resonance.experiment;

import resonance.posgen.BenchmarkTask;
import resonance.posgen.SequenceSet;
import resonance.transformer.training.TokenBatch;

/**
 * PosGen sequences as what the decoder reads and is to predict.
 *
 * <p>One start token, the number after the vocabulary's last, precedes a sequence (as in the authors' code), so position p of the
 * input holds token p − 1 and is where token p is predicted. Tokens that don't count are random; they are not to be predicted.
 */
final class PosgenBatches {
    private final SequenceSet sequences;
    private final BenchmarkTask task;

    PosgenBatches(SequenceSet sequences, BenchmarkTask task) {
        this.sequences = sequences;
        this.task = task;
    }

    /** The rows {@code order[from]} … {@code order[to − 1]}. */
    TokenBatch batch(int[] order, int from, int to) {
        int length = sequences.length();
        int rows = to - from;
        int[] targets = new int[rows * length];
        for (int i = 0; i < rows; i++) {
            sequences.copyRow(order[from + i], targets, i * length);
        }
        int[] inputs = new int[targets.length];
        for (int i = 0; i < rows; i++) {
            int start = i * length;
            inputs[start] = task.vocabulary();
            System.arraycopy(targets, start, inputs, start + 1, length - 1);
            // From the last on, since a token counts by what stands before it.
            for (int position = length - 1; position >= 0; position--) {
                if (!task.scores(targets, start, position)) {
                    targets[start + position] = TokenBatch.IGNORED;
                }
            }
        }
        return new TokenBatch(rows, length, inputs, targets);
    }
}
