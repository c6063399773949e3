package resonance.evaluation.extension;

import java.util.Locale;

/**
 * What of a candidate is measured.
 *
 * @param kind of measurement
 * @param number which of its kind, from 0: a piece of text, or a depth in the order of {@link ExtensionPlan#DEPTHS}
 */
public record Measure(Kind kind, int number) {

    /** Kinds of measurements. */
    public enum Kind {
        /** Losses at the target length, on text to choose by. */
        CHOOSING,
        /** Losses at the target length, on text that is not chosen by. */
        REPORTING,
        /** Losses within the trained length, on text that is not chosen by. */
        WITHIN,
        /** Loss of a number hidden at a depth of a prompt of the target length. */
        NEEDLE;

        /** {@code choosing}, {@code reporting}, {@code within}, {@code needle}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return kind.word() + " " + (number + 1);
    }
}
