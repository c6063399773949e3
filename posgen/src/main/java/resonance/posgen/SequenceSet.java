package resonance.posgen;

import static java.util.Objects.checkIndex;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.security.DigestOutputStream;
import java.util.Arrays;

/**
 * Equally long token sequences, kept in one block of memory (4 bytes a token); immutable.
 *
 * <p>A set holds at most about 2^31 tokens.
 */
public final class SequenceSet {

    /** Largest array every common JVM can allocate. */
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int rows;
    private final int length;
    private final int[] tokens;

    /** Keeps the array it is given. */
    private SequenceSet(int rows, int length, int[] tokens) {
        this.rows = rows;
        this.length = length;
        this.tokens = tokens;
    }

    /**
     * A set with the given tokens, which are copied.
     *
     * @param length tokens in each sequence, at least 1
     * @param tokens the sequences one after the other, a multiple of {@code length}, none negative
     */
    public static SequenceSet of(int length, int... tokens) {
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1, was " + length);
        }
        if (tokens.length % length != 0) {
            throw new IllegalArgumentException(
                    "tokens must be a multiple of length = " + length + ", was " + tokens.length);
        }
        for (int token : tokens) {
            if (token < 0) {
                throw new IllegalArgumentException("token must be at least 0, was " + token);
            }
        }
        return new SequenceSet(tokens.length / length, length, tokens.clone());
    }

    /** Refuses a set that no array holds; {@code name} is that of its split. */
    static void requireArray(String name, int rows, int length) {
        if ((long) rows * length > LARGEST_ARRAY) {
            throw new PosgenRefusal(
                    "{" + name + "Rows} x length must be at most " + LARGEST_ARRAY + " tokens",
                    ", was " + rows + " x " + length + "; ask for fewer or shorter rows");
        }
    }

    /** Takes each row from a source. */
    static SequenceSet draw(SequenceSource source, String name, int rows, int length) {
        requireArray(name, rows, length);
        int[] tokens = new int[rows * length];
        for (int row = 0; row < rows; row++) {
            int start = row * length;
            source.next(tokens, start, start + length);
        }
        return new SequenceSet(rows, length, tokens);
    }

    /** How many sequences. */
    public int rows() {
        return rows;
    }

    /** Tokens in each sequence. */
    public int length() {
        return length;
    }

    /** A copy of one sequence. */
    public int[] row(int row) {
        checkIndex(row, rows);
        return Arrays.copyOfRange(tokens, row * length, (row + 1) * length);
    }

    /** One token. */
    public int token(int row, int position) {
        checkIndex(row, rows);
        checkIndex(position, length);
        return tokens[row * length + position];
    }

    /** Copies one sequence to {@code target}, from {@code offset} on. */
    public void copyRow(int row, int[] target, int offset) {
        checkIndex(row, rows);
        System.arraycopy(tokens, row * length, target, offset, length);
    }

    /** All tokens, row after row, as a read-only view without a copy. */
    public IntBuffer flat() {
        return IntBuffer.wrap(tokens).asReadOnlyBuffer();
    }

    /**
     * SHA-256 of the data, 64 lower-case hexadecimal digits.
     *
     * <p>It is the hash of the set's text form ({@link SequenceFormat#TEXT}), so {@code sha256sum train.txt} gives the same.
     * Computed on every call.
     */
    public String dataHash() {
        Sha256 sha256 = new Sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256.digest())) {
            SequenceFormat.TEXT.write(this, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return sha256.hexadecimal();
    }

    @Override
    public String toString() {
        return rows + " sequences of " + length + " tokens";
    }

    int[] tokens() {
        return tokens;
    }
}
