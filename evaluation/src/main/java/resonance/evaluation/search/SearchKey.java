package resonance.evaluation.search;

import java.util.Locale;

/**
 * The coordinates of one measurement.
 *
 * @param contender of which encoding
 * @param stage what of it
 * @param number which of its kind, from 0; 0 where there is one
 */
public record SearchKey(Contender contender, Stage stage, int number) {
    /** What is measured of a contender. */
    public enum Stage {
        /** The objective on the first half of what is chosen by. */
        SCREENING,
        /** The objective on the other half. */
        COMPLETING,
        /** Losses at the target length, on a piece of text that nothing is chosen by. */
        REPORTING,
        /** Losses within the trained length, on text that nothing is chosen by. */
        WITHIN,
        /** Loss of a hidden number that nothing is chosen by. */
        NEEDLE;

        /** {@code screening}, {@code completing}, {@code reporting}, {@code within}, {@code needle}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return contender.label() + " / " + stage.word()
                + (stage == Stage.REPORTING || stage == Stage.NEEDLE ? " " + (number + 1) : "");
    }
}
