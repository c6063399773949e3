package resonance.model.tokenizer;

/** Halves of surrogate pairs, which Java strings can hold alone and UTF-8 cannot. */
final class SurrogatePairs {
    private SurrogatePairs() {}

    /** Index of the first half without its other half; -1 if there is none. */
    static int firstLone(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i += 2;
            } else if (Character.isSurrogate(c)) {
                return i;
            } else {
                i++;
            }
        }
        return -1;
    }

    /** The text with U+FFFD for each half that is alone. */
    static String replaceLone(String text) {
        int lone = firstLone(text);
        if (lone < 0) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text);
        int i = lone;
        while (i < whole.length()) {
            char c = whole.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < whole.length()
                    && Character.isLowSurrogate(whole.charAt(i + 1))) {
                i += 2;
            } else {
                if (Character.isSurrogate(c)) {
                    whole.setCharAt(i, '\uFFFD');
                }
                i++;
            }
        }
        return whole.toString();
    }
}
