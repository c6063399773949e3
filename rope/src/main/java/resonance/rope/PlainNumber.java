package resonance.rope;

/** Numbers as a person writes them. */
public final class PlainNumber {
    /** From here on not every whole number is a double, and digits would claim what is not known. */
    private static final double MANY = 1e15;

    private PlainNumber() {}

    /** 4 rather than 4.0; other numbers, and whole ones from 10^15 on, as {@link Double#toString(double)} writes them. */
    public static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < MANY
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
