package resonance.evaluation.perplexity;

import java.util.OptionalInt;

/**
 * Tokens of a document that a model reads at once, and which of them are scored.
 *
 * <p>Positions count from 0 at the window's first token, which is the beginning-of-sequence token (BOS) unless
 * {@code start} is {@link Start#TEXT}. Position p is predicted from positions 0 to p − 1.
 *
 * @param begin index in the document of the first token that belongs to the window
 * @param end index after the last one
 * @param start what stands at position 0
 * @param firstScored first scored position; every later one is scored too
 */
public record TextWindow(int begin, int end, Start start, int firstScored) {

    /** What stands at position 0. */
    public enum Start {
        /** The first token of the range. */
        TEXT,
        /** BOS, before the first token of the range. */
        BOS_PREPENDED,
        /** BOS, in the place of the first token of the range, which the model never sees. */
        BOS_REPLACES_FIRST
    }

    public TextWindow {
        if (begin < 0 || end <= begin) {
            throw new IllegalArgumentException(
                    "range must be 0 <= begin < end, was begin " + begin + " and end " + end);
        }
        int length = end - begin + (start == Start.BOS_PREPENDED ? 1 : 0);
        if (firstScored < 1 || firstScored >= length) {
            throw new IllegalArgumentException(
                    "firstScored must be from 1 to " + (length - 1) + ", was " + firstScored);
        }
    }

    /** Positions the model reads, BOS included. */
    public int length() {
        return end - begin + (start == Start.BOS_PREPENDED ? 1 : 0);
    }

    /** Scored tokens, at least 1. */
    public int scored() {
        return length() - firstScored;
    }

    /**
     * The tokens the model reads, {@link #length} of them.
     *
     * @param document ids of the whole document, without special tokens
     * @param bos id of the beginning-of-sequence token; may be empty only if the window starts with text
     */
    public int[] tokens(int[] document, OptionalInt bos) {
        if (end > document.length) {
            throw new IllegalArgumentException(
                    "document must have at least " + end + " tokens, had " + document.length);
        }
        int[] tokens = new int[length()];
        int shift = start == Start.BOS_PREPENDED ? 1 : 0;
        System.arraycopy(document, begin, tokens, shift, end - begin);
        if (start != Start.TEXT) {
            tokens[0] = bos.orElseThrow(() ->
                    new IllegalArgumentException("bos must be given for a window that starts with it, was empty"));
        }
        return tokens;
    }
}
