package resonance.serving.lint;

import java.util.Locale;

/** Values of a file as messages show them. */
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    /** A number without an exponent or a decimal point it does not need. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Seven digits of a number: what can be told of a float. */
    static String rounded(double value) {
        return number(Double.parseDouble(String.format(Locale.ROOT, "%.6e", value)));
    }

    static String value(Object value) {
        if (value instanceof Double || value instanceof Integer || value instanceof Long) {
            return number(((Number) value).doubleValue());
        }
        String text = String.valueOf(value);
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return value instanceof String ? "'" + cut + "'" : cut;
    }
}
