package resonance.evaluation.report;

/** Hashes in tables. */
final class Hashes {

    private static final int SHOWN = 12;

    private Hashes() {}

    /** The first digits of a hash. */
    static String abbreviated(String hash) {
        return hash.length() <= SHOWN ? hash : hash.substring(0, SHOWN) + "…";
    }
}
