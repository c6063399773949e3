package resonance.transformer.training;

import static java.util.Objects.requireNonNull;

/**
 * Token sequences of one length with the token to predict at each position.
 *
 * @param rows B, number of sequences, at least 1
 * @param length T, tokens of a sequence, at least 1
 * @param inputs token ids, row-major (B, T)
 * @param targets the id to predict at each position, or {@link #IGNORED} where the position does not count, (B, T)
 */
@SuppressWarnings("ArrayRecordComponent") // a value of primitive arrays that is handed on, never compared
public record TokenBatch(int rows, int length, int[] inputs, int[] targets) {
    /** Target of a position that adds nothing to loss or accuracy. */
    public static final int IGNORED = -100;

    public TokenBatch {
        requireNonNull(inputs, "inputs must not be null");
        requireNonNull(targets, "targets must not be null");
        if (rows < 1 || length < 1) {
            throw new IllegalArgumentException("rows and length must be at least 1, were " + rows + " and " + length);
        }
        if (inputs.length != rows * length || targets.length != rows * length) {
            throw new IllegalArgumentException("inputs and targets must have rows x length = " + rows * length
                    + " elements, had " + inputs.length + " and " + targets.length);
        }
    }

    /** Number of positions that count. */
    public int scored() {
        int count = 0;
        for (int target : targets) {
            if (target != IGNORED) {
                count++;
            }
        }
        return count;
    }
}
