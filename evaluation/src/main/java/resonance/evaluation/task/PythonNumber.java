package resonance.evaluation.task;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Numbers as Python's {@code float} and {@code round} treat them, which benchmarks' scores depend on. */
public final class PythonNumber {
    private static final String DIGITS = "[0-9]+(?:_[0-9]+)*";

    private static final Pattern NUMBER = Pattern.compile(
            "[+-]?(?:" + DIGITS + "\\.?(?:" + DIGITS + ")?|\\." + DIGITS + ")(?:[eE][+-]?" + DIGITS + ")?");

    private PythonNumber() {}

    /** {@code round(value, decimals)}: correctly from the exact binary value, ties to even. */
    public static double round(double value, int decimals) {
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).doubleValue();
    }

    /**
     * {@code float(text)}: outer blanks and underscores between digits are passed over, digits may be of any script, infinity
     * and NaN are numbers; empty where Python raises a {@code ValueError}.
     */
    public static OptionalDouble parse(String text) {
        String ascii = ascii(PythonText.strip(text));
        String unsigned = ascii.replaceFirst("^[+-]", "").toLowerCase(Locale.ROOT);
        if (unsigned.equals("nan")) {
            return OptionalDouble.of(Double.NaN);
        }
        if (unsigned.equals("inf") || unsigned.equals("infinity")) {
            return OptionalDouble.of(ascii.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return NUMBER.matcher(ascii).matches()
                ? OptionalDouble.of(Double.parseDouble(ascii.replace("_", "")))
                : OptionalDouble.empty();
    }

    /** The text with decimal digits of other scripts as 0 to 9. */
    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> ascii.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return ascii.toString();
    }
}
