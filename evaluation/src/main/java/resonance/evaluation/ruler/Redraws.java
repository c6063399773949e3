package resonance.evaluation.ruler;

/**
 * How often a sample that does not fit is drawn again; NVIDIA's scripts do it for ever, or not at all.
 *
 * <p>The first {@value #PROBED} samples, which are always made, decide whether a length will do. Of one that does, the later
 * samples fit as well: if eight in a row come within 100 draws, ten thousand draws without one are as good as impossible.
 */
final class Redraws {
    /** Samples that decide whether a length will do. */
    static final int PROBED = 8;

    private static final int OF_A_PROBED = 100;
    private static final int OF_A_LATER = 10_000;

    private Redraws() {}

    /** Draws of the sample with this index. */
    static int of(int index) {
        return index < PROBED ? OF_A_PROBED : OF_A_LATER;
    }
}
