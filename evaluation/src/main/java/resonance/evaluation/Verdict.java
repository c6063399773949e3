package resonance.evaluation;

import java.util.Locale;

/**
 * What an {@linkplain Interval interval} of a difference decides. One rule for everything that is compared: a difference is
 * decided where its 95 % interval lies wholly on one side of 0 and has a width or units enough.
 */
public enum Verdict {
    /** The whole interval is on the better side of 0. */
    BETTER,
    /** The whole interval is on the worse side of 0. */
    WORSE,
    /** The interval contains 0, there is none, or it is {@linkplain Interval#isOfFewAlike of a few units that are all alike}. */
    UNDECIDED;

    /** For tables and JSON: {@code better}, {@code worse}, {@code undecided}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
