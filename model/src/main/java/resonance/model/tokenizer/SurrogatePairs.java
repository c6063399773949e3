package resonance.model.tokenizer;

/** Halves of surrogate pairs, which Java strings can hold alone and UTF-8 cannot. */
final class SurrogatePairs {
    private SurrogatePairs() {}

    /** Whether there is a half without its other half. */
    static boolean hasLone(String text) {
        return text.codePoints().anyMatch(SurrogatePairs::isHalf);
    }

    /** The text with U+FFFD for each half that is alone. */
    static String replaceLone(String text) {
        if (!hasLone(text)) {
            return text;
        }
        return text.codePoints()
                .map(point -> isHalf(point) ? '\uFFFD' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
