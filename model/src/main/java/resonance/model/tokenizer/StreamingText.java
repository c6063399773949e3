package resonance.model.tokenizer;

import java.util.Arrays;
import resonance.model.Tokenizer;

/**
 * Text of tokens as they come: the pieces put together are the decoded text of all the tokens.
 *
 * <p>A token may be a part of a character, and how one is written may depend on the tokens around it. So a piece is held
 * back as long as it ends inside a character, or with byte tokens, which decoding takes together; and each piece is what
 * the decoded text of the last tokens gained. Not thread safe.
 */
public final class StreamingText {
    private static final char REPLACEMENT = '\uFFFD';

    /** Tokens after which those already shown are given up, but for the last few. */
    private static final int MOST_SHOWN = 64;

    private static final int KEPT = 8;

    private final Tokenizer tokenizer;
    private int[] window = new int[MOST_SHOWN];
    private int size;
    private int shownTokens;
    private int shownCharacters;

    /** Text from the first token on. */
    public StreamingText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Text that goes on from tokens before it.
     *
     * @param before these tokens, which are not part of it
     */
    public StreamingText(Tokenizer tokenizer, int[] before) {
        this(tokenizer);
        for (int token : before) {
            add(token);
        }
        end();
    }

    /** Characters that are complete with this token; none if it ends inside one. */
    public String add(int token) {
        if (tokenizer instanceof HuggingFaceTokenizer known && known.isSilent(token)) {
            return "";
        }
        if (size == window.length) {
            window = Arrays.copyOf(window, 2 * size);
        }
        window[size++] = token;
        if (tokenizer instanceof HuggingFaceTokenizer known && known.isByte(token)) {
            return "";
        }
        String text = tokenizer.decode(Arrays.copyOf(window, size));
        if (!text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT) {
            return "";
        }
        return show(text);
    }

    /** What was held back: replacement characters for parts of characters. */
    public String end() {
        return size == shownTokens ? "" : show(tokenizer.decode(Arrays.copyOf(window, size)));
    }

    private String show(String text) {
        String piece = text.substring(Math.min(shownCharacters, text.length()));
        shownTokens = size;
        shownCharacters = text.length();
        if (size >= MOST_SHOWN) {
            int[] kept = Arrays.copyOfRange(window, size - KEPT, size);
            String keptText = tokenizer.decode(kept);
            if (!keptText.isEmpty()) {
                System.arraycopy(kept, 0, window, 0, KEPT);
                size = KEPT;
                shownTokens = KEPT;
                shownCharacters = keptText.length();
            }
        }
        return piece;
    }
}
