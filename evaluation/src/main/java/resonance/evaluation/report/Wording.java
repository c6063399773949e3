package resonance.evaluation.report;

/** Phrases that reports share. */
public final class Wording {

    private static final int HASH_DIGITS = 12;

    private Wording() {}

    /** "one seed", "3 seeds". */
    public static String plural(int count, String noun) {
        return count == 1 ? "one " + noun : count + " " + noun + "s";
    }

    /** A page's lead; where work is missing, it ends with how much of it is finished. */
    public static String lead(String lead, int finished, int planned, String noun) {
        return finished == planned
                ? lead
                : lead + " Not complete: " + finished + " of " + planned + " " + noun + " are finished.";
    }

    /** "2 of 3", or nothing where all are finished. */
    public static String partial(int finished, int planned) {
        return finished == planned ? "" : finished + " of " + planned;
    }

    /** The first digits of a hash. */
    public static String abbreviated(String hash) {
        return hash.length() <= HASH_DIGITS ? hash : hash.substring(0, HASH_DIGITS) + "…";
    }
}
