package resonance.language.pretraining;

import java.util.Arrays;
import resonance.model.Tokenizer;

/**
 * Long texts to token ids in pieces, because the tokenizers library keeps hundreds of bytes for every token of a call.
 *
 * <p>A piece ends before a line feed that follows a letter, digit or sign. No word of byte-level pre-tokenisation lies
 * across such a place and none looks beyond it, so the ids are those of the whole text.
 */
final class TextEncoder {
    private static final int PIECE_CHARACTERS = 1 << 16;

    private TextEncoder() {}

    /** The separator's id and the ids of a text. */
    static int[] encode(Tokenizer tokenizer, String text) {
        int[] ids = new int[text.length() / 2 + 16];
        int count = 1; // the separator's id is 0
        int from = 0;
        while (from < text.length()) {
            int to = pieceEnd(text, from);
            int[] piece = tokenizer.encode(text.substring(from, to));
            if (count + piece.length > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(2 * ids.length, count + piece.length));
            }
            System.arraycopy(piece, 0, ids, count, piece.length);
            count += piece.length;
            from = to;
        }
        return Arrays.copyOf(ids, count);
    }

    private static int pieceEnd(String text, int from) {
        for (int end = from + PIECE_CHARACTERS; end < text.length(); end++) {
            char before = text.charAt(end - 1);
            boolean visible = Character.isLetterOrDigit(before) || (before >= '!' && before <= '~');
            if (visible && text.charAt(end) == '\n') {
                return end;
            }
        }
        return text.length();
    }
}
