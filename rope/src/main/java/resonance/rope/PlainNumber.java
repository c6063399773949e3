package resonance.rope;

/** Numbers as a person writes them. */
public final class PlainNumber {
    /** From here on not every whole number is a double, and digits would claim what is not known. */
    private static final double MANY = 1e15;

    private PlainNumber() {}

    /**
     * 4 rather than 4.0, 1e30 rather than 1.0E30; other numbers, and whole ones from 10^15 on, with the digits of {@link
     * Double#toString(double)}.
     */
    public static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < MANY
                ? Long.toString((long) value)
                : Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }
}
