package resonance.posgen;

import java.io.IOException;
import java.io.OutputStream;

/** Turns tokens into ASCII decimal numbers, in a buffer that is emptied into a stream. */
final class TokenBuffer {

    private static final int CAPACITY = 1 << 16;

    /** Room for ten digits and a separator. */
    private static final int LARGEST_TOKEN_BYTES = 11;

    /** Tokens below this fit in four bytes together with their separator, and are looked up. */
    private static final int PACKED_TOKENS = 1000;

    private final OutputStream out;
    private final char separator;
    private final byte[] bytes = new byte[CAPACITY];

    /** The bytes of each small token and its separator, the first in the lowest eight bits. */
    private final int[] packed = new int[PACKED_TOKENS];

    private int used;

    TokenBuffer(OutputStream out, char separator) {
        this.out = out;
        this.separator = separator;
        for (int token = 0; token < PACKED_TOKENS; token++) {
            int text = separator;
            for (int rest = token; rest > 0 || text == separator; rest /= 10) {
                text = (text << 8) | ('0' + rest % 10);
            }
            packed[token] = text;
        }
    }

    /** Appends a few characters, fewer than the buffer holds. */
    void append(String ascii) throws IOException {
        reserve(ascii.length());
        for (int index = 0; index < ascii.length(); index++) {
            bytes[used++] = (byte) ascii.charAt(index);
        }
    }

    /** Appends at least one token, with the separator between each two. */
    void appendTokens(int[] tokens, int start, int count) throws IOException {
        int largestStretch = CAPACITY / LARGEST_TOKEN_BYTES;
        for (int done = 0; done < count; done += largestStretch) {
            int stretch = Math.min(largestStretch, count - done);
            reserve(stretch * LARGEST_TOKEN_BYTES);
            used = separated(tokens, start + done, start + done + stretch, used);
        }
        used--;
    }

    /** Empties the buffer into the stream. */
    void drain() throws IOException {
        out.write(bytes, 0, used);
        used = 0;
    }

    private void reserve(int count) throws IOException {
        if (used > CAPACITY - count) {
            drain();
        }
    }

    /** Writes tokens, each with a separator after it, and returns where they end. There must be room. */
    private int separated(int[] tokens, int from, int to, int start) {
        int end = start;
        for (int index = from; index < to; index++) {
            int token = tokens[index];
            if (token < PACKED_TOKENS) {
                int text = packed[token];
                bytes[end] = (byte) text;
                bytes[end + 1] = (byte) (text >> 8);
                bytes[end + 2] = (byte) (text >> 16);
                bytes[end + 3] = (byte) (text >> 24);
                end += 4 - Integer.numberOfLeadingZeros(text) / 8;
            } else {
                end = appendLarge(token, end);
            }
        }
        return end;
    }

    private int appendLarge(int token, int start) {
        int end = start;
        for (int rest = token; rest > 0; rest /= 10) {
            end++;
        }
        int rest = token;
        for (int index = end - 1; index >= start; index--) {
            bytes[index] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        bytes[end] = (byte) separator;
        return end + 1;
    }
}
