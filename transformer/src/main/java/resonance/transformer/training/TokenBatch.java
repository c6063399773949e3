package resonance.transformer.training;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * Token sequences of one length with the token to predict at each position.
 *
 * <p>Without positions of its own the tokens of a row stand at 0 … T − 1, and each attends to all up to itself that its layer
 * sees. Positions serve skip-wise training (Zhu et al., "PoSE", 2023, arXiv:2309.10400, section 3.2) and texts packed into one
 * row; {@code firstSeen} keeps such texts apart. Which tokens come before a token, and how far a window reaches, goes by the
 * place in the row and not by the position.
 *
 * @param rows B, number of sequences, at least 1
 * @param length T, tokens of a sequence, at least 1
 * @param inputs token ids, row-major (B, T)
 * @param targets the id to predict at each position, or {@link #IGNORED} where the position does not count, (B, T)
 * @param positions the position of each token, at least 0, (B, T); empty for 0 … T − 1
 * @param firstSeen the first place in the row that each token attends to, from 0 to its own place, (B, T); empty for 0
 */
@SuppressWarnings("ArrayRecordComponent") // a value of primitive arrays that is handed on, never compared
public record TokenBatch(int rows, int length, int[] inputs, int[] targets, int[] positions, int[] firstSeen) {
    /** Target of a position that adds nothing to loss or accuracy. */
    public static final int IGNORED = -100;

    private static final int[] NONE = {};

    public TokenBatch {
        requireNonNull(inputs, "inputs must not be null");
        requireNonNull(targets, "targets must not be null");
        requireNonNull(positions, "positions must not be null");
        requireNonNull(firstSeen, "firstSeen must not be null");
        if (rows < 1 || length < 1) {
            throw new IllegalArgumentException("rows and length must be at least 1, were " + rows + " and " + length);
        }
        if (inputs.length != rows * length || targets.length != rows * length) {
            throw new IllegalArgumentException("inputs and targets must have rows x length = " + rows * length
                    + " elements, had " + inputs.length + " and " + targets.length);
        }
        requireSize("positions", positions, inputs.length);
        requireSize("firstSeen", firstSeen, inputs.length);
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] < 0) {
                throw new IllegalArgumentException("positions[" + i + "] must be at least 0, was " + positions[i]);
            }
        }
        for (int i = 0; i < firstSeen.length; i++) {
            if (firstSeen[i] < 0 || firstSeen[i] > i % length) {
                throw new IllegalArgumentException(
                        "firstSeen[" + i + "] must be from 0 to the token's own place in its row, " + i % length
                                + ", was " + firstSeen[i]);
            }
        }
    }

    /** Sequences whose tokens stand at 0 … T − 1 and attend to all before them. */
    public TokenBatch(int rows, int length, int[] inputs, int[] targets) {
        this(rows, length, inputs, targets, NONE, NONE);
    }

    private static void requireSize(String name, int[] values, int tokens) {
        if (values.length != 0 && values.length != tokens) {
            throw new IllegalArgumentException(
                    name + " must have rows x length = " + tokens + " elements or none, had " + values.length);
        }
    }

    /** The first of its rows alone. */
    public TokenBatch firstRows(int count) {
        int tokens = count * length;
        return new TokenBatch(
                count,
                length,
                Arrays.copyOf(inputs, tokens),
                Arrays.copyOf(targets, tokens),
                Arrays.copyOf(positions, positions.length == 0 ? 0 : tokens),
                Arrays.copyOf(firstSeen, firstSeen.length == 0 ? 0 : tokens));
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

    /** How many positions, from 0 on, its tokens stand at or before. */
    public int positionsNeeded() {
        int largest = positions.length == 0 ? length - 1 : 0;
        for (int position : positions) {
            largest = Math.max(largest, position);
        }
        return largest + 1;
    }
}
