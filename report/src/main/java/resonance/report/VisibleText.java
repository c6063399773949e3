package resonance.report;

/**
 * Text from files, names and options as it may be shown: nothing in it acts on a terminal or changes how what surrounds it is
 * read.
 *
 * <p>A character that acts instead of being seen is written as {@code \}{@code u} and four hexadecimal digits, which inside
 * a JSON string is the same character. Those are: control characters (C0, DEL and C1), the line and paragraph separators,
 * and the characters for the direction of text (U+061C, U+200E, U+200F, U+202A to U+202E, U+2060 to U+206F), U+FEFF and
 * U+FFF9 to U+FFFB. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
 */
public final class VisibleText {
    private VisibleText() {}

    /** A text of its own lines: line feeds, also after a carriage return, and tabs stay. */
    public static String of(String text) {
        return escaped(text, true);
    }

    /** A text within a line: nothing stays that ends it. */
    public static String within(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean lines) {
        int first = 0;
        while (first < text.length() && shown(text.charAt(first), lines)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 8).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char character = text.charAt(i);
            if (shown(character, lines) || (lines && text.startsWith("\r\n", i))) {
                visible.append(character);
            } else {
                visible.append(String.format("\\u%04x", (int) character));
            }
        }
        return visible.toString();
    }

    private static boolean shown(char character, boolean lines) {
        if (character == '\n' || character == '\t') {
            return lines;
        }
        return !Character.isISOControl(character)
                && character != '\u061c'
                && character != '\u200e'
                && character != '\u200f'
                && !(character >= '\u2028' && character <= '\u202e')
                && !(character >= '\u2060' && character <= '\u206f')
                && character != '\ufeff'
                && !(character >= '\ufff9' && character <= '\ufffb');
    }
}
