package resonance.experiment;

import java.util.Arrays;
import resonance.posgen.SequenceSet;
import resonance.transformer.training.TokenBatch;

/**
 * PosGen sequences as what the decoder reads and is to predict.
 *
 * <p>One start token, m, precedes a sequence (as in the authors' code), so position p of the input holds token p − 1 and
 * is where token p is predicted. The j + k seed tokens at the start are random; they are not to be predicted.
 */
final class PosgenBatches {
    private final SequenceSet sequences;
    private final int startToken;
    private final int seedTokens;

    PosgenBatches(SequenceSet sequences, int modulus, int seedTokens) {
        this.sequences = sequences;
        this.startToken = modulus;
        this.seedTokens = seedTokens;
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
            inputs[start] = startToken;
            System.arraycopy(targets, start, inputs, start + 1, length - 1);
            Arrays.fill(targets, start, start + seedTokens, TokenBatch.IGNORED);
        }
        return new TokenBatch(rows, length, inputs, targets);
    }
}
