package resonance.evaluation.task;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Strings as Python's {@code str} and {@code re} treat them, which benchmarks' scores depend on: blanks are those of Unicode and
 * four separators that Java's {@code \s} leaves out in every mode.
 */
public final class PythonText {
    /** What {@code \s} matches, as a class of a regular expression. */
    public static final String BLANK =
            "[\\t-\\r\\x1C-\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";

    /** What {@code \S} matches. */
    public static final String NO_BLANK = "[^" + BLANK.substring(1);

    /** {@code string.punctuation}. */
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private static final Pattern BLANKS = Pattern.compile(BLANK + "+");

    private static final Pattern OUTER_BLANKS = Pattern.compile("\\A" + BLANK + "+|" + BLANK + "+\\z");

    /** Digits that are no decimals ({@code isdigit} and not {@code isdecimal}), Unicode 14: superscripts, circled ones, ... */
    private static final Pattern OTHER_DIGIT = Pattern.compile(
            "[\\xB2\\xB3\\xB9\\u1369-\\u1371\\u19DA\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247C"
                    + "\\u2488-\\u2490\\u24EA\\u24F5-\\u24FD\\u24FF\\u2776-\\u277E\\u2780-\\u2788\\u278A-\\u2792"
                    + "\\x{10A40}-\\x{10A43}\\x{10E60}-\\x{10E68}\\x{11052}-\\x{1105A}\\x{1F100}-\\x{1F10A}]");

    private PythonText() {}

    /** {@code text.split()}: the words between blanks, none of them empty. */
    public static List<String> words(String text) {
        return pieces(text).stream().filter(word -> !word.isEmpty()).toList();
    }

    /** {@code re.split(r"\s+", text)}: as {@link #words}, with an empty one before or behind outer blanks. */
    public static List<String> pieces(String text) {
        return List.of(BLANKS.split(text, -1));
    }

    /** {@code re.sub(r"\s+", " ", text)}. */
    public static String squeezed(String text) {
        return BLANKS.matcher(text).replaceAll(" ");
    }

    /** {@code text.strip()}. */
    public static String strip(String text) {
        return OUTER_BLANKS.matcher(text).replaceAll("");
    }

    /** {@code character.isdigit()}. */
    public static boolean isDigit(int codePoint) {
        return Character.isDigit(codePoint)
                || OTHER_DIGIT.matcher(Character.toString(codePoint)).matches();
    }

    /** The text without the 32 characters of {@code string.punctuation}. */
    public static String withoutPunctuation(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (PUNCTUATION.indexOf(text.charAt(i)) < 0) {
                kept.append(text.charAt(i));
            }
        }
        return kept.toString();
    }
}
